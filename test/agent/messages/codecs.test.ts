import { RLP } from "@ethereumjs/rlp";
import { expect } from "chai";
import fc from "fast-check";
import { blockProposalCodec, blockProposalDigest } from "../../../sdk/agent/messages/block-proposal.ts";
import { checkpointProposalCodec } from "../../../sdk/agent/messages/checkpoint-proposal.ts";
import { type Codec, WIRE_VERSION } from "../../../sdk/agent/messages/codec.ts";
import { MAX_BLOCK_DATA_BYTES, MAX_MESSAGE_BYTES, MAX_TRANSACTION_BYTES } from "../../../sdk/agent/messages/limits.ts";
import { MessageError } from "../../../sdk/agent/messages/result.ts";
import { transactionCodec } from "../../../sdk/agent/messages/transaction.ts";
import { certificateCodec, voteCodec } from "../../../sdk/agent/messages/votes.ts";
import type { Topic } from "../../../sdk/agent/network/interface.ts";
import type { BlockProposal } from "../../../sdk/agent/types/messages.ts";
import { anyBlock, anyCertificate, anyCheckpoint, anyVote } from "./arbitraries.ts";

interface Case<T> {
  topic: Topic;
  codec: Codec<T>;
  values: fc.Arbitrary<T>;
}

/** Runs `check` on a case without forgetting its type. */
type ForCase = <T>(each: Case<T>) => void;

function forEachMessage(check: ForCase): void {
  check({ topic: "blocks", codec: blockProposalCodec, values: anyBlock });
  check({ topic: "checkpoints", codec: checkpointProposalCodec, values: anyCheckpoint });
  check({ topic: "votes", codec: voteCodec, values: anyVote });
  check({ topic: "certificates", codec: certificateCodec, values: anyCertificate });
  check({ topic: "transactions", codec: transactionCodec, values: fc.uint8Array({ minLength: 1, maxLength: 500 }) });
}

describe("message codecs", () => {
  forEachMessage(({ topic, codec, values }) => {
    describe(topic, () => {
      it("givesBackWhatWasEncodedAndStaysWithinTheTopicsSize", () => {
        fc.assert(
          fc.property(values, (value) => {
            const bytes = codec.encode(value);
            expect(bytes.length).to.be.at.most(MAX_MESSAGE_BYTES[topic]);
            const result = codec.decode(bytes);
            expect(result).to.deep.equal({ ok: true, value });
          }),
          { numRuns: 60 },
        );
      });

      it("answersGarbageWithAReasonAndNeverThrows", () => {
        fc.assert(
          fc.property(fc.uint8Array({ maxLength: 400 }), (bytes) => {
            const result = codec.decode(Uint8Array.from([WIRE_VERSION, ...bytes]));
            if (!result.ok) expect(result.reason).to.not.equal("");
            else expect(codec.encode(result.value).subarray(1)).to.deep.equal(bytes);
          }),
          { numRuns: 500 },
        );
      });

      it("acceptsNoOtherBytesForAValueWhenOneByteChanges", () => {
        fc.assert(
          fc.property(values, fc.nat(), fc.integer({ min: 1, max: 255 }), (value, place, change) => {
            const bytes = codec.encode(value);
            const at = place % Math.min(bytes.length, 200);
            bytes[at] = (bytes[at] as number) ^ change;
            const result = codec.decode(bytes);
            if (result.ok) expect(Buffer.from(codec.encode(result.value)).equals(bytes)).to.equal(true);
          }),
          { numRuns: 200 },
        );
      });

      it("rejectsEveryTruncationAndAnyTrailingByte", () => {
        const bytes = codec.encode(fc.sample(values, { numRuns: 1, seed: 7 })[0] as never);
        for (let length = 0; length < Math.min(bytes.length, 600); length++) {
          expect(codec.decode(bytes.subarray(0, length)).ok, `first ${length} bytes`).to.equal(false);
        }
        expect(codec.decode(Uint8Array.from([...bytes, 0])).ok).to.equal(false);
      });

      it("rejectsAnotherWireVersionNamingBoth", () => {
        const bytes = codec.encode(fc.sample(values, { numRuns: 1, seed: 8 })[0] as never);
        bytes[0] = 9;
        expect(codec.decode(bytes)).to.deep.equal({ ok: false, reason: "expected wire version 1, got 9" });
      });

      it("rejectsAMessageOneByteOverTheLimitUnread", () => {
        const limit = MAX_MESSAGE_BYTES[topic];
        const result = codec.decode(new Uint8Array(limit + 1).fill(WIRE_VERSION));
        expect(result).to.deep.equal({ ok: false, reason: `expected at most ${limit} bytes, got ${limit + 1}` });
      });
    });
  });

  it("takesABlockOfExactlyTheLargestDataAndRefusesOneByteMore", () => {
    const [block] = fc.sample(anyBlock, { numRuns: 1, seed: 1 }) as [BlockProposal];
    const largest = { ...block, slot: Number.MAX_SAFE_INTEGER, data: new Uint8Array(MAX_BLOCK_DATA_BYTES).fill(0xff) };
    expect(blockProposalCodec.decode(blockProposalCodec.encode(largest)).ok).to.equal(true);
    const larger = { ...largest, data: new Uint8Array(MAX_BLOCK_DATA_BYTES + 1) };
    expect(() => blockProposalCodec.encode(larger)).to.throw(MessageError, "data: expected at most");
  });

  it("takesTheLargestTransactionAndRefusesAnEmptyOne", () => {
    const largest = new Uint8Array(MAX_TRANSACTION_BYTES).fill(0xff);
    expect(transactionCodec.decode(transactionCodec.encode(largest)).ok).to.equal(true);
    expect(transactionCodec.decode(Uint8Array.from([WIRE_VERSION, 0x80])).ok).to.equal(false);
  });

  it("rejectsLongFormLengthsOfShortValues", () => {
    const result = transactionCodec.decode(Uint8Array.from([WIRE_VERSION, 0xb8, 2, 0xaa, 0xbb]));
    expect(result).to.deep.equal({ ok: false, reason: "not in canonical form" });
  });

  it("rejectsListsThatNestDeeplyInLinearTime", () => {
    const size = MAX_MESSAGE_BYTES.blocks - 1;
    const bytes = new Uint8Array(size + 1);
    bytes[0] = WIRE_VERSION;
    for (let at = 1; at + 4 <= size; at += 4) {
      const length = size - at - 3;
      bytes.set([0xfa, length >> 16, (length >> 8) & 255, length & 255], at);
    }
    const result = blockProposalCodec.decode(bytes);
    expect(result).to.deep.equal({ ok: false, reason: "RLP lists nest deeper than 3" });
  });

  it("readsEverythingTheReferenceDecoderReads", () => {
    fc.assert(
      fc.property(anyCheckpoint, (proposal) => {
        const bytes = checkpointProposalCodec.encode(proposal);
        const reference = RLP.decode(bytes.subarray(1)) as Uint8Array[][];
        expect(reference.length).to.equal(5);
        expect(Buffer.from(RLP.encode(reference)).equals(bytes.subarray(1))).to.equal(true);
      }),
      { numRuns: 50 },
    );
  });

  it("rejectsAnAttestationOfNothingASkipOfSomethingAndAnEmptyCertificate", () => {
    const zero = `0x${"00".repeat(32)}` as const;
    const some = `0x${"11".repeat(32)}` as const;
    const signature = `0x${"22".repeat(96)}` as const;
    const vote = { slot: 1, validatorIndex: 0, signature };
    expect(() => voteCodec.encode({ ...vote, kind: "attestation", digest: zero })).to.throw(MessageError);
    expect(() => voteCodec.encode({ ...vote, kind: "skip", digest: some })).to.throw(MessageError);
    expect(() => certificateCodec.encode({ kind: "skip", slot: 1, digest: zero, signers: 0n, signature })).to.throw(
      MessageError,
      "signers",
    );
  });

  it("rejectsBlobHashesOfAnotherVersion", () => {
    const [proposal] = fc.sample(anyCheckpoint, { numRuns: 1, seed: 3 });
    const wrong = { ...(proposal as NonNullable<typeof proposal>), blobHashes: [`0x02${"00".repeat(31)}` as const] };
    expect(() => checkpointProposalCodec.encode(wrong)).to.throw(MessageError, "0x01");
  });
});

describe("blockProposalDigest", () => {
  it("changesWithEveryFieldButTheSignature", () => {
    fc.assert(
      fc.property(anyBlock, anyBlock, (block, other) => {
        const digest = blockProposalDigest(block);
        expect(blockProposalDigest({ ...block, signature: other.signature } as BlockProposal)).to.equal(digest);
        for (const name of ["slot", "index", "attempt", "last", "parentHash", "blockHash", "data"] as const) {
          const changed = { ...block, [name]: other[name] };
          const same = name === "data" ? Buffer.from(block.data).equals(other.data) : block[name] === other[name];
          expect(blockProposalDigest(changed) === digest, name).to.equal(same);
        }
      }),
      { numRuns: 30 },
    );
  });
});
