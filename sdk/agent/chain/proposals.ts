import type { Hex } from "../../types/hex.ts";
import type { Timetable } from "../time/timetable.ts";
import type { CheckpointProposal } from "../types/messages.ts";
import { mayStandOn } from "./depth.ts";
import { isDead, isSkipped, slotRecord } from "./slots.ts";
import { type Base, bases, type ChainState, isComplete, type Unsubmitted } from "./state.ts";

/** Whether a proposal fits the blocks held here. `wait`: something it needs may still come. */
export type ProposalFit =
  | { fit: "yes"; parent: Base; entry: Unsubmitted }
  | { fit: "wait"; reason: string }
  | { fit: "no"; reason: string };

/** Compares a checkpoint proposal with the blocks of its slot, the checkpoint below it, and what was voted on. */
export function fitProposal(state: ChainState, proposal: CheckpointProposal, digest: Hex): ProposalFit {
  const { header } = proposal;
  const at = state.unsubmitted.findIndex((entry) => entry.slot === header.slot);
  if (header.slot <= state.submitted.slot) return { fit: "no", reason: "the slot is already on L1" };
  const { attested } = slotRecord(state, header.slot);
  if (attested !== undefined && attested.digest !== digest) {
    return { fit: "no", reason: `a quorum attested ${attested.digest} in this slot, got ${digest}` };
  }
  const entry = state.unsubmitted[at];
  if (entry === undefined || !isComplete(entry)) return { fit: "wait", reason: "blocks are missing" };
  const parent = bases(state)[at] as Base;
  if (parent.digest === undefined) return { fit: "wait", reason: "the parent's proposal is missing" };
  if (parent.digest !== proposal.parentDigest) {
    return { fit: "no", reason: `parent digest: expected ${parent.digest}, got ${proposal.parentDigest}` };
  }
  const last = entry.blocks.at(-1);
  if (last?.hash !== header.lastBlockHash || last.number !== header.lastBlockNumber) {
    return {
      fit: "no",
      reason: `last block: expected ${last?.number} ${last?.hash}, got ${header.lastBlockNumber} ${header.lastBlockHash}`,
    };
  }
  return { fit: "yes", parent, entry };
}

/** Records a proposal that fits, with its certificate if that came before it; a slot takes one and keeps it. */
export function addProposal(state: ChainState, proposal: CheckpointProposal, digest: Hex): ChainState {
  const { slot } = proposal.header;
  const { attested } = slotRecord(state, slot);
  const certificate = attested?.digest === digest ? attested : undefined;
  const unsubmitted = state.unsubmitted.map((entry) =>
    entry.slot === slot && entry.proposed === undefined
      ? { ...entry, proposed: { proposal, digest, certificate } }
      : entry,
  );
  return { ...state, unsubmitted };
}

/** Whether what a checkpoint stands on is submitted, or certified here. */
export function standsOnCertified(state: ChainState, slot: number): boolean {
  const at = state.unsubmitted.findIndex((entry) => entry.slot === slot);
  return at === 0 || state.unsubmitted[at - 1]?.proposed?.certificate !== undefined;
}

/**
 * A checkpoint may be attested iff it keeps to the depth limit, its parent is submitted or certified here, and every
 * slot between them is dead or skipped by a certificate: else two certificates could compete for one place in the chain.
 */
export function isAttestable(state: ChainState, slot: number, timetable: Timetable): boolean {
  const at = state.unsubmitted.findIndex((entry) => entry.slot === slot);
  if (at < 0 || !mayStandOn(state, at, timetable)) return false;
  if (!standsOnCertified(state, slot)) return false;
  const parentSlot = state.unsubmitted[at - 1]?.slot ?? state.submitted.slot;
  for (let between = parentSlot + 1; between < slot; between++) {
    if (!isSkipped(state, between) && !isDead(between, state.l1.timestamp, timetable)) return false;
  }
  return true;
}
