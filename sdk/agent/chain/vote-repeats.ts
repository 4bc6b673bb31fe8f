import type { Certificate, Vote } from "../types/messages.ts";
import { certificatesOf } from "./slots.ts";
import type { ChainState } from "./state.ts";

/** What this agent's validators voted in a slot, and when that was last said; Unix ms. */
export interface SaidVotes {
  slot: number;
  votes: readonly Vote[];
  saidMs: number;
}

/** Slots between two sayings of the same votes: gossip passes on nothing that it has seen a moment ago. */
const REPEAT_SLOTS = 0.5;

/**
 * Pure: what is to be said again of a slot in which this agent has voted, as others may have been out of reach: the
 * certificate if one is held, else the votes. Only what does not land by itself is said more than once, and nothing of a
 * slot that is on L1, or that no L1 block can take any more.
 * @param oldestOpenSlot The oldest slot whose checkpoint can still land.
 */
export function sayAgain(
  state: ChainState,
  { slot, votes, saidMs }: SaidVotes,
  nowMs: number,
  slotMs: number,
  oldestOpenSlot: number,
): { votes: readonly Vote[]; certificates: readonly Certificate[] } {
  const isOver = slot <= state.submitted.slot || slot < oldestOpenSlot;
  if (isOver || nowMs < saidMs + REPEAT_SLOTS * slotMs) return { votes: [], certificates: [] };
  const certificates = certificatesOf(state, slot);
  return { votes: certificates.length > 0 ? [] : votes, certificates };
}
