import type { Timetable } from "../time/timetable.ts";
import { ignore, reject, type Verdict } from "../types/verdict.ts";
import { mayStandOn } from "./depth.ts";
import { isSkipped, noteSlot, slotRecord } from "./slots.ts";
import {
  type Base,
  bases,
  type ChainState,
  type Discarded,
  type DiscardReason,
  type ExecutedBlock,
  type Unsubmitted,
} from "./state.ts";

/** A block's place: it goes on with the newest checkpoint, or opens one on the base at `depth`. */
export type Place = { place: "append" } | { place: "open"; base: Base; depth: number; reason: DiscardReason };

/** Where a block belongs, if anywhere yet. */
export type Placement = Place | { place: "orphan" } | { place: "known" } | { place: "refused"; verdict: Verdict };

type BlockPosition = Pick<ExecutedBlock, "slot" | "attempt" | "index" | "parentHash"> & { hash: ExecutedBlock["hash"] };

/** The time at which a block is judged. */
export interface PlacementTime {
  nowMs: number;
  timetable: Timetable;
}

/**
 * Judges where a block would stand, before it is executed. A block that is not the next of its checkpoint and opens
 * none is an orphan: its parent may still come. Nothing may be built past a certified checkpoint; past a proposed one
 * only when that is gone, and past one that is not proposed only when its proposal can no longer come: an impatient
 * successor gains nothing. A second attempt names another parent than the first. Beyond the depth limit a block waits.
 */
export function placeBlock(state: ChainState, block: BlockPosition, time: PlacementTime): Placement {
  const held = state.unsubmitted.find((entry) => entry.slot === block.slot);
  if (held?.blocks.some((other) => other.hash === block.hash)) return { place: "known" };
  if (block.slot <= state.submitted.slot) return { place: "refused", verdict: ignore("the slot is already on L1") };
  if (isSkipped(state, block.slot)) return { place: "refused", verdict: ignore("the slot is skipped by certificate") };
  if (held !== undefined && held.attempt > block.attempt) {
    return { place: "refused", verdict: ignore("the proposer has started a second attempt") };
  }
  if (block.index > 0) return placeNext(state, block, held);
  return placeFirst(state, block, held, time);
}

function placeNext(state: ChainState, block: BlockPosition, held: Unsubmitted | undefined): Placement {
  if (held === undefined || held.attempt !== block.attempt || block.index > held.blocks.length)
    return { place: "orphan" };
  if (block.index < held.blocks.length)
    return { place: "refused", verdict: reject("another block stands at this index") };
  if (held !== state.unsubmitted.at(-1)) return { place: "refused", verdict: reject("the slot is already built upon") };
  const last = held.blocks.at(-1);
  if (last?.last) return { place: "refused", verdict: reject("the checkpoint is already complete") };
  if (last?.hash !== block.parentHash) return { place: "refused", verdict: reject("parent is not the block before") };
  return { place: "append" };
}

function placeFirst(
  state: ChainState,
  block: BlockPosition,
  held: Unsubmitted | undefined,
  { nowMs, timetable }: PlacementTime,
): Placement {
  const { attested, parents } = slotRecord(state, block.slot);
  if (block.attempt === 1 && parents[0] === block.parentHash && attested === undefined) {
    return { place: "refused", verdict: reject("the second attempt names the parent of the first") };
  }
  const found = bases(state);
  const depth = found.findIndex((base) => base.blockHash === block.parentHash && base.slot < block.slot);
  if (depth < 0) return { place: "orphan" };
  const above = state.unsubmitted.slice(depth);
  if (above.some((entry) => entry.proposed?.certificate !== undefined)) {
    return { place: "refused", verdict: reject("builds past a certified checkpoint") };
  }
  if (held !== undefined && held.attempt === block.attempt) {
    return { place: "refused", verdict: reject("another first block stands in this slot") };
  }
  if (held?.proposed !== undefined)
    return { place: "refused", verdict: reject("the slot is spent: its proposal was signed") };
  if (above.some((entry) => entry.slot > block.slot))
    return { place: "refused", verdict: ignore("a later slot is being built") };
  const isPassed = above.every((entry) => entry === held || isPassable(state, entry.slot, entry, nowMs, timetable));
  const { slot } = found[depth] as Base;
  const isMissing = slot < block.slot - 1 && !state.unsubmitted.some((entry) => entry.slot === block.slot - 1);
  const isEarly =
    isMissing && attested === undefined && !isPassable(state, block.slot - 1, undefined, nowMs, timetable);
  if (!isPassed || isEarly) return { place: "orphan" };
  if (!mayStandOn(state, depth, timetable)) return { place: "orphan" };
  return { place: "open", base: found[depth] as Base, depth, reason: held === undefined ? "superseded" : "rebuilt" };
}

/**
 * Whether a successor may leave out a slot, of which this is held here: it is skipped by certificate, or has no
 * proposal and none is accepted any more.
 */
function isPassable(
  state: ChainState,
  slot: number,
  held: Unsubmitted | undefined,
  nowMs: number,
  timetable: Timetable,
): boolean {
  const deadlineMs = timetable.of(slot).proposalDeadlineMs - timetable.parameters.clockDisparityMs;
  return isSkipped(state, slot) || (held?.proposed === undefined && nowMs >= deadlineMs);
}

/** Puts an executed block at the place that `placeBlock` found for it in this very state. */
export function addBlock(
  state: ChainState,
  block: ExecutedBlock,
  place: Place,
): { state: ChainState; discarded: Discarded[] } {
  if (place.place === "append") {
    const top = state.unsubmitted.at(-1) as Unsubmitted;
    const grown: Unsubmitted = { ...top, blocks: [...top.blocks, block] };
    return { state: { ...state, unsubmitted: [...state.unsubmitted.slice(0, -1), grown] }, discarded: [] };
  }
  const cut = discardFrom(state, place.depth, place.reason);
  const { slot, attempt, parentHash } = block;
  const opened: Unsubmitted = { slot, attempt, blocks: [block], proposed: undefined };
  const parents = { ...slotRecord(state, slot).parents, [attempt]: parentHash };
  const noted = noteSlot(cut.state, slot, { parents });
  return { state: { ...noted, unsubmitted: [...cut.state.unsubmitted, opened] }, discarded: cut.discarded };
}

/** Removes the unsubmitted checkpoints from position `depth` up: the first for `reason`, those on it with it. */
export function discardFrom(
  state: ChainState,
  depth: number,
  reason: DiscardReason,
): { state: ChainState; discarded: Discarded[] } {
  const discarded = state.unsubmitted.slice(depth).map(
    (entry, i): Discarded => ({
      slot: entry.slot,
      reason: i === 0 ? reason : "parent-discarded",
      blocks: entry.blocks,
    }),
  );
  return { state: { ...state, unsubmitted: state.unsubmitted.slice(0, depth) }, discarded };
}
