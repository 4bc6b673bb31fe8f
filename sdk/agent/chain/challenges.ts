import type { Timetable } from "../time/timetable.ts";
import type { Certificate } from "../types/messages.ts";
import type { ChainState, Landed } from "./state.ts";
import { vouchedUpTo } from "./suspects.ts";

/** A checkpoint on L1 whose signature is bad, and when its challenge window began. */
export interface BadlySigned {
  number: number;
  slot: number;
  digest: Landed["digest"];
  l1BlockNumber: number;
  /** Timestamp of that block, Unix seconds. */
  landedAtSeconds: number;
}

/** What this agent should do about bad signatures on L1. */
export type ChallengeDuty =
  /** Take these off L1, the tip first. */
  | { duty: "challenge"; numbers: number[] }
  /** Give this one, which a quorum did sign, the signature it lacks. */
  | { duty: "cure"; number: number; certificate: Certificate }
  | { duty: "wait"; reason: string };

/** Checkpoints that one transaction takes off L1, at some 180,000 gas each. */
export const MAX_CHALLENGED = 8;

/**
 * Decides what to do about checkpoints on L1 whose signature is bad. Those that nobody is known to have signed go, the
 * newest first; those that are followed here are cured with the certificate that is held. By L1's time alone.
 * @param bad Ascending by number; of them the suspects of `state`, and what of its unsettled checkpoints is not cured.
 * @param rank Whose turn it is: each L1 block without result doubles the number of agents that may act.
 */
export function challengeDuty(
  state: ChainState,
  bad: readonly BadlySigned[],
  rank: number,
  timetable: Timetable,
): ChallengeDuty {
  if (vouchedUpTo(state) !== undefined) return { duty: "wait", reason: "what was suspected has its certificate now" };
  const open = bad.filter(({ landedAtSeconds }) => isChallengeable(state, landedAtSeconds, timetable));
  const [oldest] = state.suspects;
  if (oldest !== undefined) {
    if (!isTurn(state, oldest.landing.l1BlockNumber, rank)) return { duty: "wait", reason: "another agent's turn" };
    const accused = accusedOf(state, open, timetable);
    return accused.length === 0
      ? { duty: "wait", reason: "its certificate may still come, or its challenge window is over" }
      : { duty: "challenge", numbers: accused };
  }
  // The newest first: only the tip can be taken off L1, by whoever would rather challenge than cure.
  for (const { number, digest, l1BlockNumber } of [...open].reverse()) {
    const held = state.unsettled.find(({ landing }) => landing.number === number)?.entry.proposed;
    if (held?.digest !== digest || held.certificate === undefined) continue;
    if (!isTurn(state, l1BlockNumber, rank)) continue;
    return { duty: "cure", number, certificate: held.certificate };
  }
  return { duty: "wait", reason: "nothing on L1 is badly signed, or it is not this agent's to cure" };
}

/** The suspects to remove, the tip first: each can only go once all above it have gone. */
function accusedOf(state: ChainState, open: readonly BadlySigned[], timetable: Timetable): number[] {
  const numbers: number[] = [];
  for (const suspect of [...state.suspects].reverse()) {
    const accused = open.some(({ number }) => number === suspect.landing.number);
    if (!accused || mayBeCertified(state, suspect, timetable) || numbers.length === MAX_CHALLENGED) break;
    numbers.push(suspect.landing.number);
  }
  return numbers;
}

/**
 * The proposal of its slot may still come, or honest validators may be signing it right now: that is what was landed
 * before its time, or what takes it off L1 and its place there in one transaction.
 */
function mayBeCertified(state: ChainState, { slot }: Landed, timetable: Timetable): boolean {
  const own = state.unsubmitted.find((entry) => entry.slot === slot)?.proposed;
  if (own?.certificate !== undefined) return false;
  const { startMs, proposalDeadlineMs, attestationDeadlineMs } = timetable.of(slot);
  const l1Ms = state.l1.timestamp * 1000;
  return l1Ms >= startMs && l1Ms < (own === undefined ? proposalDeadlineMs : attestationDeadlineMs);
}

/** The next L1 block is inside the challenge window. */
function isChallengeable(state: ChainState, landedAtSeconds: number, { parameters }: Timetable): boolean {
  const { challengeWindowEpochs, epochSlots, slotSeconds, l1SlotSeconds } = parameters;
  const untilSeconds = landedAtSeconds + challengeWindowEpochs * epochSlots * slotSeconds;
  return state.l1.timestamp + l1SlotSeconds < untilSeconds;
}

/** One agent acts at once, the second an L1 block later, then two more, then four: hundreds within nine L1 blocks. */
function isTurn(state: ChainState, l1BlockNumber: number, rank: number): boolean {
  const after = rank === 0 ? 0 : 1 + Math.floor(Math.log2(rank));
  return state.l1.blockNumber - l1BlockNumber >= after;
}
