import type { Moment, Timetable } from "../time/timetable.ts";
import type { IsProposer } from "./publish.ts";
import type { ChainState } from "./state.ts";

/** Whether an agent that was told to stop may go. */
export type Leaving = { leave: true } | { leave: false; reason: string };

/** L1 slots before an own build slot in which an agent rather does that slot first. */
const NEAR_L1_SLOTS = 2;

/** The last slot that an agent builds when it is told to stop: the one of now, or the next if that is its own and near. */
export function lastSlotToBuild({ buildSlot, nowMs }: Moment, timetable: Timetable, isProposer: IsProposer): number {
  const next = buildSlot + 1;
  const nearMs = NEAR_L1_SLOTS * timetable.parameters.l1SlotSeconds * 1000;
  return isProposer(next) && timetable.of(next).buildStartMs - nowMs <= nearMs ? next : buildSlot;
}

/**
 * Whether nothing is left to do of the slots up to `lastSlot`: own ones are proposed, and on L1 or their successor's to
 * land, and what this agent should rescue is rescued. It waits for nothing once the last of these windows is over.
 * @param lands Whether this agent lands checkpoints at all.
 */
export function leaving(
  state: ChainState,
  { nowMs, buildSlot, submissionSlot }: Moment,
  timetable: Timetable,
  isProposer: IsProposer,
  lastSlot: number,
  lands: boolean,
): Leaving {
  if (nowMs >= timetable.of(lastSlot).closesMs) return { leave: true };
  for (const slot of [submissionSlot, buildSlot, lastSlot]) {
    if (slot > lastSlot || slot <= state.submitted.slot || !isProposer(slot)) continue;
    const proposed = state.unsubmitted.find((entry) => entry.slot === slot)?.proposed;
    if (proposed === undefined && nowMs <= timetable.of(slot).proposalDeadlineMs) {
      return { leave: false, reason: `slot ${slot} is this agent's to build` };
    }
  }
  if (!lands) return { leave: true };
  for (const { slot, proposed } of state.unsubmitted) {
    if (proposed === undefined) continue;
    const { handoffMs, closesMs } = timetable.of(slot);
    if (slot <= lastSlot && isProposer(slot) && nowMs < handoffMs) {
      return { leave: false, reason: `slot ${slot} is this agent's to land` };
    }
    if (slot < lastSlot && isProposer(slot + 1) && nowMs >= handoffMs && nowMs < closesMs) {
      return { leave: false, reason: `slot ${slot} is this agent's to rescue` };
    }
  }
  return { leave: true };
}
