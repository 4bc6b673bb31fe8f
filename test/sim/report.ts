import type { RunReport } from "./run.ts";

/** One line a run; with a violation, how it came to it. */
export function reportLines(report: RunReport): string[] {
  const { seed, hash, steps, landed, transactions, faults, violation, timeline } = report;
  const late = landed.filter((one) => one.late).length;
  const outcome = violation === undefined ? "ok" : `VIOLATION at step ${steps}: ${violation.message}`;
  const counts = `${landed.length} landed, ${late} late, ${transactions} tx shown`;
  const line = `seed ${seed}  ${counts}  faults: ${faults}  ${steps} steps  trace ${hash}  ${outcome}`;
  return violation === undefined ? [line] : [...timeline, line];
}
