import { expect } from "chai";
import { Interface } from "ethers";
import { ROLLUP_ABI } from "../../../sdk/abi/generated/rollup.ts";
import { versionedHash } from "../../../sdk/blob/kzg.ts";
import { BlsError } from "../../../sdk/bls/error.ts";
import { splitSignature } from "../../../sdk/bls/solidity.ts";
import { buildCalldata } from "../../../sdk/build/calldata.ts";
import { buildChallengeCalldata, buildCureCalldata } from "../../../sdk/build/challenge.ts";
import { BuildError, type BuildErrorCode } from "../../../sdk/build/error.ts";
import type { CheckpointLog } from "../../../sdk/build/log.ts";
import { buildSubmission } from "../../../sdk/build/submission.ts";
import { buildSubmitTransaction } from "../../../sdk/build/transaction.ts";
import type { CheckpointContent } from "../../../sdk/digest/checkpoint.ts";
import type { CheckpointHeader } from "../../../sdk/types/header.ts";
import type { Hex } from "../../../sdk/types/hex.ts";
import bls from "../../vectors/bls.json" with { type: "json" };
import vectors from "../../vectors/digest.json" with { type: "json" };

const [, checkpoint] = vectors.checkpoints;
if (!checkpoint) throw new Error("the vectors hold two checkpoints");
const content: CheckpointContent = {
  chainId: BigInt(vectors.chainId),
  rollup: vectors.rollup as Hex,
  header: checkpoint.header as CheckpointHeader,
  parentDigest: checkpoint.parentDigest as Hex,
  inboxHash: checkpoint.inboxHash as Hex,
  blobHashes: checkpoint.blobHashes as Hex[],
};
const digest = checkpoint.digest as Hex;
const attestation = { signers: 0b111n, signature: bls.aggregate.signature as Hex };
const recipient: Hex = `0x${"ab".repeat(20)}`;

function refuses(code: BuildErrorCode, action: () => unknown): void {
  try {
    action();
  } catch (error) {
    expect(error).to.be.instanceOf(BuildError);
    expect((error as BuildError).code).to.equal(code);
    return;
  }
  expect.fail(`expected BuildError ${code}, nothing was thrown`);
}

describe("the calls against bad signatures", () => {
  const rollup = new Interface(ROLLUP_ABI);
  const submission = buildSubmission(content, digest, attestation);
  const log: CheckpointLog = {
    facts: 1n,
    coinbase: content.header.coinbase,
    outboxRoot: content.header.outboxRoot,
    details: {
      onTimeRecipient: content.header.onTimeRecipient,
      onTimeCapBps: 0,
      digest,
      signers: 7n,
      // No point: what is accused need not be one.
      signature: splitSignature(`0x${"11".repeat(96)}`),
      parent: 2n,
      submitter: 3n,
      recipient: 4n,
    },
  };

  it("a landing with something to challenge is one call of both, and a plain one without", () => {
    const call = { submissions: [submission], recipient, deadlineSec: 9 };
    const both = rollup.decodeFunctionData("challengeAndSubmit", buildCalldata({ ...call, challenged: [log, log] }));
    expect(both[0].length).to.equal(2);
    expect(both[0][0].facts).to.equal(1n);
    expect(both[1][0].digest).to.equal(digest);
    expect(both[3]).to.equal(9n);
    expect(buildCalldata({ ...call, challenged: [] })).to.equal(buildCalldata(call));
  });

  it("a challenge takes signatures that are none, a cure gives a good one", () => {
    const [logs] = rollup.decodeFunctionData("challenge", buildChallengeCalldata([log]));
    expect([...logs[0].details.signature]).to.deep.equal(log.details.signature);
    const [landed, good] = rollup.decodeFunctionData("cure", buildCureCalldata(log, attestation));
    expect(landed.details.digest).to.equal(digest);
    expect(good.signers).to.equal(attestation.signers);
    expect(() => buildCureCalldata(log, { signers: 7n, signature: `0x${"11".repeat(96)}` })).to.throw(BlsError);
  });
});

describe("buildSubmission", () => {
  it("takes over header and attestation, and counts the blobs", () => {
    expect(buildSubmission(content, digest, attestation)).to.deep.equal({
      header: content.header,
      digest,
      blobCount: 2,
      attestation,
    });
  });

  it("refuses an attestation of something else", () => {
    refuses("digest-mismatch", () => buildSubmission({ ...content, chainId: 1n }, digest, attestation));
  });

  it("refuses a checkpoint without blobs, and an attestation by nobody", () => {
    const empty = { ...content, blobHashes: [] };
    refuses("digest-mismatch", () => buildSubmission(empty, digest, attestation));
    refuses("no-quorum", () => buildSubmission(content, digest, { ...attestation, signers: 0n }));
  });
});

describe("buildCalldata", () => {
  const submission = buildSubmission(content, digest, attestation);

  it("encodes the call that the contract's ABI decodes", () => {
    const data = buildCalldata({ submissions: [submission], recipient, deadlineSec: 1_800_000_000 });
    const [submissions, to, deadline] = new Interface(ROLLUP_ABI).decodeFunctionData("submit", data);
    expect(String(to).toLowerCase()).to.equal(recipient);
    expect(deadline).to.equal(1_800_000_000n);
    const decoded = submissions[0].toObject();
    expect(decoded).to.include({ digest, blobCount: 2n, signers: 7n });
    expect(decoded.signature.toArray()).to.deep.equal(bls.aggregate.signatureWords);
    expect(decoded.header.slot).to.equal(BigInt(content.header.slot));
    expect(decoded.header.outboxRoot).to.equal(content.header.outboxRoot);
  });

  it("refuses no submission, and a signature that is no point", () => {
    refuses("no-submission", () => buildCalldata({ submissions: [], recipient, deadlineSec: 1 }));
    const broken = { ...submission, attestation: { ...attestation, signature: `0x${"00".repeat(96)}` as Hex } };
    expect(() => buildCalldata({ submissions: [broken], recipient, deadlineSec: 1 })).to.throw(BlsError, "infinity");
  });
});

describe("buildSubmitTransaction", () => {
  const sidecars = ["c0", "c1", "c2"].map((byte) => ({
    data: new Uint8Array(131_072),
    commitment: `0x${byte.repeat(48)}` as Hex,
    proof: `0x${"00".repeat(48)}` as Hex,
  }));
  const hashes = sidecars.map(({ commitment }) => versionedHash(commitment));
  const submission = { ...buildSubmission(content, digest, attestation), blobCount: 1 };
  const item = (index: number) => ({
    submission,
    blobs: sidecars.slice(index, index + 1),
    blobHashes: hashes.slice(index, index + 1),
  });

  it("carries every submission's blobs in order", () => {
    const transaction = buildSubmitTransaction(content.rollup, [item(1), item(0)], { recipient, deadlineSec: 5 });
    expect(transaction.to).to.equal(content.rollup);
    expect(transaction.valueWei).to.equal(0n);
    expect(transaction.blobs).to.deep.equal([sidecars[1], sidecars[0]]);
    expect(transaction.data).to.equal(
      buildCalldata({ submissions: [submission, submission], recipient, deadlineSec: 5 }),
    );
  });

  it("refuses blobs that are too few, or not those of the digest", () => {
    const call = { recipient, deadlineSec: 5 };
    refuses("blob-count", () => buildSubmitTransaction(content.rollup, [{ ...item(0), blobs: [] }], call));
    refuses("blob-mismatch", () =>
      buildSubmitTransaction(content.rollup, [{ ...item(0), blobHashes: hashes.slice(1) }], call),
    );
  });
});
