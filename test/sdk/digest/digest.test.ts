import { expect } from "chai";
import { AbiCoder, keccak256 } from "ethers";
import {
  CHECKPOINT_TYPE,
  type CheckpointContent,
  checkpointDigest,
  parentDigestOf,
} from "../../../sdk/digest/checkpoint.ts";
import {
  digestInboxHash,
  EMPTY_INBOX_HASH,
  extendInboxHash,
  extendRefundsHash,
  type InboxMessage,
  NO_REFUNDS_HASH,
} from "../../../sdk/digest/inbox.ts";
import { SIGNATURE_KINDS, signingMessage } from "../../../sdk/digest/signingMessage.ts";
import type { CheckpointHeader } from "../../../sdk/types/header.ts";
import type { Hex } from "../../../sdk/types/hex.ts";
import type { SignatureKind } from "../../../sdk/types/signature.ts";
import vectors from "../../vectors/digest.json" with { type: "json" };

const place = { chainId: BigInt(vectors.chainId), rollup: vectors.rollup as Hex };
const [, vector] = vectors.checkpoints;
if (!vector) throw new Error("the vectors hold at least two checkpoints");

function contentOf(checkpoint: NonNullable<typeof vector>): CheckpointContent {
  return {
    ...place,
    header: checkpoint.header as CheckpointHeader,
    parentDigest: checkpoint.parentDigest as Hex,
    inboxHash: checkpoint.inboxHash as Hex,
    blobHashes: checkpoint.blobHashes as Hex[],
  };
}

describe("checkpointDigest", () => {
  for (const checkpoint of vectors.checkpoints) {
    it(`gives the vector's digest: ${checkpoint.name}`, () => {
      expect(checkpointDigest(contentOf(checkpoint))).to.equal(checkpoint.digest);
    });
  }

  it("is the hash of the plain ABI encoding", () => {
    const { header, parentDigest, inboxHash, blobHashes } = contentOf(vector);
    const types = ["bytes32", "uint256", "address", "uint64", "bytes32", "uint64", "uint64", "bytes32", "address"];
    const encoded = AbiCoder.defaultAbiCoder().encode(
      [...types, "address", "uint16", "uint160", "bytes32", "uint256", "bytes32", "bytes32"],
      [
        vectors.checkpointType,
        place.chainId,
        place.rollup,
        ...Object.values(header),
        BigInt(parentDigest),
        inboxHash,
        blobHashes.length,
        ...blobHashes,
      ],
    );
    expect(checkpointDigest(contentOf(vector))).to.equal(keccak256(encoded));
    expect(CHECKPOINT_TYPE).to.equal(vectors.checkpointType);
  });

  it("changes with every value it commits to", () => {
    const content = contentOf(vector);
    const otherWord: Hex = `0x${"77".repeat(32)}`;
    const otherAddress: Hex = `0x${"77".repeat(20)}`;
    const { header } = content;
    const changed: CheckpointContent[] = [
      { ...content, chainId: 1n },
      { ...content, rollup: otherAddress },
      { ...content, parentDigest: otherAddress },
      { ...content, inboxHash: otherWord },
      { ...content, blobHashes: [...content.blobHashes].reverse() },
      { ...content, blobHashes: content.blobHashes.slice(1) },
      { ...content, header: { ...header, slot: header.slot + 1 } },
      { ...content, header: { ...header, lastBlockHash: otherWord } },
      { ...content, header: { ...header, lastBlockNumber: header.lastBlockNumber + 1 } },
      { ...content, header: { ...header, inboxCount: header.inboxCount + 1 } },
      { ...content, header: { ...header, outboxRoot: otherWord } },
      { ...content, header: { ...header, coinbase: otherAddress } },
      { ...content, header: { ...header, onTimeRecipient: otherAddress } },
      { ...content, header: { ...header, onTimeCapBps: header.onTimeCapBps + 1 } },
    ];
    const digests = new Set([content, ...changed].map(checkpointDigest));
    expect(digests.size).to.equal(changed.length + 1);
  });

  it("refuses values of another length instead of padding them", () => {
    const content = contentOf(vector);
    expect(() => checkpointDigest({ ...content, inboxHash: `0x${"77".repeat(31)}` })).to.throw(
      TypeError,
      "expected 32",
    );
    expect(() => checkpointDigest({ ...content, rollup: `0x${"77".repeat(21)}` })).to.throw(TypeError, "expected 20");
  });
});

describe("parentDigestOf", () => {
  it("keeps the low 160 bits", () => {
    expect(parentDigestOf(`0x${"11".repeat(12)}${"22".repeat(20)}`)).to.equal(`0x${"22".repeat(20)}`);
  });

  it("refuses anything but 32 bytes", () => {
    expect(() => parentDigestOf(`0x${"22".repeat(20)}`)).to.throw(TypeError, "expected 32 bytes");
  });
});

describe("signingMessage", () => {
  for (const { kind, number, slot, digest, message } of vectors.signingMessages) {
    it(`gives the vector's message for kind ${kind}`, () => {
      expect(SIGNATURE_KINDS[kind as SignatureKind]).to.equal(number);
      expect(signingMessage(kind as SignatureKind, { ...place, slot }, digest as Hex)).to.equal(message);
    });
  }
});

describe("extendInboxHash", () => {
  const messages = vectors.inbox.messages.map((message): InboxMessage => {
    const { index, timestamp, transaction, depositor, l2Recipient, amountWei } = message;
    if (transaction !== undefined) return { index, timestamp, transaction: transaction as Hex };
    const accounts = { depositor: depositor as Hex, l2Recipient: l2Recipient as Hex };
    return { index, timestamp, ...accounts, amountWei: BigInt(amountWei) };
  });

  it("gives the vector's rolling hash after each message", () => {
    for (const [index, expected] of vectors.inbox.rollingHashes.entries()) {
      expect(extendInboxHash(EMPTY_INBOX_HASH, messages.slice(0, index + 1))).to.equal(expected);
    }
  });

  it("can be extended piecewise", () => {
    const half = extendInboxHash(EMPTY_INBOX_HASH, messages.slice(0, 1));
    expect(extendInboxHash(half, messages.slice(1))).to.equal(vectors.inbox.rollingHashes.at(-1));
  });

  it("refuses a gap", () => {
    const [first, , third] = messages;
    if (!first || !third) throw new Error("the vectors hold three messages");
    expect(() => extendInboxHash(EMPTY_INBOX_HASH, [first, third])).to.throw(RangeError, "message 1 is missing: got 2");
  });

  it("commits to everything a message says", () => {
    const deposit: InboxMessage = {
      index: 0,
      timestamp: 5,
      depositor: `0x${"0a".repeat(20)}`,
      l2Recipient: `0x${"0b".repeat(20)}`,
      amountWei: 7n,
    };
    const forced: InboxMessage = { index: 0, timestamp: 5, transaction: "0x01" };
    const different: InboxMessage[] = [
      deposit,
      { ...deposit, index: 1 },
      { ...deposit, timestamp: 6 },
      { ...deposit, depositor: deposit.l2Recipient, l2Recipient: deposit.depositor },
      { ...deposit, l2Recipient: `0x${"0c".repeat(20)}` },
      { ...deposit, amountWei: 8n },
      forced,
      { ...forced, index: 1 },
      { ...forced, timestamp: 6 },
      { ...forced, transaction: "0x0100" },
    ];
    const hashes = different.map((message) => extendInboxHash(EMPTY_INBOX_HASH, [message]));
    expect(new Set(hashes).size).to.equal(different.length);
  });
});

describe("extendRefundsHash", () => {
  it("gives the vector's hash after each refund", () => {
    let hash = NO_REFUNDS_HASH;
    for (const [position, expected] of vectors.inbox.refundsHashes.entries()) {
      hash = extendRefundsHash(hash, vectors.inbox.refunds[position] as number);
      expect(hash).to.equal(expected);
    }
  });
});

describe("digestInboxHash", () => {
  const inboxHash = vectors.inbox.rollingHashes.at(-1) as Hex;

  it("is the inbox hash alone while nothing was refunded", () => {
    expect(digestInboxHash(inboxHash, NO_REFUNDS_HASH)).to.equal(inboxHash);
  });

  it("is the vector's hash of both once something was", () => {
    const refundsHash = vectors.inbox.refundsHashes.at(-1) as Hex;
    expect(digestInboxHash(inboxHash, refundsHash)).to.equal(vectors.inbox.digestInboxHash);
  });
});
