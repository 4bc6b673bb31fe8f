import { agentKeys } from "../../deploy/devnet/accounts.ts";
import type { AgentConfig } from "../../sdk/agent/config/interface.ts";
import type { Hex } from "../../sdk/types/hex.ts";
import type { Setting } from "./setting.ts";

const GWEI = 10n ** 9n;
const ETHER = 10n ** 18n;

/** Configuration of one agent, as the devnet's but for the ways to the outside. */
export function configOf(
  { parameters: p, rollup, validatorsOf, silent }: Setting,
  index: number,
  dataDir: string,
  l2GenesisSec: number,
  users: readonly Hex[],
): AgentConfig {
  const keys = agentKeys(index);
  return {
    name: keys.name,
    dataDir,
    logLevel: "debug",
    l1: {
      rpcUrls: ["http://simulated"],
      rpcTimeoutMs: 1_000,
      compareEveryMs: 1_000,
      deploymentFile: "none",
      accountKeys: [keys.l1Key],
      warnBelowLandings: 50,
      claimFactor: 20,
      blobWrapperVersion: 0,
      maxFeePerGasWei: 500n * GWEI,
      maxFeePerBlobGasWei: 500n * GWEI,
    },
    l2: {
      chainId: rollup.l2ChainId,
      genesisTimestamp: l2GenesisSec,
      gasLimit: 30_000_000n,
      baseFeePerGasWei: GWEI,
      alloc: Object.fromEntries(users.map((address) => [address, 100n * ETHER])),
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
    validators: (validatorsOf[index] ?? []).map((validator) => {
      const { blsSecretKey, l1Address: coinbase } = agentKeys(validator);
      return { blsSecretKey, coinbase };
    }),
    silent: silent?.(index) ?? false,
    doppelgangerSlots: 0,
    p2p: { seed: keys.peerSeed, listen: "/memory/none", peers: [] },
    rpc: { host: "none", port: 0 },
  };
}
