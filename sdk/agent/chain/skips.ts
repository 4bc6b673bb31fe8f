import type { Moment, Timetable } from "../time/timetable.ts";
import { buildDuty } from "./duties.ts";
import { certificateOf, isSkipped, noteSlot, slotRecord } from "./slots.ts";
import type { ChainState } from "./state.ts";

/**
 * Notes since when the proposer of the slot being built could have built, as seen from here: its parent and the depth
 * allow it. Where they no longer do before a block of it was seen, its time begins anew.
 */
export function noteBuildable(state: ChainState, moment: Moment, timetable: Timetable): ChainState {
  const slot = moment.buildSlot;
  const { buildableMs, parents } = slotRecord(state, slot);
  if (slot < 1 || Object.keys(parents).length > 0) return state;
  const isBuildable = buildDuty(state, moment, timetable).duty === "build";
  if (isBuildable === (buildableMs !== undefined)) return state;
  return noteSlot(state, slot, { buildableMs: isBuildable ? moment.nowMs : undefined });
}

/**
 * Slots to vote to skip, by a validator that has not attested them: the one whose proposal did not come by its
 * deadline, and the one being built of which no valid block came within the liveness timeout after its proposer could
 * build. Older slots are judged by L1 alone, by the rule of dead slots.
 * @param isHeard Whether signed blocks of a slot wait here for others to come first. Who was away when its first block
 * came knows that its proposer is not silent.
 */
export function slotsToSkip(
  state: ChainState,
  moment: Moment,
  timetable: Timetable,
  isHeard: (slot: number) => boolean,
): number[] {
  const { submissionSlot, buildSlot, nowMs } = moment;
  const { clockDisparityMs } = timetable.parameters;
  const isProposed = state.unsubmitted.some((entry) => entry.slot === submissionSlot && entry.proposed !== undefined);
  const isUnproposed =
    !isProposed && nowMs >= timetable.of(submissionSlot).proposalDeadlineMs + clockDisparityMs && submissionSlot >= 1;
  const { buildableMs, parents } = slotRecord(state, buildSlot);
  const { livenessDeadlineMs, buildStartMs } = timetable.of(buildSlot);
  const timeoutMs = livenessDeadlineMs - buildStartMs;
  const isSilent =
    buildableMs !== undefined &&
    Object.keys(parents).length === 0 &&
    nowMs >= buildableMs + timeoutMs &&
    !isHeard(buildSlot);
  const slots = [...(isUnproposed ? [submissionSlot] : []), ...(isSilent ? [buildSlot] : [])];
  return slots.filter(
    (slot) => slot > state.submitted.slot && certificateOf(state, slot) === undefined && !isSkipped(state, slot),
  );
}
