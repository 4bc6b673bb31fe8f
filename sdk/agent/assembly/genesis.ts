import { L2_OUTBOX_ADDRESS, outboxAccount } from "../../outbox/predeploy.ts";
import { type AgentConfig, ConfigError } from "../config/interface.ts";
import { loadConfig, loadDeployment } from "../config/load.ts";
import { clientGenesis } from "../engine/api/client-genesis.ts";
import type { GenesisConfig } from "../engine/genesis.ts";
import type { RollupIdentity } from "../pipeline/identity.ts";

/** L2's first block in the form execution clients are initialised with. Rejects with ConfigError. */
export async function printGenesis(configFile: string, print: (text: string) => void): Promise<void> {
  const config = await loadConfig(configFile);
  const { chainId, rollup } = await loadDeployment(config.l1.deploymentFile);
  const genesis = genesisOf(config, { chainId: BigInt(chainId), rollup });
  print(`${JSON.stringify(clientGenesis(genesis), null, 2)}\n`);
}

/** The L2's first block: as configured, with the outbox of this rollup. */
export function genesisOf({ l2 }: AgentConfig, identity: RollupIdentity): GenesisConfig {
  if (L2_OUTBOX_ADDRESS in l2.alloc) {
    throw new ConfigError("invalid", `l2.alloc: expected no entry for ${L2_OUTBOX_ADDRESS}, where the outbox stands`);
  }
  const alloc = Object.entries(l2.alloc).map(([address, balanceWei]) => [address, { balanceWei }]);
  return {
    chainId: l2.chainId,
    timestamp: l2.genesisTimestamp,
    gasLimit: l2.gasLimit,
    baseFeePerGasWei: l2.baseFeePerGasWei,
    alloc: { ...Object.fromEntries(alloc), [L2_OUTBOX_ADDRESS]: outboxAccount(identity) },
  };
}
