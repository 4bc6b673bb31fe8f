import type { CheckpointHeader } from "../../types/header.ts";
import type { Hex } from "../../types/hex.ts";
import type { SignatureKind } from "../../types/signature.ts";

export type { SignatureKind } from "../../types/signature.ts";

/** One L2 block of a checkpoint under construction, as its proposer gossips it. */
export interface BlockProposal {
  /** Submission slot of the checkpoint the block belongs to. */
  slot: number;
  /** Position in the checkpoint, from 0. */
  index: number;
  /** 0, or 1 after the proposer discarded its first attempt for another parent. */
  attempt: 0 | 1;
  /** True on the checkpoint's last block: the successor may start on it. */
  last: boolean;
  parentHash: Hex;
  blockHash: Hex;
  /** The block's content exactly as it will stand in the blob (see sdk/blob): compressed, so never compressed twice. */
  data: Uint8Array;
  /** Signature of kind `block` over the hash of all fields above; uncompressed G1, 96 bytes. */
  signature: Hex;
}

/** A proposer's final word on its slot. */
export interface CheckpointProposal {
  header: CheckpointHeader;
  /** Low 160 bits of the parent checkpoint's digest, 20 bytes. */
  parentDigest: Hex;
  /** Versioned hashes of the checkpoint's blobs, in order. */
  blobHashes: Hex[];
  /** Inbox rolling hash at `header.inboxCount`; zero when the checkpoint consumes no message. */
  inboxHash: Hex;
  /** Signature of kind `proposal` over the checkpoint's digest. */
  signature: Hex;
}

/** One validator's vote: `attestation` for a digest, or `skip` for the slot with a zero digest. */
export interface Vote {
  kind: "attestation" | "skip";
  slot: number;
  digest: Hex;
  validatorIndex: number;
  signature: Hex;
}

/** An aggregate of votes by more than two thirds of the slot's set. */
export interface Certificate {
  kind: "attestation" | "skip";
  slot: number;
  digest: Hex;
  /** Bit i is set iff the validator with index i signed. */
  signers: bigint;
  signature: Hex;
}

/** All that a node needs to take in a checkpoint that is on L1, as a peer serves it. */
export interface CheckpointData {
  /** In order, from index 0 to the last. */
  blocks: BlockProposal[];
  proposal: CheckpointProposal;
  certificate: Certificate | undefined;
}

/** What one validator, or several together, signed for a slot: a proposal, a vote or a certificate. */
export interface Statement {
  kind: Exclude<SignatureKind, "block">;
  slot: number;
  digest: Hex;
  /** Bit i is set iff the validator with index i signed. */
  signers: bigint;
  signature: Hex;
}

/** Two statements that no honest validator signs both. */
export interface Equivocation {
  first: Statement;
  second: Statement;
  /** L1 takes it no more: somebody has shown it there, or it is too old. */
  isOver: boolean;
}
