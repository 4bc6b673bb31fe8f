import type { Hex } from "../../types/hex.ts";

/** A transaction that the next block could take. */
export interface Waiting {
  hash: Hex;
  raw: Hex;
  /** When it last came here or was sent from here. */
  sentMs: number;
}

/** What an agent sends again at one time, at most. */
export interface RepeatBounds {
  count: number;
  bytes: number;
}

/**
 * Which transactions to send to peers once more: those that nobody sent after `untilMs`, the longest ago first. What is
 * beyond the bounds comes first the next time.
 */
export function chooseRepeats<T extends Waiting>(waiting: readonly T[], untilMs: number, bounds: RepeatBounds): T[] {
  const due = waiting.filter(({ sentMs }) => sentMs <= untilMs).sort((a, b) => a.sentMs - b.sentMs);
  const chosen: T[] = [];
  let bytesLeft = bounds.bytes;
  for (const one of due.slice(0, bounds.count)) {
    bytesLeft -= (one.raw.length - 2) / 2;
    if (bytesLeft < 0) break;
    chosen.push(one);
  }
  return chosen;
}
