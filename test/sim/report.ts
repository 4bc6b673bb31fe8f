import type { RunOptions, RunReport } from "./run.ts";

/** One line a run; with a violation, how it came to it, and the command that shows it again. */
export function reportLines(report: RunReport, options: RunOptions): string[] {
  const { seed, hash, steps, landed, transactions, crossed, faults, violation, timeline } = report;
  const late = landed.filter((one) => one.late).length;
  const outcome = violation === undefined ? "ok" : `VIOLATION at step ${steps}: ${violation.message}`;
  const { messages, withdrawals } = crossed;
  const bridge = `${messages} messages in, ${withdrawals} withdrawals out`;
  const counts = `${landed.length} landed, ${late} late, ${transactions} tx shown, ${bridge}`;
  const line = `seed ${seed}  ${counts}  faults: ${faults}  ${steps} steps  trace ${hash}  ${outcome}`;
  return violation === undefined ? [line] : [...timeline, line, `again: ${commandOf(options)}`];
}

/** The command that runs the same seed again. */
export function commandOf({ seed, slots, profile, faults }: RunOptions): string {
  const kinds = faults === undefined ? "" : ` --faults ${faults.length === 0 ? "none" : faults.join()}`;
  return `npm run sim -- --seeds ${seed} --slots ${slots} --profile ${profile}${kinds}`;
}
