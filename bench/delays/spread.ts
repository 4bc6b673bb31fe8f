import type { Latency } from "../../test/sim/life.ts";

/** From the first to the ninety-ninth of a hundred, in microsecond steps: what the simulation draws from, evenly. */
export function spread(samplesMs: readonly number[]): Latency {
  const sorted = samplesMs.toSorted((a, b) => a - b);
  const at = (share: number): number =>
    Math.round(1000 * (sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] as number)) / 1000;
  return { minMs: at(0.01), maxMs: at(0.99) };
}

/** Runs a task so often, after a few times that do not count, and says how long each took, milliseconds. */
export async function sample(times: number, task: (index: number) => unknown): Promise<number[]> {
  const samplesMs: number[] = [];
  for (let index = 0; index < times + WARM_UP; index++) {
    const startMs = performance.now();
    await task(index);
    if (index >= WARM_UP) samplesMs.push(performance.now() - startMs);
  }
  return samplesMs;
}

const WARM_UP = 3;
