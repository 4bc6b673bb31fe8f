import type { Hex } from "../../types/hex.ts";
import type {
  BlockProposal,
  Certificate,
  CheckpointData,
  CheckpointProposal,
  Equivocation,
} from "../types/messages.ts";
import type { Tips } from "../types/tips.ts";

/** Where a checkpoint stands on L1. */
export interface Landing {
  /** Checkpoint number on L1. */
  number: number;
  l1BlockNumber: number;
  l1BlockHash: Hex;
  transactionHash: Hex;
  submitter: Hex;
  gasUsed: bigint;
  onTime: boolean;
  verified: boolean;
}

/** One checkpoint as this node holds it. */
export interface CheckpointRecord {
  slot: number;
  digest: Hex;
  proposal: CheckpointProposal;
  /** `discarded` records are kept apart. */
  status: "proposed" | "attested" | "submitted" | "settled";
  certificate: Certificate | undefined;
  landing: Landing | undefined;
}

/** How far L1 was read. */
export interface L1Cursor {
  blockNumber: number;
  blockHash: Hex;
}

/**
 * The block a proposer is about to sign, without its signature. Its name is on it from the moment the signing guard
 * knows it: whatever crashes then, this one is signed again and no other.
 */
export interface Draft {
  /** What the first block of the same attempt builds on. */
  baseHash: Hex;
  block: Omit<BlockProposal, "signature">;
}

/** What one decision changes; written as one durable transaction or not at all. */
export interface StoreChanges {
  tips?: Tips;
  cursor?: L1Cursor;
  putCheckpoints?: CheckpointRecord[];
  /**
   * Also removes the slot's block proposals; both are kept apart as discarded. Applied before the puts, so a slot can be
   * replaced in one commit.
   */
  removeSlots?: number[];
  putBlocks?: BlockProposal[];
  /** Replaces the one before. */
  draft?: Draft;
  /** Replaces those before; at most `MAX_EQUIVOCATIONS`. */
  equivocations?: readonly Equivocation[];
}

export interface StoredState {
  tips: Tips | undefined;
  cursor: L1Cursor | undefined;
  /** Ascending by slot. */
  checkpoints: CheckpointRecord[];
  /** Ascending by slot, attempt, index. */
  blocks: BlockProposal[];
}

/**
 * Discarded slots kept above the finalized one: L1 may yet hold what was given up there, after a reorg, and peers may ask
 * for it. More than a mainnet epoch and L1's finality together take; at most some 25 MB.
 */
export const MAX_DISCARDED_SLOTS = 64;
/** The newest discarded slots are kept though they are final: more than can stand unsubmitted, twice over. */
export const MIN_DISCARDED_SLOTS = 8;

/** Pairs of contradicting signatures kept. */
export const MAX_EQUIVOCATIONS = 256;

export class StoreError extends Error {
  readonly code: "schema-version" | "other-chain" | "corrupt" | "closed" | "in-use" | "tips-order";
  constructor(code: StoreError["code"], message: string) {
    super(message);
    this.name = "StoreError";
    this.code = code;
  }
}

/** The consensus side of the agent's disk. One writer; reads come from memory after `load`. */
export interface ChainStore {
  load(): StoredState;
  /** Resolves once the changes are durable. */
  commit(changes: StoreChanges): Promise<void>;
  /** Block proposals of a slot, ascending by index; for serving peers. */
  blocksOf(slot: number): BlockProposal[];
  checkpointOf(slot: number): CheckpointRecord | undefined;
  /**
   * Block proposals that were removed with their slots, in the order of the chain they were on: their transactions were
   * shown to users. Of the newest `MAX_DISCARDED_SLOTS` slots that are not final, and of the newest
   * `MIN_DISCARDED_SLOTS` in any case; older ones are forgotten.
   */
  discarded(): BlockProposal[];
  /** A checkpoint that was removed with its slot, whole; for as long as its blocks are kept. */
  discardedCheckpoint(slot: number, digest: Hex): CheckpointData | undefined;
  equivocations(): Equivocation[];
  /** The newest draft, if any. */
  draft(): Draft | undefined;
  close(): Promise<void>;
}
