import type { Libp2pNetworkOptions } from "../../sdk/agent/network/libp2p-network.ts";
import type { NetworkLog } from "../../sdk/agent/network/options.ts";
import { MAINNET_PARAMETERS } from "../../sdk/types/parameters.ts";

export const TOPIC = "blocks";

export const QUIET: NetworkLog = { info: () => {}, warn: () => {} };

/** One member of a network of this machine. */
export const networkOptions = (index: number, bootstrap: string[]): Libp2pNetworkOptions => ({
  identity: { chainId: 1, rollup: `0x${"11".repeat(20)}`, parameters: MAINNET_PARAMETERS },
  keySeed: new Uint8Array(32).fill(index + 1),
  listen: ["/ip4/127.0.0.1/tcp/0"],
  bootstrap,
});
