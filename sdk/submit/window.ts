/** Timestamp of the next L1 block that can still take a transaction. A block stamped `nowSec` is already built. */
export function nextBlockTime(blockTimeSec: number, nowSec: number, l1SlotSeconds: number): number {
  const passed = Math.max(0, Math.floor((nowSec - blockTimeSec) / l1SlotSeconds));
  return blockTimeSec + (passed + 1) * l1SlotSeconds;
}

/** L1 blocks from the one at `nextBlockSec` to the last one at or before `deadlineSec`; 0 when it is too late. */
export function blocksLeft(nextBlockSec: number, deadlineSec: number, l1SlotSeconds: number): number {
  return nextBlockSec > deadlineSec ? 0 : Math.floor((deadlineSec - nextBlockSec) / l1SlotSeconds) + 1;
}
