import { globSync } from "node:fs";

/** One command of the test run. */
export interface Step {
  name: string;
  command: string;
  args: string[];
  /** `tests`: the command prints mocha's totals, and printing none is a failure. */
  kind: "check" | "tests";
  /** It runs processes in real time, and nothing may run beside it. */
  alone?: boolean;
}

/** No warning tolerated, no look for a newer version on the network, no advertisement. */
const QUIET_SOLHINT = ["--max-warnings", "0", "--disc", "--noPoster"];

/** Cheapest first: a slip in formatting must not cost a wait for the compiler. */
export const CHECKS: Step[] = [
  { name: "TypeScript style", command: "biome", args: ["check", "--error-on-warnings", "."], kind: "check" },
  { name: "Solidity format", command: "prettier", args: ["--check", "contracts/**/*.sol"], kind: "check" },
  { name: "Solidity style", command: "solhint", args: [...QUIET_SOLHINT, "contracts/**/*.sol"], kind: "check" },
  { name: "lockfile", command: "node", args: [".ci/lockfile.mjs", "--check"], kind: "check" },
  { name: "contracts compile", command: "hardhat", args: ["build"], kind: "check" },
  { name: "generated code", command: "node", args: ["sdk/abi/generate.ts", "--check"], kind: "check" },
  { name: "types", command: "tsc", args: ["-p", "."], kind: "check" },
];

/** Minutes of real time each: run by `npm run test:long`, and not with the others. */
export const LONG_TESTS = "long";

/** Every other folder of `test/` that holds a `*.test.ts` is a step; contract tests need Hardhat around them. */
export function testSteps(): Step[] {
  const folders = new Set(globSync("test/**/*.test.ts").map((file) => file.split("/")[1] as string));
  folders.delete(LONG_TESTS);
  return [...folders].sort().map((folder) => {
    if (folder === "contracts")
      return { name: "test/contracts", command: "hardhat", args: ["test", "mocha"], kind: "tests" };
    const args = ["--forbid-only", "--forbid-pending", `test/${folder}/**/*.test.ts`];
    return { name: `test/${folder}`, command: "mocha", args, kind: "tests", alone: folder === "devnet" };
  });
}
