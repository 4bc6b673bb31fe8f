import type { SubmitPolicy } from "./policy.ts";

/**
 * Timestamp of the next L1 block that can still take a transaction. Where L1 makes a block per slot, one stamped
 * `nowSec` is already built; a node that mines on arrival stamps it with the time of arrival.
 */
export function nextBlockTime(
  blockTimeSec: number,
  nowSec: number,
  { l1SlotSeconds, minesOnArrival }: Pick<SubmitPolicy, "l1SlotSeconds" | "minesOnArrival">,
): number {
  if (minesOnArrival) return Math.max(blockTimeSec + 1, Math.floor(nowSec));
  const passed = Math.max(0, Math.floor((nowSec - blockTimeSec) / l1SlotSeconds));
  return blockTimeSec + (passed + 1) * l1SlotSeconds;
}

/** L1 blocks from the one at `nextBlockSec` to the last one at or before `deadlineSec`; 0 when it is too late. */
export function blocksLeft(nextBlockSec: number, deadlineSec: number, l1SlotSeconds: number): number {
  return nextBlockSec > deadlineSec ? 0 : Math.floor((deadlineSec - nextBlockSec) / l1SlotSeconds) + 1;
}
