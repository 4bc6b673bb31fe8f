import { expect } from "chai";
import { id } from "ethers";
import { checkpointDigest } from "../../../sdk/digest/checkpoint.ts";
import { EMPTY_INBOX_HASH } from "../../../sdk/digest/inbox.ts";
import type { CheckpointHeader } from "../../../sdk/types/header.ts";
import type { Hex } from "../../../sdk/types/hex.ts";
import { ACCOUNTS, fixtureOf, landedIn } from "../fixture.ts";
import { buildCheckpoint, claiming, GENESIS, range } from "../support/checkpoints.ts";
import { addressOf } from "../support/l1.ts";
import { reverts } from "../support/reverts.ts";

const load = fixtureOf();

const { bonded, stranger } = ACCOUNTS;
const SLOT = 5;

/** Another value for every field of the header that only the digest ties down. */
const ALTERATIONS: Partial<CheckpointHeader>[] = [
  { lastBlockHash: id("another block") as Hex },
  { lastBlockNumber: 61 },
  { outboxRoot: id("another root") as Hex },
  { coinbase: addressOf(stranger) },
  { onTimeRecipient: addressOf(stranger) },
  { onTimeCapBps: 1 },
];

describe("submit: digest", () => {
  describe("given a header that the quorum did not sign", () => {
    for (const alteration of ALTERATIONS) {
      const [field] = Object.keys(alteration);
      it(`refuses another ${field}, naming the digest of what was sent`, async () => {
        const test = await load();
        const signed = test.checkpoint({ slot: SLOT });
        const header = { ...signed.submission.header, ...alteration };
        const expected = test.checkpoint({ slot: SLOT, header: alteration }).submission.digest;
        await reverts(test.tryLand(bonded, [claiming(signed, { header })]), "Rollup__DigestMismatch", {
          expected,
          actual: signed.submission.digest,
        });
      });
    }

    it("refuses another slot of the window", async () => {
      const test = await load();
      const signed = test.checkpoint({ slot: SLOT });
      const header = { ...signed.submission.header, slot: SLOT + 1 };
      const mined = await test.tryLand(bonded, [claiming(signed, { header })], { timeSec: test.time(SLOT + 1) });
      expect(mined.error?.name).to.equal("Rollup__DigestMismatch");
    });
  });

  describe("given a checkpoint of another place", () => {
    it("refuses one of another chain", async () => {
      const test = await load();
      const options = { slot: SLOT, blobs: test.blobs.slice(0, 1), signers: range(4) };
      const foreign = buildCheckpoint({ chainId: 1n, rollup: test.address }, options);
      await reverts(test.tryLand(bonded, [foreign]), "Rollup__DigestMismatch", {
        expected: test.checkpoint({ slot: SLOT }).submission.digest,
        actual: foreign.submission.digest,
      });
    });

    it("refuses one of another rollup", async () => {
      const test = await load();
      const options = { slot: SLOT, blobs: test.blobs.slice(0, 1), signers: range(4) };
      const foreign = buildCheckpoint({ chainId: test.chainId, rollup: addressOf(stranger) }, options);
      await reverts(test.tryLand(bonded, [foreign]), "Rollup__DigestMismatch", {
        expected: test.checkpoint({ slot: SLOT }).submission.digest,
        actual: foreign.submission.digest,
      });
    });
  });

  describe("given another parent than the tip", () => {
    it("refuses a child of genesis once something landed", async () => {
      const test = await load();
      const first = test.checkpoint({ slot: SLOT });
      await test.land(bonded, [first]);
      const orphan = test.checkpoint({ slot: SLOT + 1, parent: GENESIS });
      await reverts(test.tryLand(bonded, [orphan]), "Rollup__DigestMismatch", {
        expected: test.checkpoint({ slot: SLOT + 1, parent: first.tip }).submission.digest,
        actual: orphan.submission.digest,
      });
    });

    it("refuses a child whose parent did not land, even though its own quorum signed it", async () => {
      const test = await load();
      const [, second] = test.chain([SLOT, SLOT + 1]);
      await reverts(test.tryLand(bonded, [second!]), "Rollup__DigestMismatch", {
        expected: test.checkpoint({ slot: SLOT + 1 }).submission.digest,
        actual: second!.submission.digest,
      });
    });
  });

  describe("blobs", () => {
    it("refuses another blob than the one signed", async () => {
      const test = await load();
      const signed = test.checkpoint({ slot: SLOT });
      await reverts(test.tryLand(bonded, [signed], { blobs: test.blobs.slice(1, 2) }), "Rollup__DigestMismatch", {
        expected: test.checkpoint({ slot: SLOT, blobs: test.blobs.slice(1, 2) }).submission.digest,
        actual: signed.submission.digest,
      });
    });

    it("refuses the right blobs in another order", async () => {
      const test = await load();
      const [a, b] = test.blobs;
      const signed = test.checkpoint({ slot: SLOT, blobs: [a!, b!] });
      await reverts(test.tryLand(bonded, [signed], { blobs: [b!, a!] }), "Rollup__DigestMismatch", {
        expected: test.checkpoint({ slot: SLOT, blobs: [b!, a!] }).submission.digest,
        actual: signed.submission.digest,
      });
    });

    it("refuses a count that the transaction's blobs do not reach, naming the first index without", async () => {
      const test = await load();
      const signed = test.checkpoint({ slot: SLOT, blobs: test.blobs.slice(0, 3) });
      await reverts(test.tryLand(bonded, [signed], { blobs: test.blobs.slice(0, 2) }), "Rollup__BlobMissing", {
        index: 2n,
      });
    });

    it("refuses a transaction without blobs", async () => {
      const test = await load();
      const mined = test.tryLand(bonded, [test.checkpoint({ slot: SLOT })], { blobs: [] });
      await reverts(mined, "Rollup__BlobMissing", { index: 0n });
    });

    for (const count of [0, 4, 255]) {
      it(`refuses a count of ${count}`, async () => {
        const test = await load();
        const wrong = claiming(test.checkpoint({ slot: SLOT }), { blobCount: count });
        await reverts(test.tryLand(bonded, [wrong]), "Rollup__BlobCountOutOfRange", {
          blobCount: BigInt(count),
          maxBlobs: 3n,
        });
      });
    }

    it("takes up to the maximum, and leaves what it does not count", async () => {
      const test = await load();
      const checkpoint = test.checkpoint({ slot: SLOT, blobs: test.blobs.slice(0, 3) });
      const [landed] = landedIn(await test.land(bonded, [checkpoint], { blobs: test.blobs.slice(0, 5) }));
      expect(landed).to.include({ blobCount: 3 });
    });
  });

  describe("on-time share", () => {
    it("is bounded by the whole reward", async () => {
      const test = await load();
      const header = { onTimeRecipient: addressOf(stranger), onTimeCapBps: 10_001 };
      await reverts(test.tryLand(bonded, [test.checkpoint({ slot: SLOT, header })]), "Rollup__OnTimeCapTooHigh", {
        capBps: 10_001n,
        maxBps: 10_000n,
      });
    });

    it("may be the whole reward", async () => {
      const test = await load();
      const header = { onTimeRecipient: addressOf(stranger), onTimeCapBps: 10_000 };
      const [landed] = landedIn(await test.land(bonded, [test.checkpoint({ slot: SLOT, header })]));
      expect(landed!.submission.header).to.include(header);
    });
  });

  it("is the same in Solidity and TypeScript, for every shape of checkpoint", async () => {
    const test = await load();
    for (const [slot, count] of [
      [SLOT, 1],
      [SLOT + 9, 2],
      [SLOT + 20, 3],
    ] as const) {
      const built = test.checkpoint({ slot, blobs: test.blobs.slice(0, count) });
      const claim = claiming(built, { digest: id("claimed") as Hex });
      const { header } = claim.submission;
      const blobHashes = test.blobs.slice(0, count).map(({ hash }) => hash);
      const place = { chainId: test.chainId, rollup: test.address };
      await reverts(test.tryLand(bonded, [claim]), "Rollup__DigestMismatch", {
        expected: checkpointDigest({
          ...place,
          header,
          parentDigest: GENESIS.digest,
          inboxHash: EMPTY_INBOX_HASH,
          blobHashes,
        }),
        actual: id("claimed") as Hex,
      });
    }
  });
});
