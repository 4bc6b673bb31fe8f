// `npm run mutation`: changes the code of rewards and windows in many small ways, and demands a test that fails for each.
import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { createInterface } from "node:readline";
import { parseArgs } from "node:util";
import { readExplanations, report } from "./report.ts";
import type { Verdict } from "./run.ts";
import type { Mutant } from "./schema.ts";
import { makeScratch, SCRATCH } from "./scratch.ts";

const { values } = parseArgs({
  options: {
    sample: { type: "string" },
    seed: { type: "string", default: "0" },
    match: { type: "string" },
    /** How many mutants are awake at once, each in a process. */
    lanes: { type: "string", default: "2" },
  },
});

/** Ended with this process. */
const children = new Set<ReturnType<typeof spawn>>();
const endChildren = (): void => {
  for (const child of children) child.kill();
};
process.on("exit", endChildren);
/** Interrupted, it reports what was run until then. */
let interrupted = false;
for (const signal of ["SIGINT", "SIGTERM"] as const) {
  process.on(signal, () => {
    interrupted = true;
    endChildren();
  });
}

/** Runs a command in the scratch copy; its output goes by line to `take`. */
function inScratch(command: string, args: string[], input: string, take: (line: string) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    const env = { ...process.env, HARDHAT_DISABLE_TELEMETRY: "true" };
    const child = spawn(command, args, { cwd: SCRATCH, env, stdio: ["pipe", "pipe", "inherit"] });
    children.add(child);
    createInterface({ input: child.stdout }).on("line", take);
    child.stdin.end(input);
    child.on("error", reject);
    child.on("close", (code) => {
      children.delete(child);
      if (code === 0 || interrupted) resolve();
      else reject(new Error(`${command} ${args.join(" ")}: exit code ${code}`));
    });
  });
}

/** Those asked for: `--match` a part of the name, `--sample` so many of them, which ones by `--seed`. */
function chosen(mutants: readonly Mutant[]): Mutant[] {
  const matching = mutants.filter(({ name }) => name.includes(values.match ?? ""));
  if (values.sample === undefined) return matching;
  const rank = ({ name }: Mutant): string => createHash("sha256").update(`${values.seed} ${name}`).digest("hex");
  const ranked = matching.toSorted((a, b) => (rank(a) < rank(b) ? -1 : 1));
  return ranked.slice(0, Number(values.sample)).toSorted((a, b) => a.id - b.id);
}

const { mutants, left } = makeScratch();
const subjects = chosen(mutants);
const running = subjects.filter(({ name }) => !left.has(name));
console.log(`${mutants.length} mutants, ${subjects.length} chosen, ${running.length} of them compile`);
await inScratch("hardhat", ["--no-typechain", "build", "--no-tests"], "", () => undefined);

const verdicts = new Map<number, Verdict>();
const take = (line: string): void => {
  const verdict: Verdict = JSON.parse(line);
  verdicts.set(verdict.id, verdict);
  const name = mutants[verdict.id - 1]?.name;
  const fate = verdict.killer === undefined ? "SURVIVED" : "killed by";
  console.log(`${verdicts.size} of ${running.length}: ${name}: ${fate} ${verdict.killer ?? ""}`);
};

/** A process ends early when it cannot go on; another one takes the rest. */
async function runAll(own: readonly Mutant[]): Promise<void> {
  for (let rest = own; rest.length > 0 && !interrupted; ) {
    await inScratch("node", [".ci/measure/mutation/run.ts"], JSON.stringify(rest), take);
    const after = rest.filter(({ id }) => !verdicts.has(id));
    if (after.length === rest.length && !interrupted) throw new Error("a process ended without a verdict");
    rest = after;
  }
}

const lanes = Array.from({ length: Number(values.lanes) }, (_, lane) => {
  // Neighbours stay together: what kills one is tried first on the next.
  const [from, to] = [lane, lane + 1].map((part) => Math.floor((part * running.length) / Number(values.lanes)));
  return runAll(running.slice(from, to));
});
await Promise.all(lanes);

const { lines, explained } = report({ mutants, subjects, left, verdicts, explanations: readExplanations() });
console.log(lines.join("\n"));
process.exitCode = explained ? 0 : 1;
