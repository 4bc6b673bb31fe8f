import { getConfig, type RollupConfig } from "../../get/config.ts";
import type { RollupRef } from "../../get/view.ts";
import { type AgentConfig, ConfigError, type Deployment } from "../config/interface.ts";
import { assertChainId, assertForcedFits } from "../config/parameters.ts";
import { L1Endpoints, type L1EndpointsParts } from "../l1/endpoints/endpoints.ts";
import { httpTransport, namesOf } from "../l1/endpoints/http.ts";
import { L1EndpointsError } from "../l1/endpoints/interface.ts";

/** The configured L1 nodes. */
export function l1Endpoints(
  { rpcUrls, rpcTimeoutMs, compareEveryMs }: AgentConfig["l1"],
  { chainId }: Deployment,
  parts: Omit<L1EndpointsParts, "transports">,
): L1Endpoints {
  const names = namesOf(rpcUrls);
  const transports = rpcUrls.map((url, at) => httpTransport(url, names[at] as string));
  return new L1Endpoints({ chainId, timeoutMs: rpcTimeoutMs, compareEveryMs }, { ...parts, transports });
}

/** The rollup's constants. Rejects with ConfigError if L1 does not answer, or is not the chain that was configured, or if L2 is too small. */
export async function readRollup(
  l1: RollupRef["provider"],
  config: AgentConfig,
  deployment: Deployment,
): Promise<RollupConfig> {
  const rollup = await asConfigured(getConfig({ provider: l1, rollup: deployment.rollup }));
  assertChainId("L2", config.l2.chainId, rollup.l2ChainId);
  assertForcedFits(rollup, config.l2.gasLimit);
  return rollup;
}

/** What is wrong with all L1 nodes at once, as a fault of the configuration. */
async function asConfigured<T>(read: Promise<T>): Promise<T> {
  try {
    return await read;
  } catch (error) {
    if (!(error instanceof L1EndpointsError)) throw error;
    const { code, message } = error;
    const what = code === "wrong-chain" ? "an L1 node of the deployment's chain" : "an L1 node that answers";
    throw new ConfigError(
      code === "wrong-chain" ? "wrong-chain" : "l1-unreachable",
      `l1.rpcUrls: expected ${what}, got: ${message}`,
    );
  }
}
