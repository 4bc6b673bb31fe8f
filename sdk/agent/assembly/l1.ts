import { FetchRequest, type JsonRpcApiProvider, JsonRpcProvider, Network } from "ethers";
import { getConfig, type RollupConfig } from "../../get/config.ts";
import { type AgentConfig, ConfigError, type Deployment } from "../config/interface.ts";
import { assertChainId, assertForcedFits } from "../config/parameters.ts";

/** An L1 node that takes longer is taken for one that does not answer; the library's own limit is five minutes. */
const L1_TIMEOUT_MS = 10_000;

/** The configured L1 node. */
export function l1Provider(config: AgentConfig, deployment: Deployment): JsonRpcProvider {
  const network = Network.from(deployment.chainId);
  // No caching: a decision is made on what L1 is now, not on what it was a quarter of a second ago.
  const request = new FetchRequest(config.l1.rpcUrl);
  request.timeout = L1_TIMEOUT_MS;
  return new JsonRpcProvider(request, network, { staticNetwork: network, cacheTimeout: -1, batchMaxCount: 1 });
}

/** Rejects with ConfigError "l1-unreachable". */
export async function l1ChainIdOf(l1: JsonRpcApiProvider, url: string): Promise<number> {
  try {
    return Number(await l1.send("eth_chainId", []));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new ConfigError("l1-unreachable", `l1.rpcUrl: expected an L1 node that answers at ${url}, got: ${reason}`);
  }
}

/** The rollup's constants. Rejects with ConfigError if L1 does not answer, or is not the chain that was configured, or if L2 is too small. */
export async function readRollup(
  l1: JsonRpcApiProvider,
  config: AgentConfig,
  deployment: Deployment,
): Promise<RollupConfig> {
  assertChainId("L1", deployment.chainId, await l1ChainIdOf(l1, config.l1.rpcUrl));
  const rollup = await getConfig({ provider: l1, rollup: deployment.rollup });
  assertChainId("L2", config.l2.chainId, rollup.l2ChainId);
  assertForcedFits(rollup, config.l2.gasLimit);
  return rollup;
}
