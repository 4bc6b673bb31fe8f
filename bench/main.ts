// `npm run bench -- gas|engine|economics|delays|pipeline|one-agent`: prints a table and writes bench/results/<name>.json.
// `delays` writes bench/pipeline/delays.json, on which `pipeline` runs.
import { spawnSync } from "node:child_process";

/** Each benchmark is a program of its own; the one of gas needs Hardhat around it. */
const BENCHMARKS: Record<string, [command: string, ...args: string[]]> = {
  gas: ["hardhat", "run", "bench/gas.ts"],
  engine: ["node", "bench/engine.ts"],
  economics: ["node", "bench/economics.ts"],
  delays: ["node", "bench/delays.ts"],
  pipeline: ["node", "bench/pipeline.ts"],
  "one-agent": ["node", "--expose-gc", "bench/one-agent.ts"],
};

const name = process.argv[2] ?? "";
const benchmark = BENCHMARKS[name];
if (benchmark === undefined) {
  console.error(`error: expected one of ${Object.keys(BENCHMARKS).join(", ")}, got ${name === "" ? "nothing" : name}`);
  console.error(`usage: npm run bench -- ${Object.keys(BENCHMARKS).join("|")}`);
  process.exit(2);
}
const [command, ...args] = benchmark;
const env = { ...process.env, HARDHAT_DISABLE_TELEMETRY: "true" };
const { status, error } = spawnSync(command, args, { stdio: "inherit", env });
if (error !== undefined) console.error(error.message);
process.exit(status ?? 1);
