import { id } from "ethers";
import { type SoliditySignature, splitSignature } from "../../../sdk/bls/solidity.ts";
import type { SoliditySubmission } from "../../../sdk/build/calldata.ts";
import { checkpointDigest, parentDigestOf } from "../../../sdk/digest/checkpoint.ts";
import { EMPTY_INBOX_HASH } from "../../../sdk/digest/inbox.ts";
import { signingMessage } from "../../../sdk/digest/signingMessage.ts";
import type { CheckpointHeader } from "../../../sdk/types/header.ts";
import type { Hex } from "../../../sdk/types/hex.ts";
import type { TestBlob } from "../../sdk/world/blobs.ts";
import { signTogether } from "./keys.ts";

/** What of its parent a checkpoint depends on. */
export interface Parent {
  inboxCount: number;
  /** Low 160 bits, 20 bytes. */
  digest: Hex;
}

export const GENESIS: Parent = { inboxCount: 0, digest: `0x${"00".repeat(20)}` };
export const NOBODY: Hex = `0x${"00".repeat(20)}`;
/** Three of them are the point at infinity. */
const INFINITY_WORD: Hex = `0x${"00".repeat(32)}`;

/** Where a checkpoint is meant for. */
export interface Place {
  chainId: bigint;
  rollup: Hex;
}

/** A checkpoint: what is given, and how it differs from a good one. */
export interface CheckpointOptions {
  slot: number;
  parent?: Parent;
  header?: Partial<CheckpointHeader>;
  blobs: readonly TestBlob[];
  /** Rolling hash at `header.inboxCount`, if messages are consumed. */
  inboxHash?: Hex;
  /** Validator indices that sign; the keys are those of the same seeds. */
  signers: readonly number[];
  /** The digest they sign instead of the checkpoint's. */
  signedDigest?: Hex;
  /** Distinguishes checkpoints of one slot. */
  salt?: string;
}

/** A checkpoint ready to be sent. */
export interface TestCheckpoint {
  submission: SoliditySubmission;
  blobs: readonly TestBlob[];
  /** Itself as a parent. */
  tip: Parent;
}

/** Builds and signs a checkpoint. */
export function buildCheckpoint(place: Place, options: CheckpointOptions): TestCheckpoint {
  const { slot, parent = GENESIS, blobs, inboxHash = EMPTY_INBOX_HASH, signers, salt = "" } = options;
  const header: CheckpointHeader = {
    slot,
    lastBlockHash: id(`block ${slot} ${salt}`) as Hex,
    lastBlockNumber: slot * 12,
    inboxCount: parent.inboxCount,
    outboxRoot: id(`outbox ${slot}`) as Hex,
    coinbase: id(`coinbase ${slot}`).slice(0, 42) as Hex,
    onTimeRecipient: NOBODY,
    onTimeCapBps: 0,
    ...options.header,
  };
  const blobHashes = blobs.map(({ hash }) => hash);
  const digest = checkpointDigest({ ...place, header, parentDigest: parent.digest, inboxHash, blobHashes });
  const message = signingMessage("attestation", { ...place, slot }, options.signedDigest ?? digest);
  return {
    submission: {
      header,
      digest,
      blobCount: blobs.length,
      signers: bitmap(signers),
      signature: signatureOver(message, signers),
    },
    blobs,
    tip: { inboxCount: header.inboxCount, digest: parentDigestOf(digest) },
  };
}

/** The aggregate signature of some validators as Solidity takes it. */
export function signatureOver(message: Hex, signers: readonly number[]): SoliditySignature {
  return signers.length === 0
    ? [INFINITY_WORD, INFINITY_WORD, INFINITY_WORD]
    : splitSignature(signTogether(message, signers));
}

/** The same checkpoint with another claim about it. */
export function claiming(checkpoint: TestCheckpoint, claim: Partial<SoliditySubmission>): TestCheckpoint {
  return { ...checkpoint, submission: { ...checkpoint.submission, ...claim } };
}

/** Bit i is set iff i is among the indices. */
export const bitmap = (indices: readonly number[]): bigint => indices.reduce((bits, i) => bits | (1n << BigInt(i)), 0n);

/** 0 to `count` - 1. */
export const range = (count: number): number[] => Array.from({ length: count }, (_, index) => index);
