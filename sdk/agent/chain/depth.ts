import type { Timetable } from "../time/timetable.ts";
import type { ChainState } from "./state.ts";

/**
 * How many unsubmitted checkpoints may stand at once, the one being built included: one more while the oldest is
 * certified and still inside its handoff window, or every rescue would stall the third proposer. A limit of one is no
 * pipeline, and has no exception: each proposer waits until its parent is on L1.
 */
export function depthLimit(state: ChainState, timetable: Timetable): number {
  const limit = timetable.parameters.maxUnsubmitted;
  const oldest = state.unsubmitted[0];
  if (limit === 1 || oldest?.proposed?.certificate === undefined) return limit;
  const times = timetable.of(oldest.slot);
  const l1Ms = state.l1.timestamp * 1000;
  return l1Ms >= times.lastOnTimeBlockMs && l1Ms < times.lastLateBlockMs ? limit + 1 : limit;
}

/** Whether a checkpoint may stand on this many that are not on L1: one rule for holding, attesting and building it. */
export const mayStandOn = (state: ChainState, unsubmittedBelow: number, timetable: Timetable): boolean =>
  unsubmittedBelow < depthLimit(state, timetable);
