import type { Moment, Timetable } from "../time/timetable.ts";
import { certificateOf, isOpen, isSkipped } from "./slots.ts";
import type { ChainState } from "./state.ts";

/** A checkpoint that missed its slot can land in the next one, and in none after it. */
const LANDING_SLOTS = 2;

/** Between two questions about the same things, in assumed gossip hops. */
const RETRY_HOPS = 3;
/** The longest pause is eight times the first: most of a slot, in which others may show the right one. */
const MAX_DOUBLINGS = 3;

/** A slot about which peers are to be asked. */
export interface Missing {
  slot: number;
  /** Blocks and proposal should be here, and may still be taken in. */
  checkpoint: boolean;
  /** Whether a quorum attested or skipped it should be known. */
  certificates: boolean;
}

/**
 * Slots that can still land and of which gossip should have brought more than is held here: the proposal, when half
 * of its slot's proposal window is over, or a certificate, two hops after the whole of it. Oldest first. Asked for
 * earlier, what is merely on its way would be sent twice at the busiest moment of the slot.
 */
export function missingSlots(state: ChainState, moment: Moment, timetable: Timetable): Missing[] {
  const first = Math.max(1, state.submitted.slot + 1, moment.submissionSlot + 1 - LANDING_SLOTS);
  const slots = Array.from({ length: Math.max(0, moment.submissionSlot + 1 - first) }, (_, i) => first + i);
  const missing = slots.map((slot): Missing => {
    const isOver = isSkipped(state, slot) || !isOpen(state, slot, timetable);
    const proposed = state.unsubmitted.find((entry) => entry.slot === slot)?.proposed;
    const { startMs, proposalDeadlineMs } = timetable.of(slot);
    const isProposalLate = moment.nowMs >= (startMs + proposalDeadlineMs) / 2;
    const isCertificateLate = moment.nowMs >= proposalDeadlineMs + 2000 * timetable.parameters.hopSeconds;
    return {
      slot,
      checkpoint:
        !isOver && proposed === undefined && isProposalLate && isTakeable(state, slot, moment.nowMs, timetable),
      certificates: !isOver && certificateOf(state, slot) === undefined && isCertificateLate,
    };
  });
  return missing.filter(({ checkpoint, certificates }) => checkpoint || certificates);
}

/**
 * Whether what a peer serves of a slot counts now: a certified checkpoint always, any other only while its proposal would
 * be accepted from gossip too. Taken in later it could not be certified any more, and its successor has passed it over.
 */
export function isTakeable(state: ChainState, slot: number, nowMs: number, timetable: Timetable): boolean {
  const acceptedUntilMs = timetable.of(slot).proposalDeadlineMs + timetable.parameters.clockDisparityMs;
  return certificateOf(state, slot) !== undefined || nowMs <= acceptedUntilMs;
}

/** How long to wait before peers are asked for the same again, of which they have `times` served what is of no use. */
export const askAgainAfterMs = (times: number, { parameters }: Timetable): number =>
  RETRY_HOPS * 1000 * parameters.hopSeconds * 2 ** Math.min(times, MAX_DOUBLINGS);
