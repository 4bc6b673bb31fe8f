import { bls12_381 } from "@noble/curves/bls12-381.js";
import { expect } from "chai";
import type { SoliditySignature } from "../../../sdk/bls/solidity.ts";
import { splitSignature } from "../../../sdk/bls/solidity.ts";
import { buildLogHead, hashLog } from "../../../sdk/build/log.ts";
import { EMPTY_INBOX_HASH } from "../../../sdk/digest/inbox.ts";
import { type SigningContext, signingMessage } from "../../../sdk/digest/signingMessage.ts";
import type { Hex } from "../../../sdk/types/hex.ts";
import { ACCOUNTS, fixtureOf, landedIn, logsIn, type TestRollup } from "../fixture.ts";
import { bitmap, claiming, range, signatureOver, type TestCheckpoint } from "../support/checkpoints.ts";
import { addressOf } from "../support/l1.ts";
import { malformedSignatures } from "../support/points.ts";
import { reverts } from "../support/reverts.ts";

const load = fixtureOf({ validators: 6 });

const { bonded, unbonded, stranger } = ACCOUNTS;
const SLOT = 5;
const ALL = range(6);

function refused(test: TestRollup, checkpoint: TestCheckpoint): Promise<void> {
  return reverts(test.tryLand(unbonded, [checkpoint]), "Rollup__AttestationInvalid", {
    slot: BigInt(checkpoint.submission.header.slot),
    digest: checkpoint.submission.digest,
  });
}

describe("submit: verification", () => {
  describe("given a sender without a bond", () => {
    it("lands what the signers signed, as verified", async () => {
      const test = await load();
      const [landed] = landedIn(await test.land(unbonded, [test.checkpoint({ slot: SLOT, signers: [0, 1, 3, 4, 5] })]));
      expect(landed).to.include({ verified: true });
    });

    it("refuses a signature over another digest", async () => {
      const test = await load();
      await refused(test, test.forged({ slot: SLOT }));
    });

    for (const kind of ["block", "proposal", "skip"] as const) {
      it(`refuses signatures of the kind ${kind} over the same digest`, async () => {
        const test = await load();
        const good = test.checkpoint({ slot: SLOT });
        const context = { chainId: test.chainId, rollup: test.address, slot: SLOT };
        const signature = signatureOver(signingMessage(kind, context, good.submission.digest), ALL);
        await refused(test, claiming(good, { signature }));
      });
    }

    for (const [what, change] of [
      ["slot", { slot: SLOT + 1 }],
      ["chain", { chainId: 1n }],
      ["rollup", { rollup: addressOf(stranger) }],
    ] as [string, Partial<SigningContext>][]) {
      it(`refuses signatures for another ${what}`, async () => {
        const test = await load();
        const good = test.checkpoint({ slot: SLOT });
        const context = { chainId: test.chainId, rollup: test.address, slot: SLOT, ...change };
        const signature = signatureOver(signingMessage("attestation", context, good.submission.digest), ALL);
        await refused(test, claiming(good, { signature }));
      });
    }

    it("refuses one claimed signer who did not sign", async () => {
      const test = await load();
      const five = test.checkpoint({ slot: SLOT, signers: range(5) });
      await refused(test, claiming(five, { signers: bitmap(ALL) }));
    });

    it("refuses one signer who is not claimed", async () => {
      const test = await load();
      const six = test.checkpoint({ slot: SLOT });
      await refused(test, claiming(six, { signers: bitmap(range(5)) }));
    });

    it("refuses a signer counted twice in the aggregate", async () => {
      const test = await load();
      const twice = test.checkpoint({ slot: SLOT, signers: [0, 1, 2, 3, 4, 4] });
      await refused(test, claiming(twice, { signers: bitmap(range(5)) }));
    });

    it("refuses the negated signature", async () => {
      const test = await load();
      const good = test.checkpoint({ slot: SLOT });
      const encoded = good.submission.signature.map((word) => word.slice(2)).join("");
      const negated: Hex = `0x${bls12_381.G1.Point.fromHex(encoded).negate().toHex(false)}`;
      await refused(test, claiming(good, { signature: splitSignature(negated) }));
    });

    for (const [what, signature] of Object.entries(malformedSignatures()) as [string, SoliditySignature][]) {
      it(`refuses ${what}`, async () => {
        const test = await load();
        await refused(test, claiming(test.checkpoint({ slot: SLOT }), { signature }));
      });
    }

    it("refuses a good one at every gas limit that does not suffice for the pairing, and lands nothing", async function () {
      this.timeout(30_000);
      const test = await load();
      const good = test.checkpoint({ slot: SLOT });
      const before = await test.connection.networkHelpers.takeSnapshot();
      for (let gasLimit = 60_000; gasLimit <= 180_000; gasLimit += 5_000) {
        await before.restore();
        const mined = await test.tryLand(unbonded, [good], { gasLimit });
        const { number } = await test.rollup.tips();
        expect(number).to.equal(mined.succeeded ? 1n : 0n);
        expect(landedIn(mined).every(({ verified }) => verified)).to.equal(true);
      }
    });
  });

  describe("given a bonded sender", () => {
    it("lands without a look at the signature, as not verified", async () => {
      const test = await load();
      const [landed] = landedIn(await test.land(bonded, [test.forged({ slot: SLOT })]));
      expect(landed).to.include({ verified: false, submitter: addressOf(bonded) });
    });

    it("is bonded only up to the second it asks to unbond", async () => {
      const test = await load();
      await test.call(bonded, "unbond", [], { timeSec: test.time(SLOT) });
      const [landed] = landedIn(
        await test.land(bonded, [test.checkpoint({ slot: SLOT })], { timeSec: test.time(SLOT, 1) }),
      );
      expect(landed).to.include({ verified: true });
    });
  });

  it("emits an event from which the log's hash is rebuilt", async () => {
    const test = await load();
    const [verified] = logsIn(await test.land(unbonded, [test.checkpoint({ slot: SLOT })]));
    const parent = test.checkpoint({ slot: SLOT }).tip;
    const [optimistic] = logsIn(await test.land(bonded, [test.checkpoint({ slot: SLOT + 1, parent })]));
    expect(hashLog(buildLogHead(verified!))).to.equal(await test.rollup.logHash(1));
    expect(hashLog(buildLogHead(optimistic!))).to.equal(await test.rollup.logHash(2));
    expect(await test.rollup.logHash(3)).to.equal(EMPTY_INBOX_HASH);
  });
});
