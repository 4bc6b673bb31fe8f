import type { Moment, Timetable } from "../time/timetable.ts";
import { isDead } from "./proposals.ts";
import type { ChainState } from "./state.ts";

/** A checkpoint that missed its slot can land in the next one, and in none after it. */
const LANDING_SLOTS = 2;

/**
 * Slots that can still land and of which gossip should have brought more than is held here: the proposal, when half
 * of its slot's proposal window is over, or the certificate, two hops after the whole of it. Oldest first. Asked for
 * earlier, what is merely on its way would be sent twice at the busiest moment of the slot.
 */
export function missingSlots(state: ChainState, moment: Moment, timetable: Timetable): number[] {
  const first = Math.max(1, state.submitted.slot + 1, moment.submissionSlot + 1 - LANDING_SLOTS);
  const slots = Array.from({ length: Math.max(0, moment.submissionSlot + 1 - first) }, (_, i) => first + i);
  return slots.filter((slot) => {
    if (isDead(slot, state.l1.timestamp, timetable)) return false;
    const proposed = state.unsubmitted.find((entry) => entry.slot === slot)?.proposed;
    const { startMs, proposalDeadlineMs } = timetable.of(slot);
    if (proposed === undefined) return moment.nowMs >= (startMs + proposalDeadlineMs) / 2;
    const certifiedByMs = proposalDeadlineMs + 2000 * timetable.parameters.hopSeconds;
    return proposed.certificate === undefined && moment.nowMs >= certifiedByMs;
  });
}
