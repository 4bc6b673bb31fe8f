// `npm test`: every check, then every test, then one line with the totals. Exits 0 only if all of it is green.
import { type ChildProcess, spawn } from "node:child_process";
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

let running: ChildProcess | undefined;
let interrupted = false;
for (const signal of ["SIGINT", "SIGTERM"] as const) {
  process.on(signal, () => {
    interrupted = true;
    running?.kill(signal);
  });
}

/** Runs one step, passing its output on as it comes. */
function execute(step: Step): Promise<Outcome> {
  return new Promise((resolve) => {
    let output = "";
    const child = spawn(step.command, step.args, { env: environment, stdio: ["ignore", "pipe", "pipe"] });
    running = child;
    const forward = (stream: NodeJS.WriteStream) => (chunk: Buffer) => {
      output += chunk.toString();
      stream.write(chunk);
    };
    child.stdout.on("data", forward(process.stdout));
    child.stderr.on("data", forward(process.stderr));
    child.on("error", (error) => resolve({ succeeded: false, output: `${output}${error.message}` }));
    child.on("close", (code) => resolve({ succeeded: code === 0, output }));
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

for (const [index, step] of steps.entries()) {
  if (interrupted) break;
  const start = performance.now();
  console.log(`\n[${index + 1}/${steps.length}] ${step.name}: ${step.command} ${step.args.join(" ")}`);
  const totals = count(step, await execute(step));
  passed += totals.passed;
  failed += totals.failed;
  if (totals.failed > 0) failures.push(step.name);
  const seconds = ((performance.now() - start) / 1000).toFixed(1);
  console.log(`[${index + 1}/${steps.length}] ${step.name}: ${totals.failed > 0 ? "FAILED" : "ok"}, ${seconds} s`);
}

if (interrupted) failed += 1;
if (failures.length > 0) console.log(`\nfailed steps: ${failures.join(", ")}`);
console.log(`\nduration: ${((performance.now() - begin) / 1000).toFixed(0)} s`);
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed === 0 ? 0 : 1);
