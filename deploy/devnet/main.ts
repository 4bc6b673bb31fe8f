// `npm start`: a local L1, the contracts, four agents, a load, and a row per slot.
import { writeFileSync } from "node:fs";
import { CommanderError } from "commander";
import { openLedger } from "../../sdk/submitter/ledger/file.ts";
import { ledgerLines } from "../../sdk/submitter/ledger/show.ts";
import { AGENTS } from "./accounts.ts";
import { compileContracts } from "./compile.ts";
import { Devnet } from "./devnet.ts";
import { type DevnetOptions, devnetCommand, parseOptions } from "./options.ts";
import { assertFree, portsFrom } from "./ports.ts";
import { type DevnetReport, totalsOf } from "./report.ts";
import { type Course, newCourse, run } from "./run.ts";
import { SCENARIOS } from "./scenarios/index.ts";
import type { Cast } from "./scenarios/interface.ts";
import { summaryLines, verdictLines } from "./table.ts";
import { checkpointsCheck, checksOf, complaintsOf } from "./verdict.ts";

const EXIT_USAGE = 2;

/** Four agents as anybody runs them. */
const PLAIN: Cast = {};

function printLedger(path: string): void {
  const ledger = openLedger(path);
  console.log(`\nthe submitter's ledger\n${ledgerLines(ledger.state.rows, ledger.state.totals).join("\n")}`);
  ledger.close();
}

/** The options, or the exit code that ends the launcher: 0 after help, 2 after a mistake. */
function optionsOrExitCode(args: string[]): DevnetOptions | number {
  try {
    return parseOptions(args, devnetCommand());
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    return error.exitCode === 0 ? 0 : EXIT_USAGE;
  }
}

function reportOf(course: Course, devnet: Devnet, startMs: number): DevnetReport {
  const { rows, plan, evidence, firstLandingMs } = course;
  const firstSeconds = firstLandingMs === undefined ? null : (firstLandingMs - startMs) / 1000;
  // Stopped before its time, a run has transactions under way: they are not lost, and nothing was to be shown yet.
  const load = evidence?.load ?? { ...devnet.loadReport, lost: 0 };
  const checks = evidence === undefined ? [checkpointsCheck(rows, plan.due)] : checksOf(evidence, plan);
  const slots = evidence?.rows ?? rows;
  return { slots, totals: totalsOf(slots, load, firstSeconds), checks, complaints: complaintsOf(checks) };
}

async function launch(options: DevnetOptions): Promise<number> {
  const startMs = Date.now();
  const stopping = new AbortController();
  let failure: Error | undefined;
  const stop = (error?: Error): void => {
    failure ??= error;
    stopping.abort();
  };
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => stop());

  const ports = portsFrom(options.portBase, AGENTS);
  await assertFree(ports);
  const { l1, rate, keep, scenario } = options;
  const cast = scenario === undefined ? PLAIN : SCENARIOS[scenario].cast;
  const devnet = new Devnet({ l1, ports, rate, cast, keep }, stop);
  const course = newCourse();
  const aborted = new Promise<void>((resolve) => stopping.signal.addEventListener("abort", () => resolve()));
  try {
    console.log(`compiling the contracts, starting L1 and ${AGENTS} agents; logs and data in ${devnet.directory}`);
    // Nothing needs the compiled contracts before the deployment.
    const running = Promise.all([compileContracts(stopping.signal), devnet.start()]).then(() =>
      run(devnet, options, course, stopping.signal),
    );
    // Once stopping, what still runs may fail as its processes go away; that is no news.
    running.catch(() => undefined);
    await Promise.race([running, aborted]);
    const ledger = await devnet.stopSubmitter();
    if (ledger !== undefined) printLedger(ledger);
  } finally {
    await devnet.stop();
  }
  if (failure !== undefined) throw failure;
  const report = reportOf(course, devnet, startMs);
  if (options.scenario !== undefined) {
    console.log(`\ntimeline\n${course.timeline.join("\n")}\n\nverdict\n${verdictLines(report.checks).join("\n")}`);
  }
  console.log(`\n${summaryLines(report.totals, report.complaints).join("\n")}`);
  if (options.json !== undefined) writeFileSync(options.json, `${JSON.stringify(report, null, 2)}\n`);
  return report.complaints.length === 0 ? 0 : 1;
}

const options = optionsOrExitCode(process.argv.slice(2));
if (typeof options === "number") process.exit(options);
process.exit(
  await launch(options).catch((error: unknown) => {
    console.error(error instanceof Error ? error.message : error);
    return 1;
  }),
);
