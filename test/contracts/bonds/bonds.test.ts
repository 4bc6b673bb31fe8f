import { expect } from "chai";
import { ACCOUNTS, fixtureOf, landedIn, logsIn } from "../fixture.ts";
import { deployForwarder } from "../support/forwarder.ts";
import { addressOf, mine, TIP_WEI } from "../support/l1.ts";
import { reverts } from "../support/reverts.ts";

const load = fixtureOf();

const { bonded, unbonded, challenger, stranger } = ACCOUNTS;
const SLOT = 5;
const MAXIMUM = (1n << 96n) - 1n;
/** One epoch of challenge and two slots. */
const RELEASE_SECONDS = (32 + 2) * 72;

describe("bonds", () => {
  describe("bond", () => {
    it("gives the right from exactly the minimum on", async () => {
      const test = await load();
      const { bondWei } = test.config;
      await reverts(test.attempt(stranger, "bond", [], { valueWei: bondWei - 1n }), "Bonds__AmountOutOfRange", {
        amountWei: bondWei - 1n,
        minimumWei: bondWei,
        maximumWei: MAXIMUM,
      });
      await test.call(stranger, "bond", [], { valueWei: bondWei });
      expect(await test.rollup.bondOf(stranger.address)).to.deep.equal([bondWei, 0n, true]);
    });

    it("adds to what is there, by any amount", async () => {
      const test = await load();
      await test.call(bonded, "bond", [], { valueWei: 1n });
      expect((await test.rollup.bondOf(bonded.address)).amountWei).to.equal(test.config.bondWei + 1n);
    });

    it("refuses more than the word holds", async () => {
      const test = await load();
      const { bondWei } = test.config;
      await test.connection.networkHelpers.setBalance(stranger.address, 1n << 98n);
      await reverts(test.attempt(stranger, "bond", [], { valueWei: MAXIMUM + 1n }), "Bonds__AmountOutOfRange", {
        amountWei: MAXIMUM + 1n,
        minimumWei: bondWei,
        maximumWei: MAXIMUM,
      });
      await test.call(stranger, "bond", [], { valueWei: MAXIMUM });
      expect(await test.rollup.bondOf(stranger.address)).to.deep.equal([MAXIMUM, 0n, true]);
    });

    it("gives strangers nothing", async () => {
      const test = await load();
      expect(await test.rollup.bondOf(stranger.address)).to.deep.equal([0n, 0n, false]);
    });
  });

  describe("unbond", () => {
    it("ends the right at once, and pays out after the challenge window and two slots", async () => {
      const test = await load();
      const timeSec = test.time(SLOT);
      const releaseAt = BigInt(timeSec + RELEASE_SECONDS);
      await test.call(bonded, "unbond", [], { timeSec });
      expect(await test.rollup.bondOf(bonded.address)).to.deep.equal([test.config.bondWei, releaseAt, false]);
      const early = Number(releaseAt) - 1;
      await reverts(test.attempt(bonded, "withdrawBond", [], { timeSec: early }), "Bonds__NotReleased", {
        submitter: addressOf(bonded),
        releaseAt,
        time: BigInt(early),
      });
      const before = await test.connection.ethers.provider.getBalance(bonded.address);
      const { receipt } = await test.call(bonded, "withdrawBond", [], { timeSec: Number(releaseAt) });
      const after = await test.connection.ethers.provider.getBalance(bonded.address);
      expect(after - before + receipt.gasUsed * (1_000_000_000n + TIP_WEI)).to.equal(test.config.bondWei);
      expect(await test.rollup.bondOf(bonded.address)).to.deep.equal([0n, 0n, false]);
    });

    it("outlasts the challenge window of the last checkpoint landed under it", async () => {
      const test = await load();
      const timeSec = test.time(SLOT, 71);
      const [landed] = landedIn(await test.land(bonded, [test.checkpoint({ slot: SLOT })], { timeSec }));
      await test.call(bonded, "unbond", []);
      const [, releaseAt] = await test.rollup.bondOf(bonded.address);
      expect(releaseAt > BigInt(landed!.timeSec + 32 * 72)).to.equal(true);
    });

    it("can be neither repeated nor topped up", async () => {
      const test = await load();
      const timeSec = test.time(SLOT);
      await test.call(bonded, "unbond", [], { timeSec });
      const expected = { submitter: addressOf(bonded), releaseAt: BigInt(timeSec + RELEASE_SECONDS) };
      await reverts(test.attempt(bonded, "unbond", []), "Bonds__Unbonding", expected);
      await reverts(test.attempt(bonded, "bond", [], { valueWei: 1n }), "Bonds__Unbonding", expected);
    });

    it("does not turn an unreleased bond into a withdrawal", async () => {
      const test = await load();
      const timeSec = test.time(SLOT);
      await reverts(test.attempt(bonded, "withdrawBond", [], { timeSec }), "Bonds__NotReleased", {
        submitter: addressOf(bonded),
        releaseAt: 0n,
        time: BigInt(timeSec),
      });
    });

    it("needs a bond", async () => {
      const test = await load();
      for (const name of ["unbond", "withdrawBond"]) {
        await reverts(test.attempt(unbonded, name, []), "Bonds__NoBond", { submitter: addressOf(unbonded) });
      }
    });

    it("lets the account bond anew once it is paid out", async () => {
      const test = await load();
      await test.call(bonded, "unbond", [], { timeSec: test.time(SLOT) });
      await test.call(bonded, "withdrawBond", [], { timeSec: test.time(SLOT) + RELEASE_SECONDS });
      await test.call(bonded, "bond", [], { valueWei: test.config.bondWei });
      expect((await test.rollup.bondOf(bonded.address)).active).to.equal(true);
    });
  });

  describe("claim", () => {
    it("pays what was credited, once, to the wei", async () => {
      const test = await load();
      const logs = logsIn(await test.land(bonded, [test.forged({ slot: SLOT })]));
      await test.call(challenger, "challenge", [logs]);
      const { provider } = test.connection.ethers;
      const before = await provider.getBalance(test.address);
      await test.call(challenger, "claim", []);
      expect(before - (await provider.getBalance(test.address))).to.equal(test.config.bondWei / 2n);
      expect(await test.rollup.creditOf(challenger.address)).to.equal(0n);
      await reverts(test.attempt(challenger, "claim", []), "Bonds__NothingToClaim", { account: addressOf(challenger) });
    });

    it("has nothing for a stranger", async () => {
      const test = await load();
      await reverts(test.attempt(stranger, "claim", []), "Bonds__NothingToClaim", { account: addressOf(stranger) });
    });

    it("keeps the credit of an account that refuses ether", async () => {
      const test = await load();
      const logs = logsIn(await test.land(bonded, [test.forged({ slot: SLOT })]));
      // A contract that passes calls on to the rollup and reverts when it is paid.
      const refuser = await deployForwarder(test);
      const data = test.rollup.interface.encodeFunctionData("challenge", [logs as never]);
      await mine(test.connection, { from: stranger, to: refuser, data: data as `0x${string}` });
      expect(await test.rollup.creditOf(refuser)).to.equal(test.config.bondWei / 2n);
      const claim = test.rollup.interface.encodeFunctionData("claim") as `0x${string}`;
      await reverts(mine(test.connection, { from: stranger, to: refuser, data: claim }), "Bonds__PaymentRefused", {
        account: refuser,
        amountWei: test.config.bondWei / 2n,
      });
      expect(await test.rollup.creditOf(refuser)).to.equal(test.config.bondWei / 2n);
    });
  });
});
