// One process of `npm run sim`: simulates the seeds it is given, one after the other.
import { reportLines } from "./report.ts";
import { type RunOptions, simulate } from "./run.ts";

/** What a worker says of a seed. */
export interface SeedResult {
  seed: number;
  ok: boolean;
  cpuSeconds: number;
  lines: string[];
}

/** Runs a seed and tells it for a reader. */
export async function runSeed(options: RunOptions): Promise<SeedResult> {
  const before = process.cpuUsage();
  const report = await simulate(options);
  const { user, system } = process.cpuUsage(before);
  const cpuSeconds = (user + system) / 1e6;
  return { seed: options.seed, ok: report.violation === undefined, cpuSeconds, lines: reportLines(report, options) };
}

// Started by `crew.ts`; imported, it does nothing.
if (process.send !== undefined && import.meta.main) {
  process.on("message", (options: RunOptions) => {
    runSeed(options).then(
      (result) => process.send?.(result),
      (error: unknown) => {
        console.error(error);
        process.exit(1);
      },
    );
  });
  process.on("disconnect", () => process.exit(0));
}
