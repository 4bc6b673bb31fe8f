import type { Hex } from "../../types/hex.ts";
import type { Timetable } from "../time/timetable.ts";
import type { Certificate, CheckpointProposal } from "../types/messages.ts";
import { type Base, bases, type ChainState, isComplete, type Unsubmitted } from "./state.ts";

/** Whether a proposal fits the blocks held here. `wait`: something it needs may still come. */
export type ProposalFit =
  | { fit: "yes"; parent: Base; entry: Unsubmitted }
  | { fit: "wait"; reason: string }
  | { fit: "no"; reason: string };

/** Compares a checkpoint proposal with the blocks of its slot and the checkpoint below it. */
export function fitProposal(state: ChainState, proposal: CheckpointProposal): ProposalFit {
  const { header } = proposal;
  const at = state.unsubmitted.findIndex((entry) => entry.slot === header.slot);
  if (header.slot <= state.submitted.slot) return { fit: "no", reason: "the slot is already on L1" };
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

/** Records a proposal that fits; a slot takes one and keeps it. */
export function addProposal(state: ChainState, proposal: CheckpointProposal, digest: Hex): ChainState {
  return update(state, proposal.header.slot, (entry) =>
    entry.proposed === undefined ? { ...entry, proposed: { proposal, digest, certificate: undefined } } : entry,
  );
}

/** Records a certificate for the digest held in its slot; any other certificate changes nothing. */
export function addCertificate(state: ChainState, certificate: Certificate): ChainState {
  return update(state, certificate.slot, (entry) =>
    entry.proposed?.digest === certificate.digest && entry.proposed.certificate === undefined
      ? { ...entry, proposed: { ...entry.proposed, certificate } }
      : entry,
  );
}

function update(state: ChainState, slot: number, change: (entry: Unsubmitted) => Unsubmitted): ChainState {
  return { ...state, unsubmitted: state.unsubmitted.map((entry) => (entry.slot === slot ? change(entry) : entry)) };
}

/** A slot that no canonical L1 block can hold any more; judged by L1's time alone, never by a local clock. */
export function isDead(slot: number, l1TimestampSeconds: number, timetable: Timetable): boolean {
  return l1TimestampSeconds * 1000 >= timetable.of(slot).lastLateBlockMs;
}

/**
 * A checkpoint may be attested iff its parent is submitted or certified here, and every slot between them is dead
 * or skipped by a certificate: else two certificates could compete for one place in the chain.
 */
export function isAttestable(
  state: ChainState,
  slot: number,
  skipped: ReadonlySet<number>,
  timetable: Timetable,
): boolean {
  const at = state.unsubmitted.findIndex((entry) => entry.slot === slot);
  if (at < 0) return false;
  const below = state.unsubmitted[at - 1];
  if (below !== undefined && below.proposed?.certificate === undefined) return false;
  const parentSlot = below?.slot ?? state.submitted.slot;
  for (let between = parentSlot + 1; between < slot; between++) {
    if (!skipped.has(between) && !isDead(between, state.l1.timestamp, timetable)) return false;
  }
  return true;
}
