import { expect } from "chai";
import { id } from "ethers";
import type { SoliditySignature } from "../../../sdk/bls/solidity.ts";
import type { CheckpointLog } from "../../../sdk/build/log.ts";
import { buildLogHead, hashLog } from "../../../sdk/build/log.ts";
import { EMPTY_INBOX_HASH } from "../../../sdk/digest/inbox.ts";
import type { Hex } from "../../../sdk/types/hex.ts";
import { ACCOUNTS, eventsOf, fixtureOf, logsIn, settlementOf, type TestRollup } from "../fixture.ts";
import { bitmap, claiming, GENESIS, range } from "../support/checkpoints.ts";
import { landForgery, SLOT } from "../support/forgery.ts";
import { addressOf } from "../support/l1.ts";
import { malformedSignatures } from "../support/points.ts";
import { reverts } from "../support/reverts.ts";

const load = fixtureOf({ validators: 6 });

const { bonded, otherBonded, unbonded, challenger, stranger } = ACCOUNTS;

describe("challenge", () => {
  describe("given a checkpoint with a signature over something else", () => {
    it("removes it: its parent is the tip again, to the last bit", async () => {
      const test = await load();
      const before = await test.land(otherBonded, [test.checkpoint({ slot: SLOT })]);
      const tips = await test.rollup.tips();
      const parent = { inboxCount: 0, digest: `0x${tips.digest.toString(16).padStart(40, "0")}` as Hex };
      const mined = await test.land(bonded, [test.forged({ slot: SLOT + 1, parent })]);
      const removal = await test.call(challenger, "challenge", [logsIn(mined)]);
      expect(await test.rollup.tips()).to.deep.equal(tips);
      expect(await test.rollup.logHash(2)).to.equal(EMPTY_INBOX_HASH);
      expect(await test.rollup.logHash(1)).to.equal(hashLog(settlementOf(before)[0][0]!));
      expect(await test.rollup.refillSlot()).to.equal(BigInt(SLOT + 1));
      const [removed] = eventsOf(removal).filter(({ type }) => type === "removed");
      expect(removed).to.include({ number: 2, slot: SLOT + 1, challenger: addressOf(challenger) });
    });

    it("credits half the bond to the challenger, to the wei; the other half stays out of everybody's reach", async () => {
      const test = await load();
      await test.call(bonded, "bond", [], { valueWei: 3n });
      const { log } = await landForgery(test);
      const { provider } = test.connection.ethers;
      const held = await provider.getBalance(test.address);
      const removal = await test.call(challenger, "challenge", [[log]]);
      const half = (test.config.bondWei + 3n) / 2n;
      const rest = test.config.bondWei + 3n - half;
      expect(await test.rollup.creditOf(challenger.address)).to.equal(half);
      expect(await provider.getBalance(test.address)).to.equal(held);
      expect(await test.rollup.bondOf(bonded.address)).to.deep.equal([0n, 0n, false]);
      const [slashed] = eventsOf(removal).filter(({ type }) => type === "bond-slashed");
      expect(slashed).to.include({ submitter: addressOf(bonded), burnedWei: rest, creditedWei: half });
      await test.call(challenger, "claim", []);
      expect(await provider.getBalance(test.address)).to.equal(held - half);
    });

    it("slashes a bond that is being released", async () => {
      const test = await load();
      const { log } = await landForgery(test);
      await test.call(bonded, "unbond", []);
      await test.call(challenger, "challenge", [[log]]);
      expect(await test.rollup.bondOf(bonded.address)).to.deep.equal([0n, 0n, false]);
      await reverts(test.attempt(bonded, "withdrawBond", []), "Bonds__NoBond", { submitter: addressOf(bonded) });
    });

    it("removes it also when the bond is gone already, and credits nothing", async () => {
      const test = await load();
      const slots = [SLOT, SLOT + 1, SLOT + 2];
      const chain = test.chain(slots, { signedDigest: id("never signed") as Hex });
      const logs = [];
      for (const checkpoint of chain) logs.unshift(...logsIn(await test.land(bonded, [checkpoint])));
      await test.call(challenger, "challenge", [logs]);
      expect(await test.rollup.creditOf(challenger.address)).to.equal(test.config.bondWei / 2n);
      expect((await test.rollup.tips()).number).to.equal(0n);
    });
  });

  describe("given an attestation that is bad in another way", () => {
    for (const [what, signature] of Object.entries(malformedSignatures()) as [string, SoliditySignature][]) {
      it(`convicts ${what}`, async () => {
        const test = await load();
        const bad = claiming(test.checkpoint({ slot: SLOT }), { signature });
        await test.call(challenger, "challenge", [logsIn(await test.land(bonded, [bad]))]);
        expect((await test.rollup.tips()).number).to.equal(0n);
      });
    }

    it("convicts one forged bit", async () => {
      const test = await load();
      const bad = claiming(test.checkpoint({ slot: SLOT, signers: range(5) }), { signers: bitmap(range(6)) });
      await test.call(challenger, "challenge", [logsIn(await test.land(bonded, [bad]))]);
      expect((await test.rollup.tips()).number).to.equal(0n);
    });
  });

  describe("given a checkpoint that a quorum signed", () => {
    it("refuses, whoever the signers are, and changes nothing", async () => {
      const test = await load();
      for (const [index, signers] of [range(6), range(5), [0, 1, 2, 4, 5], [1, 2, 3, 4, 5]].entries()) {
        const checkpoint = test.checkpoint({
          slot: SLOT + index,
          signers,
          parent: index === 0 ? GENESIS : { inboxCount: 0, digest: await tipDigest(test) },
        });
        const logs = logsIn(await test.land(bonded, [checkpoint]));
        await reverts(test.attempt(challenger, "challenge", [logs]), "Challenges__AttestationValid", {
          number: BigInt(index + 1),
        });
      }
      expect((await test.rollup.tips()).number).to.equal(4n);
      expect((await test.rollup.bondOf(bonded.address)).active).to.equal(true);
    });

    it("refuses one that was verified when it landed", async () => {
      const test = await load();
      const logs = logsIn(await test.land(unbonded, [test.checkpoint({ slot: SLOT })]));
      await reverts(test.attempt(challenger, "challenge", [logs]), "Challenges__AlreadyVerified", { number: 1n });
    });
  });

  describe("order", () => {
    it("takes the tip only", async () => {
      const test = await load();
      const first = test.forged({ slot: SLOT });
      const bad = logsIn(await test.land(bonded, [first]));
      await test.land(otherBonded, [test.checkpoint({ slot: SLOT + 1, parent: first.tip })]);
      await reverts(test.attempt(challenger, "challenge", [bad]), "Challenges__NotTip", { number: 1n, tip: 2n });
    });

    it("cannot get at a bad one below a good one: the quorum above vouches for it", async () => {
      const test = await load();
      const first = test.forged({ slot: SLOT });
      const bad = logsIn(await test.land(bonded, [first]));
      const good = logsIn(await test.land(otherBonded, [test.checkpoint({ slot: SLOT + 1, parent: first.tip })]));
      await reverts(test.attempt(challenger, "challenge", [[...good, ...bad]]), "Challenges__AttestationValid", {
        number: 2n,
      });
    });

    it("removes several in one call, the tip first, slashing each submitter", async () => {
      const test = await load();
      const [first, second] = test.chain([SLOT, SLOT + 1], { signedDigest: id("never signed") as Hex });
      const lower = logsIn(await test.land(bonded, [first!]));
      const upper = logsIn(await test.land(otherBonded, [second!]));
      await test.call(challenger, "challenge", [[...upper, ...lower]]);
      expect((await test.rollup.tips()).number).to.equal(0n);
      expect(await test.rollup.creditOf(challenger.address)).to.equal(test.config.bondWei);
      expect(await test.rollup.refillSlot()).to.equal(BigInt(SLOT + 1));
    });

    it("does nothing about one that somebody removed first", async () => {
      const test = await load();
      const { log } = await landForgery(test);
      await test.call(stranger, "challenge", [[log]]);
      const mined = await test.call(challenger, "challenge", [[log]]);
      expect(mined.receipt.logs).to.deep.equal([]);
      expect(await test.rollup.creditOf(challenger.address)).to.equal(0n);
    });
  });

  describe("logs", () => {
    it("refuses a log with any word changed, naming both hashes", async () => {
      const test = await load();
      const { log } = await landForgery(test);
      const expected = (await test.rollup.logHash(2)) as Hex;
      const details = log.details;
      const altered: CheckpointLog[] = [
        { ...log, facts: log.facts ^ (1n << 96n) },
        { ...log, coinbase: addressOf(stranger) },
        { ...log, outboxRoot: id("root") as Hex },
        { ...log, details: { ...details, onTimeRecipient: addressOf(stranger) } },
        { ...log, details: { ...details, onTimeCapBps: 7 } },
        { ...log, details: { ...details, digest: id("digest") as Hex } },
        { ...log, details: { ...details, signers: 31n } },
        { ...log, details: { ...details, signature: [EMPTY_INBOX_HASH, EMPTY_INBOX_HASH, EMPTY_INBOX_HASH] } },
        { ...log, details: { ...details, parent: 0n } },
        { ...log, details: { ...details, submitter: BigInt(otherBonded.address) } },
        { ...log, details: { ...details, recipient: BigInt(stranger.address) } },
      ];
      for (const given of altered) {
        await reverts(test.attempt(challenger, "challenge", [[given]]), "Challenges__LogMismatch", {
          number: 2n,
          expected,
          actual: hashLog(buildLogHead(given)),
        });
      }
    });
  });

  describe("window", () => {
    it("is open to its last second", async () => {
      const test = await load();
      const { log } = await landForgery(test);
      await test.call(challenger, "challenge", [[log]], { timeSec: test.time(SLOT + 1 + 32, -1) });
      expect((await test.rollup.tips()).number).to.equal(1n);
    });

    it("is over one second after, counted from the landing", async () => {
      const test = await load();
      const { log } = await landForgery(test);
      const until = test.time(SLOT + 1 + 32);
      await reverts(test.attempt(challenger, "challenge", [[log]], { timeSec: until }), "Challenges__WindowOver", {
        number: 2n,
        until: BigInt(until),
        time: BigInt(until),
      });
    });

    it("is over for one that settled", async () => {
      const test = await load();
      const mined = await test.land(bonded, [test.forged({ slot: SLOT })]);
      await test.call(stranger, "settle", settlementOf(mined), { timeSec: test.time(SLOT + 32) });
      await reverts(test.attempt(challenger, "challenge", [logsIn(mined)]), "Challenges__AlreadySettled", {
        number: 1n,
        settled: 1n,
      });
    });
  });
});

async function tipDigest(test: TestRollup): Promise<Hex> {
  return `0x${(await test.rollup.tips()).digest.toString(16).padStart(40, "0")}`;
}
