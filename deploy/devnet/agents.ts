import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DEVNET_PARAMETERS } from "../../sdk/types/parameters.ts";
import { AGENTS, type AgentKeys, agentKeys, loadAccount, WALLET } from "./accounts.ts";
import { ROLLUP_PARAMETERS } from "./parameters.ts";
import type { Ports } from "./ports.ts";

export const L2_CHAIN_ID = ROLLUP_PARAMETERS.l2ChainId;
/** Accounts of the load: enough that one's next nonce rarely has to wait for its last. */
export const LOAD_ACCOUNTS = 40;

const L2_GAS_LIMIT = "30000000";
const GWEI = 10n ** 9n;
const ETHER = 10n ** 18n;

/** What all agents have in common. */
export interface Cluster {
  l1Url: string;
  /** Appears when the rollup is deployed; the agents wait for it. */
  deploymentFile: string;
  /** Unix seconds; before the rollup's genesis. */
  l2GenesisTimestamp: number;
  ports: Ports;
  /** By agent: the ports under which it reaches the others. */
  peerPorts: number[][];
  /** Each agent gets a folder of its own in here. */
  directory: string;
}

/** Writes the configuration of one agent and returns its path. */
export function writeAgentConfig(index: number, cluster: Cluster): string {
  const keys = agentKeys(index);
  const dataDir = join(cluster.directory, keys.name);
  mkdirSync(dataDir, { recursive: true });
  const file = join(cluster.directory, `${keys.name}.json`);
  writeFileSync(file, `${JSON.stringify(agentConfig(keys, index, dataDir, cluster), null, 2)}\n`, { mode: 0o600 });
  return file;
}

function agentConfig(keys: AgentKeys, index: number, dataDir: string, cluster: Cluster): object {
  const p = DEVNET_PARAMETERS;
  return {
    name: keys.name,
    dataDir,
    logLevel: "debug",
    l1: {
      rpcUrls: [cluster.l1Url],
      deploymentFile: cluster.deploymentFile,
      accountKeys: [keys.l1Key],
      // The L1 runs Prague, which wants blob proofs; cell proofs come after it.
      blobWrapperVersion: 0,
    },
    l2: {
      chainId: L2_CHAIN_ID,
      genesisTimestamp: cluster.l2GenesisTimestamp,
      gasLimit: L2_GAS_LIMIT,
      baseFeePerGasWei: GWEI.toString(),
      alloc: l2Alloc(),
    },
    timing: {
      blockSeconds: p.blockSeconds,
      minBlockSeconds: p.minBlockSeconds,
      flashblockMs: p.flashblockMs,
      hopSeconds: p.hopSeconds,
      proposalWindowSeconds: p.proposalWindowSeconds,
      maxUnsubmitted: p.maxUnsubmitted,
      clockDisparityMs: p.clockDisparityMs,
    },
    validators: [{ blsSecretKey: keys.blsSecretKey, coinbase: keys.l1Address }],
    // A devnet is restarted in the middle of its slots, and nobody else has its keys.
    doppelgangerSlots: 0,
    p2p: {
      seed: keys.peerSeed,
      listen: `/ip4/127.0.0.1/tcp/${cluster.ports.p2p[index]}`,
      peers: (cluster.peerPorts[index] ?? []).map((port) => `/ip4/127.0.0.1/tcp/${port}`),
    },
    rpc: { port: cluster.ports.rpc[index] },
    metrics: { port: cluster.ports.metrics[index] },
    flashblocks: { port: cluster.ports.flashblocks[index] },
  };
}

/** The newcomer's wallet and the load's accounts; the validators need nothing on L2. */
function l2Alloc(): Record<string, string> {
  const load = Array.from({ length: LOAD_ACCOUNTS }, (_, index) => [
    loadAccount(index).address,
    (100n * ETHER).toString(),
  ]);
  return Object.fromEntries([[WALLET.address, (10_000n * ETHER).toString()], ...load]);
}

export const AGENT_NAMES = Array.from({ length: AGENTS }, (_, index) => agentKeys(index).name);
