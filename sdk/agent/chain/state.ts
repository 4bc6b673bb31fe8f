import { parentDigestOf } from "../../digest/checkpoint.ts";
import type { Hex } from "../../types/hex.ts";
import type { Landing } from "../store/interface.ts";
import type { Certificate, CheckpointProposal } from "../types/messages.ts";

/** A block this node re-executed (or built), as the chain rules see it. */
export interface ExecutedBlock {
  slot: number;
  attempt: 0 | 1;
  index: number;
  last: boolean;
  parentHash: Hex;
  hash: Hex;
  number: number;
  /** L2 transactions in it; the engine keeps their content. */
  transactionCount: number;
  /** Inbox messages it consumes. */
  withdrawalCount: number;
}

/** The end of a checkpoint that a later one can build on. */
export interface Base {
  slot: number;
  /** Low 160 bits of the checkpoint's digest; undefined while its proposal is not known. */
  digest: Hex | undefined;
  blockHash: Hex;
  blockNumber: number;
  /** Inbox messages consumed up to here. */
  inboxCount: number;
}

/** A validated checkpoint proposal and what was gathered for it. */
export interface Proposed {
  proposal: CheckpointProposal;
  digest: Hex;
  certificate: Certificate | undefined;
}

/** One checkpoint that is not on L1 yet; its parent is the entry before it, or the submitted tip. */
export interface Unsubmitted {
  slot: number;
  attempt: 0 | 1;
  blocks: readonly ExecutedBlock[];
  proposed: Proposed | undefined;
}

/** A checkpoint on L1 whose content this node holds; it becomes unsubmitted again if an L1 reorg removes it. */
export interface Submitted {
  entry: Unsubmitted;
  base: Base;
  landing: Landing;
}

/** Whose the credit of a landing is, by the time it came. */
export type LandedBy = "proposer" | "successor" | "other";

/** What a landing cost, and what it is worth. */
export interface LandingBill {
  by: LandedBy;
  /** Fees of its L1 transaction, blobs included; the whole of them, though another checkpoint may have landed in it too. */
  costWei: bigint;
  /** To be paid to its recipient, if it is late or its reward is shared. */
  paidWei: bigint;
  /** To be taken for it from its proposer's reward. */
  chargedWei: bigint;
}

/** A checkpoint L1 says it holds. */
export interface Landed {
  slot: number;
  digest: Hex;
  landing: Landing;
  bill: LandingBill;
  /** The signature it landed with is a quorum's: L1 verified it, or this node has. */
  signed: boolean;
  /** That signature, if it is good. */
  certificate?: Certificate | undefined;
}

/** A checkpoint on L1 that nobody is known to have signed: L1 took its submitter's word for it, this node does not. */
export interface Suspect extends Landed {
  /** The L1 block before the one that holds it: a node that starts again reads on from there. */
  before: L1View;
}

/** What L1 was last seen to be. */
export interface L1View {
  blockNumber: number;
  blockHash: Hex;
  /** Unix seconds. */
  timestamp: number;
}

/**
 * The chain as one node sees it, one value: what is submitted, and the speculative checkpoints above it, oldest first.
 * Invariant: `unsubmitted` slots ascend strictly and each entry's first block names its predecessor's last block.
 */
export interface ChainState {
  l1: L1View;
  submitted: Base;
  settled: Base;
  /** Settled in an L1 block that is final: never moves back. */
  finalized: Base;
  /** Checkpoints in (finalized, settled], ascending: an L1 reorg can take back that they were settled. */
  unfinalized: readonly Submitted[];
  /** Checkpoints in (settled, submitted], ascending. */
  unsettled: readonly Submitted[];
  /** What L1 holds on top of `submitted` and this node does not follow, ascending. */
  suspects: readonly Suspect[];
  unsubmitted: readonly Unsubmitted[];
  /** What is known of slots that are not on L1, beside their checkpoints: ascending, at most one record each. */
  slots: readonly SlotRecord[];
}

/** What its votes have decided about a slot, and what its proposer was seen to do; outlives a discarded checkpoint. */
export interface SlotRecord {
  slot: number;
  /** Certificate of a checkpoint of this slot, whether that is held here or not. */
  attested: Certificate | undefined;
  /** Certificate by which nothing of this slot is ever attested. */
  skipped: Certificate | undefined;
  /** Slot of the checkpoint that its own stood on, directly or not, when that was dead; an L1 reorg may undo it. */
  stoodOn: number | undefined;
  /** Since when, as seen from here, its proposer could have built; Unix ms. */
  buildableMs: number | undefined;
  /** Parent of each attempt of which a valid block was executed here. */
  parents: Readonly<Partial<Record<0 | 1, Hex>>>;
}

/**
 * Why a checkpoint left the chain: `skipped` and `equivocated`, a certificate shows that it will never have one, as
 * its slot is skipped or another checkpoint of its slot has it; `uncertified`, none came in time.
 */
export type DiscardReason =
  | "dead"
  | "superseded"
  | "skipped"
  | "equivocated"
  | "uncertified"
  | "parent-discarded"
  | "l1-differs"
  | "removed-on-l1"
  | "rebuilt";

export interface Discarded {
  slot: number;
  reason: DiscardReason;
  /** Oldest first. */
  blocks: readonly ExecutedBlock[];
}

/** A checkpoint is complete when its last block is here: the successor may build on it. */
export const isComplete = (entry: Unsubmitted): boolean => entry.blocks.at(-1)?.last === true;

/** What builds on `entry` builds on this; undefined while it is not complete. */
export function baseOf(entry: Unsubmitted, parent: Base): Base | undefined {
  const last = entry.blocks.at(-1);
  if (last === undefined || !last.last) return undefined;
  return {
    slot: entry.slot,
    digest: entry.proposed && parentDigestOf(entry.proposed.digest),
    blockHash: last.hash,
    blockNumber: last.number,
    inboxCount: parent.inboxCount + entry.blocks.reduce((sum, block) => sum + block.withdrawalCount, 0),
  };
}

/** The submitted tip and the end of every complete checkpoint above it, oldest first. */
export function bases(state: ChainState): Base[] {
  const found = [state.submitted];
  for (const entry of state.unsubmitted) {
    const base = baseOf(entry, found[found.length - 1] as Base);
    if (base === undefined) break;
    found.push(base);
  }
  return found;
}
