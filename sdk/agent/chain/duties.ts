import type { Moment, Timetable } from "../time/timetable.ts";
import { mayStandOn } from "./depth.ts";
import { isCertifiedElsewhere, isSkipped } from "./slots.ts";
import { type Base, bases, type ChainState, isComplete, type Unsubmitted } from "./state.ts";

/** What the proposer of the slot being built should do now. */
export type BuildDuty =
  /** Build (or go on building) on this parent. */
  | { duty: "build"; slot: number; attempt: 0 | 1; base: Base; trigger: BuildTrigger }
  /** Look again when something changes, at the latest at `untilMs`. */
  | { duty: "wait"; reason: string; untilMs: number }
  | { duty: "done"; reason: string };

/** What made the proposer start. */
export type BuildTrigger = "parent-complete" | "parent-on-l1" | "parent-silent" | "resumed";

/**
 * Decides what to build on. The predecessor's checkpoint is the parent as soon as its last block was re-executed here;
 * a predecessor whose proposal did not come by its deadline, or whose slot is skipped by certificate, is passed over,
 * and the newest certified checkpoint, else the submitted tip, is built upon. What is certified and not here is waited
 * for: nobody would attest what passes it over. At the depth limit the proposer waits for a landing.
 */
export function buildDuty(state: ChainState, moment: Moment, timetable: Timetable): BuildDuty {
  const slot = moment.buildSlot;
  const times = timetable.of(slot);
  const own = state.unsubmitted.find((entry) => entry.slot === slot);
  if (own !== undefined) return resume(state, own);
  if (isSkipped(state, slot)) return { duty: "done", reason: "the slot is skipped by certificate" };
  if (state.submitted.slot >= slot) return { duty: "done", reason: "the slot is already on L1" };
  const found = bases(state);
  const newest = found.at(-1) as Base;
  const top = state.unsubmitted.at(-1);

  const predecessorDeadlineMs = timetable.of(slot - 1).proposalDeadlineMs;
  const isProposable = moment.nowMs < predecessorDeadlineMs;
  if (newest.slot === slot - 1 && (top === undefined || (isComplete(top) && (top.proposed || isProposable)))) {
    const trigger = top === undefined ? "parent-on-l1" : "parent-complete";
    return atDepth(state, found.length - 1, slot, newest, trigger, timetable);
  }
  if (isCertifiedElsewhere(state, timetable)) {
    return { duty: "wait", reason: "a certified checkpoint is not here yet", untilMs: times.startMs };
  }
  if (slot > 1 && isProposable && !isSkipped(state, slot - 1)) {
    return { duty: "wait", reason: "the predecessor may still propose", untilMs: predecessorDeadlineMs };
  }
  let depth = state.unsubmitted.length;
  while (depth > 0 && state.unsubmitted[depth - 1]?.proposed?.certificate === undefined) depth--;
  if (times.blocks.length === 0) return { duty: "done", reason: "the timetable has no room for a block" };
  return atDepth(state, depth, slot, found[depth] as Base, slot === 1 ? "parent-on-l1" : "parent-silent", timetable);
}

function resume(state: ChainState, own: Unsubmitted): BuildDuty {
  if (own.proposed !== undefined) return { duty: "done", reason: "the checkpoint is proposed" };
  const base = bases(state)[state.unsubmitted.indexOf(own)] as Base;
  return { duty: "build", slot: own.slot, attempt: own.attempt, base, trigger: "resumed" };
}

function atDepth(
  state: ChainState,
  depth: number,
  slot: number,
  base: Base,
  trigger: BuildTrigger,
  timetable: Timetable,
): BuildDuty {
  if (!mayStandOn(state, depth, timetable)) {
    return {
      duty: "wait",
      reason: `depth limit: ${depth} checkpoints below are not on L1`,
      untilMs: timetable.startMs(slot),
    };
  }
  return { duty: "build", slot, attempt: 0, base, trigger };
}
