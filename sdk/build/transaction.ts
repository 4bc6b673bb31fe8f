import { type BlobSidecar, versionedHash } from "../blob/kzg.ts";
import type { Hex } from "../types/hex.ts";
import type { Submission } from "../types/submission.ts";
import { buildCalldata, type SubmitCall } from "./calldata.ts";
import { BuildError } from "./error.ts";

/** What `sdk/submit` sends: a call with its blobs, in the order of the submissions. */
export interface SubmitTransaction {
  to: Hex;
  data: Hex;
  valueWei: bigint;
  blobs: BlobSidecar[];
}

/** One submission with the blobs that are its own. */
export interface SubmissionWithBlobs {
  submission: Submission;
  /** `submission.blobCount` blobs, with proofs of the wrapper version that the L1 node takes. */
  blobs: BlobSidecar[];
  /** The versioned hashes the digest commits to. */
  blobHashes: readonly Hex[];
}

/**
 * Builds the transaction that lands one checkpoint, or a late one together with the next.
 * @param rollup Address of the rollup contract.
 * @param items In the order of their slots.
 * @throws BuildError "blob-count" or "blob-mismatch" when the blobs are not those the digest commits to.
 */
export function buildSubmitTransaction(
  rollup: Hex,
  items: readonly SubmissionWithBlobs[],
  call: Omit<SubmitCall, "submissions">,
): SubmitTransaction {
  for (const item of items) checkBlobs(item);
  return {
    to: rollup,
    data: buildCalldata({ ...call, submissions: items.map(({ submission }) => submission) }),
    valueWei: 0n,
    blobs: items.flatMap(({ blobs }) => blobs),
  };
}

function checkBlobs({ submission, blobs, blobHashes }: SubmissionWithBlobs): void {
  const { slot } = submission.header;
  if (blobs.length !== submission.blobCount) {
    throw new BuildError("blob-count", `slot ${slot}: expected ${submission.blobCount} blobs, got ${blobs.length}`);
  }
  for (const [index, { commitment }] of blobs.entries()) {
    const hash = versionedHash(commitment);
    if (hash !== blobHashes[index]) {
      throw new BuildError("blob-mismatch", `slot ${slot}, blob ${index}: expected ${blobHashes[index]}, got ${hash}`);
    }
  }
}
