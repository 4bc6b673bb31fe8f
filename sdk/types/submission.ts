import type { CheckpointHeader } from "./header.ts";
import type { Hex } from "./hex.ts";

/** More than two thirds of a slot's set signed one digest. */
export interface Attestation {
  /** Bit i is set iff the validator with index i signed. */
  signers: bigint;
  /** Aggregate signature, an uncompressed BLS12-381 G1 point: x then y, 48 bytes each, big endian. */
  signature: Hex;
}

/** One checkpoint as `Rollup.submit` takes it; its blobs ride on the transaction. */
export interface Submission {
  header: CheckpointHeader;
  /** The attested digest, 32 bytes. */
  digest: Hex;
  /** How many of the transaction's blobs belong to this submission, 1 to `maxBlobsPerCheckpoint`. */
  blobCount: number;
  attestation: Attestation;
}
