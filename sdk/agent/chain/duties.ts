import type { Moment, Timetable } from "../time/timetable.ts";
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
 * a predecessor whose proposal did not come by its deadline is passed over, and the newest proposed checkpoint, else
 * the submitted tip, is built upon. At the depth limit the proposer waits for a landing.
 */
export function buildDuty(state: ChainState, moment: Moment, timetable: Timetable): BuildDuty {
  const slot = moment.buildSlot;
  const times = timetable.of(slot);
  const own = state.unsubmitted.find((entry) => entry.slot === slot);
  if (own !== undefined) return resume(state, own);
  if (state.submitted.slot >= slot) return { duty: "done", reason: "the slot is already on L1" };
  const found = bases(state);
  const predecessorTimes = timetable.of(slot - 1);
  const newest = found.at(-1) as Base;
  const top = state.unsubmitted.at(-1);

  if (newest.slot === slot - 1 && (top === undefined || isComplete(top))) {
    const silent =
      top !== undefined && top.proposed === undefined && moment.nowMs >= predecessorTimes.proposalDeadlineMs;
    if (!silent)
      return atDepth(
        state,
        found.length - 1,
        slot,
        newest,
        top === undefined ? "parent-on-l1" : "parent-complete",
        timetable,
      );
  } else if (slot > 1 && moment.nowMs < predecessorTimes.proposalDeadlineMs) {
    return { duty: "wait", reason: "the predecessor may still propose", untilMs: predecessorTimes.proposalDeadlineMs };
  }
  // Passed over: the newest checkpoint below it that has a proposal.
  let depth = state.unsubmitted.length;
  while (depth > 0 && state.unsubmitted[depth - 1]?.proposed === undefined) depth--;
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
  const limit = depthLimit(state, timetable);
  if (depth + 1 > limit) {
    return {
      duty: "wait",
      reason: `depth limit: ${depth} checkpoints below are not on L1`,
      untilMs: timetable.startMs(slot),
    };
  }
  return { duty: "build", slot, attempt: 0, base, trigger };
}

/**
 * How many unsubmitted checkpoints may stand at once, the one being built included: one more while the oldest is
 * certified and still inside its handoff window, or every rescue would stall the third proposer.
 */
export function depthLimit(state: ChainState, timetable: Timetable): number {
  const limit = timetable.parameters.maxUnsubmitted;
  const oldest = state.unsubmitted[0];
  if (oldest?.proposed?.certificate === undefined) return limit;
  const times = timetable.of(oldest.slot);
  const l1Ms = state.l1.timestamp * 1000;
  return l1Ms >= times.lastOnTimeBlockMs && l1Ms < times.lastLateBlockMs ? limit + 1 : limit;
}
