/** How far another's clock was seen ahead of this one's, and by how much that may be wrong: the way there and back. */
export interface ClockSample {
  aheadMs: number;
  errorMs: number;
}

/** Fewer say nothing: of three, two are right if one is not. */
export const MIN_CLOCK_SAMPLES = 3;

/**
 * Pure: what shows that this machine's clock is off by more than clocks may differ; undefined if nothing does. An L1
 * block is never there before its time, so one in the future says that this clock is late; an old one says nothing. Of
 * the peers it takes the one in the middle, each by the least that it must be off: fewer than half of them cannot make
 * it up.
 * @param l1Ms Time of L1's newest block.
 */
export function clockFault(
  nowMs: number,
  l1Ms: number,
  samples: readonly ClockSample[],
  disparityMs: number,
): string | undefined {
  if (l1Ms - nowMs > disparityMs) {
    return `expected L1's newest block at most ${disparityMs} ms in the future, it is ${l1Ms - nowMs} ms`;
  }
  if (samples.length < MIN_CLOCK_SAMPLES) return undefined;
  const aheadMs = samples.map(certainlyAheadMs).sort((a, b) => a - b);
  // Both in the middle, if there are two: the one that says less.
  const middle = [(aheadMs.length - 1) >> 1, aheadMs.length >> 1].map((at) => aheadMs[at] as number);
  const offMs = Math.min(...middle.map(Math.abs));
  if (offMs <= disparityMs) return undefined;
  const where = (middle[0] as number) > 0 ? "behind" : "ahead of";
  return `expected clocks within ${disparityMs} ms, this one is ${Math.round(offMs)} ms ${where} those of ${samples.length} peers`;
}

function certainlyAheadMs({ aheadMs, errorMs }: ClockSample): number {
  return Math.sign(aheadMs) * Math.max(0, Math.abs(aheadMs) - errorMs);
}
