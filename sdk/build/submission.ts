import { type CheckpointContent, checkpointDigest } from "../digest/checkpoint.ts";
import type { Hex } from "../types/hex.ts";
import type { Attestation, Submission } from "../types/submission.ts";
import { BuildError } from "./error.ts";

/** The contract counts blobs in one byte. */
const MAX_BLOB_COUNT = 255;

/**
 * Puts a checkpoint and its attestation together.
 * @param content All that the digest commits to, as the proposal gave it.
 * @param digest What the attesters signed.
 * @throws BuildError "digest-mismatch" when they signed something else, "blob-count" for no blob, "no-quorum" for no
 * signer.
 */
export function buildSubmission(content: CheckpointContent, digest: Hex, attestation: Attestation): Submission {
  const expected = checkpointDigest(content);
  if (digest !== expected) {
    throw new BuildError("digest-mismatch", `the content's digest is ${expected}, the attested one ${digest}`);
  }
  const blobCount = content.blobHashes.length;
  if (blobCount === 0 || blobCount > MAX_BLOB_COUNT) {
    throw new BuildError("blob-count", `expected 1 to ${MAX_BLOB_COUNT} blobs, got ${blobCount}`);
  }
  if (attestation.signers === 0n) throw new BuildError("no-quorum", "expected signers, got an empty bitmap");
  return { header: content.header, digest, blobCount, attestation };
}
