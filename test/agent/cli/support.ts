import { spawn } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Hex } from "../../../sdk/types/hex.ts";
import { CHAIN_ID, ROLLUP } from "../store/fixtures.ts";

export interface Ending {
  /** Exit code; null if it did not end by itself. */
  code: number | null;
  /** Both streams. */
  output: string;
}

/** Runs the command line to its end; a run that does not end by itself is ended. */
export function run(args: string[], forMs = 30_000): Promise<Ending> {
  return new Promise((resolve) => {
    const child = spawn("node", ["sdk/agent/cli.ts", ...args], { stdio: ["ignore", "pipe", "pipe"] });
    let output = "";
    for (const stream of [child.stdout, child.stderr])
      stream.on("data", (chunk: Buffer) => (output += chunk.toString()));
    const timer = setTimeout(() => child.kill("SIGKILL"), forMs);
    child.on("close", (code) => {
      clearTimeout(timer);
      resolve({ code, output });
    });
  });
}

/** The L1 of a configuration, if there is one. */
export interface ConfiguredL1 {
  rpcUrl: string;
  rollup: Hex;
}

/** Writes an agent's configuration and its deployment file into a directory. */
export function writeConfig(
  directory: string,
  over: Record<string, unknown> = {},
  { rpcUrl, rollup }: ConfiguredL1 = { rpcUrl: "http://127.0.0.1:9", rollup: ROLLUP },
): { file: string; dataDir: string } {
  const file = join(directory, "agent.json");
  const dataDir = join(directory, "data");
  const deploymentFile = join(directory, "deployment.json");
  const config = {
    name: "agent",
    dataDir,
    l1: { rpcUrls: [rpcUrl], deploymentFile },
    l2: { chainId: 77, genesisTimestamp: 1, gasLimit: "30000000", baseFeePerGasWei: "1000000000", alloc: {} },
    timing: {
      blockSeconds: 1,
      minBlockSeconds: 0.4,
      flashblockMs: 200,
      hopSeconds: 0.2,
      proposalWindowSeconds: 1,
      maxUnsubmitted: 2,
      clockDisparityMs: 100,
    },
    p2p: { seed: `0x${"01".repeat(32)}`, listen: "/ip4/127.0.0.1/tcp/0" },
    rpc: { port: 0 },
    ...over,
  };
  writeFileSync(file, JSON.stringify(config));
  writeFileSync(deploymentFile, JSON.stringify({ rollup, chainId: CHAIN_ID, deploymentBlock: 1 }));
  return { file, dataDir };
}
