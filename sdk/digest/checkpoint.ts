import { concat, id, isHexString, keccak256, toBeHex, zeroPadValue } from "ethers";
import type { CheckpointHeader } from "../types/header.ts";
import type { Hex } from "../types/hex.ts";

/** First word of every checkpoint digest: keeps it apart from anything else ever hashed. */
export const CHECKPOINT_TYPE = id("baton.checkpoint.v1") as Hex;

/** All that a checkpoint's digest commits to. */
export interface CheckpointContent {
  /** L1 chain id. */
  chainId: bigint;
  /** Address of the rollup contract. */
  rollup: Hex;
  header: CheckpointHeader;
  /** Low 160 bits of the parent checkpoint's digest, 20 bytes; zero for a child of genesis. */
  parentDigest: Hex;
  /** Rolling inbox hash at `header.inboxCount` if this checkpoint consumes messages, else zero. */
  inboxHash: Hex;
  /** Versioned hashes of the checkpoint's blobs, in order. */
  blobHashes: readonly Hex[];
}

/**
 * What attesters sign and the contract recomputes from its own state: keccak256 over one 32-byte word per value.
 * @throws TypeError for a value of another length than its type's.
 */
export function checkpointDigest(content: CheckpointContent): Hex {
  const { header } = content;
  const words = [
    CHECKPOINT_TYPE,
    uint(content.chainId),
    address(content.rollup),
    uint(header.slot),
    word(header.lastBlockHash),
    uint(header.lastBlockNumber),
    uint(header.inboxCount),
    word(header.outboxRoot),
    address(header.coinbase),
    address(header.onTimeRecipient),
    uint(header.onTimeCapBps),
    address(content.parentDigest),
    word(content.inboxHash),
    uint(content.blobHashes.length),
    ...content.blobHashes.map(word),
  ];
  return keccak256(concat(words)) as Hex;
}

/**
 * The low 160 bits of a digest: how a child names its parent, and what the contract keeps of its tip.
 * @throws TypeError unless the digest is 32 bytes.
 */
export function parentDigestOf(digest: Hex): Hex {
  return `0x${word(digest).slice(26)}`;
}

const uint = (value: number | bigint): string => toBeHex(value, 32);

function address(value: Hex): string {
  return zeroPadValue(sized(value, 20), 32);
}

function word(value: Hex): Hex {
  return sized(value, 32);
}

function sized(value: Hex, bytes: number): Hex {
  if (!isHexString(value, bytes)) throw new TypeError(`expected ${bytes} bytes of hex, got ${value}`);
  return value;
}
