// `npm test`: every check, then every test, then one line with the totals. Exits 0 only if all of it is green.
import { type ChildProcess, type StdioOptions, spawn } from "node:child_process";
import { readTotals, type Totals } from "./count.ts";
import { CHECKS, type Step, testSteps } from "./steps.ts";

const environment = {
  ...process.env,
  // No question and no report to anyone: the run is offline and without a terminal.
  HARDHAT_DISABLE_TELEMETRY: "true",
  HARDHAT_IGNITION_CONFIRM_DEPLOYMENT: "false",
};

interface Outcome {
  succeeded: boolean;
  output: string;
}

/** Test steps that run at once: the smallest machine has two cores. */
const LANES = 2;

/** A step that takes longer hangs: all of them together take less. */
const STEP_LIMIT_MS = 15 * 60_000;

const running = new Set<ChildProcess>();
let interrupted = false;
for (const signal of ["SIGINT", "SIGTERM"] as const) {
  process.on(signal, () => {
    interrupted = true;
    for (const child of running) end(child, signal);
  });
}

/** Ends a step with every process it has started. */
function end(child: ChildProcess, signal: NodeJS.Signals): void {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, signal);
  } catch {
    // Gone already.
  }
}

/** Runs one step. `live`: its output is passed on as it comes; otherwise it is printed whole at the end. */
function execute(step: Step, live: boolean): Promise<Outcome> {
  return new Promise((resolve) => {
    let output = "";
    const stdio: StdioOptions = ["ignore", "pipe", "pipe"];
    const child = spawn(step.command, step.args, { env: environment, stdio, detached: true });
    running.add(child);
    const limit = setTimeout(() => {
      take(Buffer.from(`\n${step.name} did not end within ${STEP_LIMIT_MS / 60_000} minutes.\n`));
      end(child, "SIGKILL");
    }, STEP_LIMIT_MS);
    const take = (chunk: Buffer): void => {
      output += chunk.toString();
      if (live) process.stdout.write(chunk);
    };
    child.stdout?.on("data", take);
    child.stderr?.on("data", take);
    child.on("error", (error) => {
      clearTimeout(limit);
      resolve({ succeeded: false, output: `${output}${error.message}` });
    });
    child.on("close", (code) => {
      clearTimeout(limit);
      running.delete(child);
      if (!live) process.stdout.write(output);
      resolve({ succeeded: code === 0, output });
    });
  });
}

/** A check counts only when it fails; a test step that fails without saying how often counts once. */
function count(step: Step, { succeeded, output }: Outcome): Totals {
  const totals = step.kind === "tests" ? readTotals(output) : { passed: 0, failed: 0 };
  if (totals === undefined) return { passed: 0, failed: 1 };
  return succeeded || totals.failed > 0 ? totals : { ...totals, failed: 1 };
}

const steps = process.argv.includes("--checks-only") ? CHECKS : [...CHECKS, ...testSteps()];
const begin = performance.now();
const failures: string[] = [];
let passed = 0;
let failed = 0;

async function run(step: Step, live: boolean): Promise<void> {
  const start = performance.now();
  const place = `[${steps.indexOf(step) + 1}/${steps.length}] ${step.name}`;
  console.log(`\n${place}: ${step.command} ${step.args.join(" ")}`);
  const totals = count(step, await execute(step, live));
  passed += totals.passed;
  failed += totals.failed;
  if (totals.failed > 0) failures.push(step.name);
  const seconds = ((performance.now() - start) / 1000).toFixed(1);
  console.log(`${place}: ${totals.failed > 0 ? "FAILED" : "ok"}, ${seconds} s`);
}

/** Each lane takes the next step as soon as it is free. */
async function runInLanes(queue: Step[]): Promise<void> {
  const lane = async (): Promise<void> => {
    for (let step = queue.shift(); step !== undefined && !interrupted; step = queue.shift()) await run(step, false);
  };
  await Promise.all(Array.from({ length: LANES }, lane));
}

for (const step of steps.filter((one) => one.kind === "check")) if (!interrupted) await run(step, true);
await runInLanes(steps.filter((one) => one.kind === "tests" && !one.alone));
// What measures itself against the clock has the machine to itself.
for (const step of steps.filter((one) => one.alone)) if (!interrupted) await run(step, true);

if (interrupted) failed += 1;
if (failures.length > 0) console.log(`\nfailed steps: ${failures.join(", ")}`);
console.log(`\nduration: ${((performance.now() - begin) / 1000).toFixed(0)} s`);
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed === 0 ? 0 : 1);
