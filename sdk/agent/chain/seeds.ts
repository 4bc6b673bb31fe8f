import type { Moment, Timetable } from "../time/timetable.ts";
import type { ChainState } from "./state.ts";

/**
 * The epoch whose proposers will not be known before it begins unless somebody asks L1 to choose their seed now;
 * undefined while a landing may still do that on its way. The seed of an epoch is stored by the first landing of the one
 * before; if half of that is over without a landing, the proposer of each slot looks after it, so that the first slot
 * of the next epoch is not lost as well.
 */
export function epochWithoutSeed(
  { submitted, l1 }: Pick<ChainState, "submitted" | "l1">,
  { submissionSlot }: Moment,
  timetable: Timetable,
): number | undefined {
  const { epochSlots } = timetable.parameters;
  const epoch = timetable.epochOf(submissionSlot);
  // What is sent while L1 itself is still in another epoch would be for another seed.
  const l1Epoch = timetable.epochOf(timetable.moment(l1.timestamp * 1000).submissionSlot);
  if (submissionSlot < 1 || l1Epoch !== epoch || timetable.epochOf(submitted.slot) >= epoch) return undefined;
  return submissionSlot % epochSlots >= epochSlots / 2 ? epoch + 1 : undefined;
}
