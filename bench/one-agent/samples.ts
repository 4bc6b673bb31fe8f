import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";

const MB = 2 ** 20;

/** What is held at one moment. */
export interface Sample {
  /** Objects and buffers that are still referred to: after a collection of garbage. */
  liveMb: number;
  /** Resident memory of the process that no file stands behind: live, free in the heap, and native. */
  anonymousMb: number;
  /** Resident pages of mapped files, which the system takes back when it needs memory. */
  mappedMb: number;
  /** All files below the agent's directory. */
  diskMb: number;
}

/** @throws Error in a process that runs without `--expose-gc`. */
export function takeSample(directory: string): Sample {
  if (globalThis.gc === undefined) throw new Error("expected a process with --expose-gc");
  globalThis.gc();
  const { heapUsed, external, rss } = process.memoryUsage();
  const anonymousMb = anonymousBytes() / MB;
  return {
    liveMb: (heapUsed + external) / MB,
    anonymousMb,
    mappedMb: rss / MB - anonymousMb,
    diskMb: sizeOf(directory) / MB,
  };
}

/** Linux tells; elsewhere all resident memory counts. */
function anonymousBytes(): number {
  if (process.platform !== "linux") return process.memoryUsage.rss();
  const kilobytes = /^RssAnon:\s+(\d+) kB$/m.exec(readFileSync("/proc/self/status", "utf8"))?.[1];
  return Number(kilobytes) * 1024;
}

/** Bytes on disk of all files below a directory. */
function sizeOf(directory: string): number {
  return readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .reduce((sum, { parentPath, name }) => sum + 512 * statSync(join(parentPath, name)).blocks, 0);
}

/** Of the line with the least squares through values one slot apart. */
export function slope(values: readonly number[]): number {
  const middle = (values.length - 1) / 2;
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const [above, below] = values.reduce(
    ([a, b], value, at) => [a + (at - middle) * (value - mean), b + (at - middle) ** 2] as const,
    [0, 0] as readonly [number, number],
  );
  return above / below;
}
