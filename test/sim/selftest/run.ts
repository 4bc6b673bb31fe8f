import { execFile } from "node:child_process";
import { once } from "node:events";
import type { Mutation } from "./mutations/interface.ts";
import type { ScenarioName } from "./scenarios.ts";

/** What the simulation said of a mutation. */
export interface Finding {
  isCaught: boolean;
  /** The violation, or how the process ended instead. */
  found: string;
}

/** Simulates with one rule broken, in a process of its own. */
export async function runMutation({ name, scenario, caughtBy }: Mutation): Promise<Finding> {
  const violation = await play(scenario, name);
  const found = violation ?? "no violation";
  return { isCaught: violation !== undefined && caughtBy.test(violation), found };
}

/** The violation that a scenario ends with, if any. Rejects if the process fails otherwise. */
export async function play(scenario: ScenarioName, mutation?: string): Promise<string | undefined> {
  const preload = mutation === undefined ? [] : ["--import", "./test/sim/selftest/mutate.ts"];
  const env = { ...process.env, SIM_MUTATION: mutation };
  const child = execFile("node", [...preload, "test/sim/selftest/play.ts", scenario], { env, maxBuffer: 1 << 24 });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) stream?.on("data", (text) => (output += String(text)));
  const [code] = (await once(child, "close")) as [number | null];
  const last = output.trim().split("\n").at(-1) ?? "";
  if (code !== 0) throw new Error(`${mutation ?? scenario} ended with ${code}: ${output.slice(-2_000)}`);
  return (JSON.parse(last) as { violation?: string }).violation;
}
