/** One interval of a block under construction; at its end the best candidate is shown. */
export interface Interval {
  index: number;
  startMs: number;
  triggerMs: number;
  /** Ends the block. */
  last: boolean;
  /** Gas the block may have used by its end. */
  gas: bigint;
}

/** Filling and sealing take at most this part of an interval: the rest is for what comes late and pays more. */
export const BUSY_PERCENT = 70;

/** When a block may be shown, and when it must be whole. */
export interface BlockTimes {
  startMs: number;
  endMs: number;
}

/**
 * Cuts the time that is left for a block into intervals, counted back from its end, so that the first one takes what is
 * over. Started late, or where a seal takes long, it has fewer, and each may hold more. Begun ahead of its time, it has
 * one more, at whose end, the block's start, something is there to be shown.
 * @param sealMs What a seal takes, as measured.
 */
export function planIntervals(
  nowMs: number,
  { startMs, endMs }: BlockTimes,
  { flashblockMs, sealMs, gasLimit }: { flashblockMs: number; sealMs: number; gasLimit: bigint },
): Interval[] {
  const lengthMs = Math.max(flashblockMs, (sealMs * 100) / (100 - BUSY_PERCENT));
  const isAhead = startMs - nowMs > 2 * sealMs;
  const fromMs = isAhead ? startMs : nowMs;
  const count = Math.max(1, Math.round((endMs - fromMs) / lengthMs));
  const ends = Array.from({ length: count }, (_, i) => endMs - (count - 1 - i) * lengthMs);
  const triggers = isAhead ? [startMs, ...ends] : ends;
  return triggers.map((triggerMs, index) => ({
    index,
    startMs: triggers[index - 1] ?? nowMs,
    triggerMs,
    last: index === triggers.length - 1,
    gas: (gasLimit * BigInt(index + 1)) / BigInt(triggers.length),
  }));
}

/**
 * Gas the block may have used at the end of an interval that began with `usedGas`: its share, and no more than can be
 * executed and sealed in the busy part of the interval.
 * @param gasPerMs As measured; undefined while it was not.
 */
export function gasBudget(interval: Interval, usedGas: bigint, gasPerMs: number | undefined, sealMs: number): bigint {
  if (gasPerMs === undefined) return interval.gas;
  const busyMs = ((interval.triggerMs - interval.startMs) * BUSY_PERCENT) / 100 - sealMs;
  const doable = usedGas + BigInt(Math.floor(Math.max(0, busyMs) * gasPerMs));
  return doable < interval.gas ? doable : interval.gas;
}
