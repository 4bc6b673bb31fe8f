import type { Hex } from "../types/hex.ts";
import type { Submission } from "../types/submission.ts";

/** A checkpoint that is said to have a quorum: a submission, and what its digest commits to besides the header. */
export interface CertifiedCheckpoint {
  submission: Submission;
  /** Low 160 bits of the parent's digest, 20 bytes. */
  parentDigest: Hex;
  /** Rolling inbox hash at the header's count, or zero if no message is consumed. */
  inboxHash: Hex;
  /** Versioned hashes of its blobs, in order. */
  blobHashes: readonly Hex[];
}

/**
 * Where certified checkpoints come from: an agent's JSON-RPC, gossip, an archive. Nothing a source says is trusted:
 * `checkCertificate` and `blobsOf` hold it against L1 and against the digest that a quorum signed.
 */
export interface CheckpointSource {
  /** What it knows that L1 does not have, in any order. Rejects when it cannot be asked. */
  certified(): Promise<CertifiedCheckpoint[]>;
  /** Data of the checkpoint's blocks, in order. Rejects when it cannot be asked or holds nothing of it. */
  blockDatas(checkpoint: CertifiedCheckpoint): Promise<Uint8Array[]>;
}
