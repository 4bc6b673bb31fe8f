import type { AgentConfig } from "../config/interface.ts";
import type { GenesisConfig } from "../engine/genesis.ts";

/** The L2's first block as configured. */
export function genesisOf({ l2 }: AgentConfig): GenesisConfig {
  return {
    chainId: l2.chainId,
    timestamp: l2.genesisTimestamp,
    gasLimit: l2.gasLimit,
    baseFeePerGasWei: l2.baseFeePerGasWei,
    alloc: Object.fromEntries(Object.entries(l2.alloc).map(([address, balanceWei]) => [address, { balanceWei }])),
  };
}
