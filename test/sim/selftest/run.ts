import { execFile } from "node:child_process";
import type { Mutation } from "./mutations.ts";

/** What the simulation said of a mutation. */
export interface Finding {
  isCaught: boolean;
  found: string;
}

/** Simulates with one rule broken, in a process of its own. */
export function runMutation(mutation: Mutation): Promise<Finding> {
  const { name, seed, slots, faults, caughtBy } = mutation;
  const kinds = faults.length === 0 ? "none" : faults.join();
  const options = ["--seeds", String(seed), "--slots", String(slots), "--faults", kinds];
  const args = ["--import", "./test/sim/selftest/mutate.ts", "test/sim/main.ts", ...options];
  const env = { ...process.env, SIM_MUTATION: name };
  return new Promise((resolve) => {
    execFile("node", args, { env, maxBuffer: 1 << 24 }, (_error, stdout, stderr) => {
      const found = /VIOLATION at step \d+: (.*)/.exec(stdout)?.[1];
      const last = `${stdout}${stderr}`.trim().split("\n").at(-1) ?? "nothing";
      resolve({ isCaught: found !== undefined && caughtBy.test(found), found: found ?? last });
    });
  });
}
