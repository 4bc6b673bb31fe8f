import { expect } from "chai";
import { ACCOUNTS, eventsOf, fixtureOf, type TestRollup } from "../fixture.ts";
import { bitmap, range } from "../support/checkpoints.ts";
import { SHORT_EPOCHS } from "../support/config.ts";
import { attests, evidenceOf, OTHER_DIGEST, skips } from "../support/evidence.ts";
import { addressOf, type Mined } from "../support/l1.ts";
import { reverts } from "../support/reverts.ts";

// Epochs of four slots; one epoch of challenge and one of evidence. What changes in epoch 0 counts from slot 8 on.
const load = fixtureOf({ validators: 6, config: SHORT_EPOCHS });
const loadProven = fixtureOf({
  validators: 6,
  config: { ...SHORT_EPOCHS, proofWindowEpochs: 2, refundWindowEpochs: 5 },
});

const { deployer, challenger, stranger } = ACCOUNTS;
const HANDOFF = 48;
const NOBODY = `0x${"00".repeat(20)}`;
/** Last slot of epoch 1, the last epoch of a validator that leaves in epoch 0. */
const LAST_SLOT = 7;
const PAID_SLOT = (2 + 1 + 1) * 4;

/** Evidence that `index`, with the key of `seed`, attested and skipped a slot. */
const doubleVote = (test: TestRollup, slot: number, index: number, seed = index) =>
  evidenceOf(test, slot, { ...attests([index]), seeds: [seed] }, { ...skips([index]), seeds: [seed] });

const slashedIn = (mined: Mined): number[] =>
  eventsOf(mined).flatMap((event) => (event.type === "validator-slashed" ? [event.index] : []));

describe("slash, across epochs", () => {
  describe("evidence window", () => {
    for (const [what, build, windows] of [
      ["without proofs", load, 2],
      ["with two epochs for proofs", loadProven, 4],
    ] as const) {
      it(`is open to the last second before a stake could be paid back, ${what}`, async () => {
        const test = await build();
        const until = test.time((1 + windows) * 4, HANDOFF);
        const mined = await test.call(challenger, "slash", [doubleVote(test, 3, 2)], { timeSec: until - 1 });
        expect(slashedIn(mined)).to.deep.equal([2]);
        const late = test.attempt(challenger, "slash", [doubleVote(test, 3, 4)], { timeSec: until });
        await reverts(late, "Slashing__EvidenceExpired", { slot: 3n, until: BigInt(until), time: BigInt(until) });
        // The next epoch's window is open for another epoch.
        await test.call(challenger, "slash", [doubleVote(test, 4, 4)], { timeSec: until });
      });
    }

    it("opens when the slot's set is final: an epoch ahead", async () => {
      const test = await load();
      const evidence = doubleVote(test, 8, 2);
      const early = test.attempt(challenger, "slash", [evidence], { timeSec: test.time(4, -1) });
      await reverts(early, "Slashing__SetNotFinal", { epoch: 2n, lastFinalEpoch: 1n });
      expect(slashedIn(await test.call(challenger, "slash", [evidence], { timeSec: test.time(4) }))).to.deep.equal([2]);
    });

    it("takes no slot so far away that reckoning with it would wrap", async () => {
      const test = await load();
      const evidence = { ...doubleVote(test, 3, 2), slot: 2n ** 256n - 1n };
      await reverts(test.attempt(challenger, "slash", [evidence], { timeSec: test.time(4) }), "Slashing__SetNotFinal", {
        epoch: (2n ** 256n - 1n) / 4n,
        lastFinalEpoch: 2n,
      });
    });
  });

  describe("the slot's set", () => {
    it("is asked, not today's: one that joins later cannot have signed", async () => {
      const test = await load();
      await test.register(6, deployer, { timeSec: test.time(1) });
      await reverts(
        test.attempt(challenger, "slash", [doubleVote(test, LAST_SLOT, 6)], { timeSec: test.time(8) }),
        "Rollup__SignersOutsideSet",
        { signers: bitmap([6]), members: bitmap(range(6)) },
      );
      const mined = await test.call(challenger, "slash", [doubleVote(test, 8, 6)], { timeSec: test.time(8) });
      expect(slashedIn(mined)).to.deep.equal([6]);
    });

    it("is asked for both: a bit outside it in either is refused", async () => {
      const test = await load();
      for (const [first, second] of [
        [[2, 200], [2]],
        [[2], [2, 200]],
      ]) {
        const evidence = evidenceOf(
          test,
          3,
          { ...attests(first!), seeds: [2] },
          { ...attests(second!, OTHER_DIGEST), seeds: [2] },
        );
        await reverts(
          test.attempt(challenger, "slash", [evidence], { timeSec: test.time(3) }),
          "Rollup__SignersOutsideSet",
          { signers: bitmap([2, 200]), members: bitmap(range(6)) },
        );
      }
    });

    it("gives the keys: aggregates of an earlier set verify against that set's aggregate", async () => {
      const test = await load();
      await test.register(6, deployer, { timeSec: test.time(1) });
      await test.call(deployer, "exit", [0]);
      const evidence = evidenceOf(test, LAST_SLOT, attests(range(6)), attests([0, 1, 2, 3, 4], OTHER_DIGEST));
      const mined = await test.call(challenger, "slash", [evidence], { timeSec: test.time(9) });
      expect(slashedIn(mined)).to.deep.equal([0, 1, 2, 3, 4]);
    });
  });

  describe("given a validator that is leaving", () => {
    it("loses its stake, and leaves when it was to leave", async () => {
      const test = await load();
      await test.call(deployer, "exit", [1], { timeSec: test.time(1) });
      const mined = await test.call(challenger, "slash", [doubleVote(test, LAST_SLOT, 1)], { timeSec: test.time(9) });
      expect(eventsOf(mined).map(({ type }) => type)).to.deep.equal(["validator-slashed"]);
      const { untilEpoch, slashed } = await test.rollup.validator(1);
      expect([untilEpoch, slashed]).to.deep.equal([2n, true]);
    });

    it("can be slashed to the last second before its stake is paid, and not after", async () => {
      const test = await load();
      await test.call(deployer, "exit", [1], { timeSec: test.time(1) });
      await test.call(deployer, "exit", [2], { timeSec: test.time(1) });
      const until = test.time(PAID_SLOT, HANDOFF);
      await test.call(challenger, "slash", [doubleVote(test, LAST_SLOT, 1)], { timeSec: until - 1 });
      const late = test.attempt(challenger, "slash", [doubleVote(test, LAST_SLOT, 2)], { timeSec: until });
      await reverts(late, "Slashing__EvidenceExpired", {
        slot: BigInt(LAST_SLOT),
        until: BigInt(until),
        time: BigInt(until),
      });
      const { provider } = test.connection.ethers;
      const before = await provider.getBalance(deployer.address);
      await test.call(stranger, "withdrawStake", [2], { timeSec: until });
      await test.call(stranger, "withdrawStake", [1], { timeSec: until });
      expect((await provider.getBalance(deployer.address)) - before).to.equal(test.config.stakeWei);
    });

    it("cannot be slashed for a slot after its last", async () => {
      const test = await load();
      await test.call(deployer, "exit", [1], { timeSec: test.time(1) });
      await reverts(
        test.attempt(challenger, "slash", [doubleVote(test, LAST_SLOT + 1, 1)], { timeSec: test.time(9) }),
        "Rollup__SignersOutsideSet",
        { signers: bitmap([1]), members: bitmap([0, 2, 3, 4, 5]) },
      );
    });
  });

  describe("given a slashed validator that is gone", () => {
    it("frees its index and pays nothing, and pays once", async () => {
      const test = await load();
      await test.call(challenger, "slash", [doubleVote(test, 3, 1)], { timeSec: test.time(3) });
      const until = test.time(PAID_SLOT, HANDOFF);
      await reverts(test.attempt(stranger, "withdrawStake", [1], { timeSec: until - 1 }), "Validators__StakeLocked", {
        index: 1n,
        until: BigInt(until),
        time: BigInt(until - 1),
      });
      const { provider } = test.connection.ethers;
      const held = await provider.getBalance(test.address);
      const mined = await test.call(stranger, "withdrawStake", [1], { timeSec: until });
      expect(await provider.getBalance(test.address)).to.equal(held);
      const event = test.rollup.interface.parseLog(mined.receipt.logs[0]!);
      expect([event?.name, ...(event?.args ?? [])]).to.deep.equal(["StakeWithdrawn", 1n, deployer.address, 0n]);
      expect((await test.rollup.validator(1)).owner).to.equal(NOBODY);
      const again = await test.attempt(stranger, "withdrawStake", [1], { timeSec: until });
      expect(again.error?.name).to.equal("Validators__StakeLocked");
    });

    it("is not mistaken for the next validator under its index", async () => {
      const test = await load();
      await test.call(deployer, "exit", [1], { timeSec: test.time(1) });
      const timeSec = test.time(PAID_SLOT, HANDOFF);
      await test.call(stranger, "withdrawStake", [1], { timeSec });
      await test.register(7, stranger);
      expect((await test.rollup.validator(1)).owner).to.equal(stranger.address);
      // What the old one did while it was a member; what it signs for slots of the new one; and of both for the time
      // between, when nobody held the index.
      const old = await test.attempt(challenger, "slash", [doubleVote(test, LAST_SLOT, 1)]);
      expect(old.error?.name).to.equal("Slashing__EvidenceExpired");
      for (const seed of [1, 7]) {
        const between = await test.attempt(challenger, "slash", [doubleVote(test, PAID_SLOT, 1, seed)]);
        expect(between.error?.name).to.equal("Rollup__SignersOutsideSet");
      }
      await test.connection.networkHelpers.time.increaseTo(test.time(24));
      const foreign = await test.attempt(challenger, "slash", [doubleVote(test, 24, 1, 1)]);
      expect(foreign.error?.name).to.equal("Slashing__SignatureInvalid");
      expect((await test.rollup.validator(1)).slashed).to.equal(false);
      const own = await test.call(challenger, "slash", [doubleVote(test, 24, 1, 7)]);
      const [slashed] = eventsOf(own);
      expect(slashed).to.include({ type: "validator-slashed", index: 1, owner: addressOf(stranger) });
    });
  });
});
