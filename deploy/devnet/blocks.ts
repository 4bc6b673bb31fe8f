/**
 * Timestamp (Unix seconds) of the next L1 block: the first multiple of the L1 slot, counted from genesis, that is
 * after the last block's timestamp and not in the past. Blocks that could not be mined in time are missed, as on a
 * real L1; they are not made up for.
 */
export function nextBlockTime(
  nowMs: number,
  lastTimestamp: number,
  genesisTime: number,
  l1SlotSeconds: number,
): number {
  const earliest = Math.max(Math.ceil(nowMs / 1000), lastTimestamp + 1);
  return genesisTime + Math.ceil((earliest - genesisTime) / l1SlotSeconds) * l1SlotSeconds;
}

/** Genesis (Unix seconds): the next L1 slot boundary that leaves `leadSeconds` to deploy and to start. */
export function genesisTimeFrom(nowMs: number, leadSeconds: number, l1SlotSeconds: number): number {
  return Math.ceil((nowMs / 1000 + leadSeconds) / l1SlotSeconds) * l1SlotSeconds;
}
