import { expect } from "chai";
import type { SoliditySignature } from "../../../sdk/bls/solidity.ts";
import { buildLogHead, buildSettlement, type CheckpointLog, curedLog, hashLog } from "../../../sdk/build/log.ts";
import { ACCOUNTS, eventsOf, fixtureOf, logsIn, type TestRollup } from "../fixture.ts";
import { range, type TestCheckpoint } from "../support/checkpoints.ts";
import { addressOf } from "../support/l1.ts";
import { malformedSignatures } from "../support/points.ts";
import { reverts } from "../support/reverts.ts";

const load = fixtureOf({ validators: 6 });

const { bonded, otherBonded, unbonded, challenger, stranger } = ACCOUNTS;
const SLOT = 5;

/** Lands a checkpoint with a bad attestation of a digest that a quorum did sign. */
async function withBadAttestation(test: TestRollup): Promise<{ checkpoint: TestCheckpoint; log: CheckpointLog }> {
  const checkpoint = test.checkpoint({ slot: SLOT });
  const [log] = logsIn(await test.land(bonded, [test.forged({ slot: SLOT })]));
  return { checkpoint, log: log as CheckpointLog };
}

describe("cure", () => {
  describe("given a bad attestation and a good one for the same digest", () => {
    it("keeps the checkpoint, as verified, with the good attestation in its log", async () => {
      const test = await load();
      const { checkpoint, log } = await withBadAttestation(test);
      const tips = await test.rollup.tips();
      const good = test.attest(checkpoint, range(5));
      const mined = await test.call(challenger, "cure", [log, good]);
      expect(await test.rollup.tips()).to.deep.equal(tips);
      const [cured] = eventsOf(mined).flatMap((event) => (event.type === "cured" ? [event] : []));
      expect(cured).to.include({ number: 1, slot: SLOT, curer: addressOf(challenger) });
      const log2 = curedLog(log, cured!.attestation);
      expect(await test.rollup.logHash(1)).to.equal(hashLog(buildLogHead(log2)));
      await reverts(test.attempt(stranger, "challenge", [[log2]]), "Challenges__AlreadyVerified", { number: 1n });
    });

    it("slashes the submitter as a challenge does", async () => {
      const test = await load();
      const { checkpoint, log } = await withBadAttestation(test);
      await test.call(challenger, "cure", [log, test.attest(checkpoint, range(6))]);
      expect(await test.rollup.creditOf(challenger.address)).to.equal(test.config.bondWei / 2n);
      expect(await test.rollup.bondOf(bonded.address)).to.deep.equal([0n, 0n, false]);
    });

    it("works below the tip", async () => {
      const test = await load();
      const { checkpoint, log } = await withBadAttestation(test);
      await test.land(otherBonded, [test.checkpoint({ slot: SLOT + 1, parent: checkpoint.tip })]);
      await test.call(challenger, "cure", [log, test.attest(checkpoint, range(6))]);
      expect((await test.rollup.tips()).number).to.equal(2n);
    });

    it("can be settled at once", async () => {
      const test = await load();
      const { checkpoint, log } = await withBadAttestation(test);
      const mined = await test.call(challenger, "cure", [log, test.attest(checkpoint, range(6))]);
      const [cured] = eventsOf(mined).flatMap((event) => (event.type === "cured" ? [event] : []));
      await test.call(stranger, "settle", buildSettlement([curedLog(log, cured!.attestation)]));
      expect(await test.rollup.settledTip()).to.deep.equal([1n, BigInt(SLOT)]);
    });

    it("does not cure twice: the log is another one", async () => {
      const test = await load();
      const { checkpoint, log } = await withBadAttestation(test);
      const good = test.attest(checkpoint, range(6));
      await test.call(challenger, "cure", [log, good]);
      const mined = await test.attempt(challenger, "cure", [log, good]);
      expect(mined.error?.name).to.equal("Challenges__LogMismatch");
    });
  });

  describe("given a cure that is none", () => {
    const INVALID = { number: 1n };

    it("refuses a quorum less one", async () => {
      const test = await load();
      const { checkpoint, log } = await withBadAttestation(test);
      const attempt = test.attempt(challenger, "cure", [log, test.attest(checkpoint, range(4))]);
      await reverts(attempt, "Challenges__CureInvalid", INVALID);
    });

    it("refuses bits outside the set", async () => {
      const test = await load();
      const { checkpoint, log } = await withBadAttestation(test);
      const good = test.attest(checkpoint, range(6));
      const attempt = test.attempt(challenger, "cure", [log, { ...good, signers: good.signers | (1n << 200n) }]);
      await reverts(attempt, "Challenges__CureInvalid", INVALID);
    });

    it("refuses the attestation of another checkpoint of the slot", async () => {
      const test = await load();
      const { log } = await withBadAttestation(test);
      const other = test.attest(test.checkpoint({ slot: SLOT, salt: "other" }), range(6));
      await reverts(test.attempt(challenger, "cure", [log, other]), "Challenges__CureInvalid", INVALID);
    });

    for (const [what, signature] of Object.entries(malformedSignatures()) as [string, SoliditySignature][]) {
      it(`refuses ${what}`, async () => {
        const test = await load();
        const { checkpoint, log } = await withBadAttestation(test);
        const attempt = test.attempt(challenger, "cure", [log, { ...test.attest(checkpoint, range(6)), signature }]);
        await reverts(attempt, "Challenges__CureInvalid", INVALID);
      });
    }
  });

  describe("given nothing to cure", () => {
    it("refuses when the landed attestation is good", async () => {
      const test = await load();
      const checkpoint = test.checkpoint({ slot: SLOT, signers: range(5) });
      const [log] = logsIn(await test.land(bonded, [checkpoint]));
      const attempt = test.attempt(challenger, "cure", [log, test.attest(checkpoint, range(6))]);
      await reverts(attempt, "Challenges__AttestationValid", { number: 1n });
    });

    it("refuses one that was verified", async () => {
      const test = await load();
      const checkpoint = test.checkpoint({ slot: SLOT });
      const [log] = logsIn(await test.land(unbonded, [checkpoint]));
      const attempt = test.attempt(challenger, "cure", [log, test.attest(checkpoint, range(6))]);
      await reverts(attempt, "Challenges__AlreadyVerified", { number: 1n });
    });

    it("does nothing when the checkpoint was removed first", async () => {
      const test = await load();
      const { checkpoint, log } = await withBadAttestation(test);
      await test.call(stranger, "challenge", [[log]]);
      const mined = await test.call(challenger, "cure", [log, test.attest(checkpoint, range(6))]);
      expect(mined.receipt.logs).to.deep.equal([]);
    });

    it("refuses when the window is over", async () => {
      const test = await load();
      const { checkpoint, log } = await withBadAttestation(test);
      const until = test.time(SLOT + 32);
      const attempt = test.attempt(challenger, "cure", [log, test.attest(checkpoint, range(6))], { timeSec: until });
      await reverts(attempt, "Challenges__WindowOver", { number: 1n, until: BigInt(until), time: BigInt(until) });
    });
  });
});
