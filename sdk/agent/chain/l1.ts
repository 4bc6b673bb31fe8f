import type { Timetable } from "../time/timetable.ts";
import type { Certificate } from "../types/messages.ts";
import { discardFrom } from "./blocks.ts";
import { isDead, noteSlot, pruneSlots } from "./slots.ts";
import {
  bases,
  type ChainState,
  type Discarded,
  type L1View,
  type Landed,
  type Submitted,
  type Unsubmitted,
} from "./state.ts";

export type LandedOutcome =
  /** It is what we hold: promoted. */
  | { outcome: "promoted"; state: ChainState; discarded: Discarded[] }
  /** Already known there, perhaps in another L1 block now. */
  | { outcome: "known"; state: ChainState }
  /** L1 holds something this node does not: its data must be fetched before the node can go on. */
  | { outcome: "missing"; state: ChainState; discarded: Discarded[] };

/** Takes over what L1 shows: promotes what we hold, discards what it contradicts. */
export function applyLanded(state: ChainState, landed: Landed): LandedOutcome {
  // What is settled or final is read again when L1 is read again from further back.
  const isSettled = state.unfinalized.some((entry) => entry.base.slot === landed.slot);
  if (isSettled || landed.slot <= state.finalized.slot) return { outcome: "known", state };
  const at = state.unsettled.findIndex((entry) => entry.base.slot === landed.slot);
  const known = state.unsettled[at];
  if (known !== undefined) {
    const unsettled = state.unsettled.with(at, { ...known, landing: landed.landing });
    return { outcome: "known", state: { ...state, unsettled } };
  }
  const position = state.unsubmitted.findIndex((entry) => entry.proposed?.digest === landed.digest);
  if (position < 0) {
    // Held without its proposal: these may well be its blocks, and those of the next one stand on them.
    const [first] = state.unsubmitted;
    if (first?.slot === landed.slot && first.proposed === undefined) {
      return { outcome: "missing", state, discarded: [] };
    }
    return { outcome: "missing", ...discardUnsubmitted(state) };
  }
  if (position > 0) {
    // L1 can only hold it on top of its parent: the ones below are on L1 too, and their events come first.
    throw new Error(`checkpoint of slot ${landed.slot} landed before the one below it`);
  }
  const base = bases(state)[1];
  if (base === undefined) throw new Error(`checkpoint of slot ${landed.slot} is proposed but not complete`);
  const entry = withCertificate(state.unsubmitted[0] as Unsubmitted, landed.certificate);
  const submitted: Submitted = { entry, base, landing: landed.landing };
  return {
    outcome: "promoted",
    state: {
      ...pruneSlots(state, base.slot + 1),
      submitted: base,
      unsettled: [...state.unsettled, submitted],
      unsubmitted: state.unsubmitted.slice(1),
    },
    discarded: [],
  };
}

/** With the quorum's signature that it landed with, if none is held: should L1 lose it again, it is known to be certified. */
function withCertificate(entry: Unsubmitted, certificate: Certificate | undefined): Unsubmitted {
  const { proposed } = entry;
  if (proposed === undefined || proposed.certificate !== undefined) return entry;
  return { ...entry, proposed: { ...proposed, certificate } };
}

/** Makes room for a checkpoint on L1 that is none of those held here. */
export const discardUnsubmitted = (state: ChainState): { state: ChainState; discarded: Discarded[] } =>
  discardFrom(state, 0, "l1-differs");

/** Moves on to a new canonical L1 block, after its landings were applied: what can no longer land is discarded. */
export function applyL1Block(
  state: ChainState,
  l1: L1View,
  timetable: Timetable,
): { state: ChainState; discarded: Discarded[] } {
  const next = { ...state, l1 };
  const dead = next.unsubmitted.findIndex((entry) => isDead(entry.slot, l1.timestamp, timetable));
  if (dead < 0) return { state: next, discarded: [] };
  const { state: left, discarded } = discardFrom(next, dead, "dead");
  const stoodOn = discarded[0]?.slot;
  const noted = discarded.slice(1).reduce((noting, { slot }) => noteSlot(noting, slot, { stoodOn }), left);
  return { state: noted, discarded };
}

/**
 * L1 went back to block `ancestor`: checkpoints that landed later are unsubmitted again, under the speculative ones, and
 * those that were settled later are unsettled. Nothing is discarded: the same submissions may land in other L1 blocks,
 * or are sent again while their window is open.
 * @param settledNumber Checkpoint number settled at `ancestor`; undefined if L1 does not tell, and nothing is unsettled
 * but what has not landed there.
 */
export function applyRewind(state: ChainState, ancestor: L1View, settledNumber?: number): ChainState {
  const held = [...state.unfinalized, ...state.unsettled];
  const keep = held.filter(({ landing }) => landing.l1BlockNumber <= ancestor.blockNumber);
  const back = held.slice(keep.length).map((entry) => entry.entry);
  const isSettled = ({ landing }: Submitted): boolean => landing.number <= (settledNumber ?? Number.POSITIVE_INFINITY);
  const unfinalized = keep.slice(0, state.unfinalized.length).filter(isSettled);
  const settled = unfinalized.at(-1)?.base ?? state.finalized;
  return {
    ...state,
    l1: ancestor,
    submitted: keep.at(-1)?.base ?? state.finalized,
    settled,
    unfinalized,
    unsettled: keep.slice(unfinalized.length),
    suspects: state.suspects.filter(({ landing }) => landing.l1BlockNumber <= ancestor.blockNumber),
    unsubmitted: [...back, ...state.unsubmitted],
  };
}

/** Moves the settled tip to checkpoint number `number` on L1. */
export function applySettled(state: ChainState, number: number): ChainState {
  const settled = state.unsettled.filter((entry) => entry.landing.number <= number);
  const last = settled.at(-1);
  if (last === undefined) return state;
  return {
    ...state,
    settled: last.base,
    unfinalized: [...state.unfinalized, ...settled],
    unsettled: state.unsettled.slice(settled.length),
  };
}

/** Moves the finalized tip to checkpoint number `number` on L1, or as far as this node knows it settled; never back. */
export function applyFinalized(state: ChainState, number: number): ChainState {
  const final = state.unfinalized.filter(({ landing }) => landing.number <= number);
  const last = final.at(-1);
  if (last === undefined) return state;
  return { ...state, finalized: last.base, unfinalized: state.unfinalized.slice(final.length) };
}

/**
 * The checkpoints above number `tip` are on L1 no more: challenged, or not proven in time. What a quorum signed and can
 * still land, on a parent that is there, is unsubmitted again; what cannot is gone, with everything on it.
 * @param l1TimestampSeconds of the L1 block that took them away.
 */
export function applyRollback(
  state: ChainState,
  tip: number,
  l1TimestampSeconds: number,
  timetable: Timetable,
): { state: ChainState; discarded: Discarded[] } {
  const suspects = state.suspects.filter(({ landing }) => landing.number <= tip);
  const keep = state.unsettled.filter((entry) => entry.landing.number <= tip);
  if (keep.length === state.unsettled.length) return { state: { ...state, suspects }, discarded: [] };
  const back = state.unsettled.slice(keep.length).map((entry) => entry.entry);
  const reopened: ChainState = {
    ...state,
    submitted: keep.at(-1)?.base ?? state.settled,
    unsettled: keep,
    suspects,
    unsubmitted: [...back, ...state.unsubmitted],
  };
  const gone = back.findIndex(
    ({ slot, proposed }) => proposed?.certificate === undefined || isDead(slot, l1TimestampSeconds, timetable),
  );
  return gone < 0 ? { state: reopened, discarded: [] } : discardFrom(reopened, gone, "removed-on-l1");
}
