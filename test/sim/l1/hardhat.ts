import { tmpdir } from "node:os";
import { join } from "node:path";
import { createHardhatRuntimeEnvironment } from "hardhat/hre";
import type { HardhatProvider } from "../../../deploy/devnet/l1/hardhat-chain.ts";

/**
 * A Hardhat network whose first block is of a given time. With no artifacts to explain reverts by: nobody reads
 * that here, and loading them takes seconds.
 */
export async function createProvider(startSec: number): Promise<HardhatProvider> {
  const environment = await createHardhatRuntimeEnvironment({
    networks: {
      default: {
        type: "edr-simulated",
        chainType: "l1",
        hardfork: "prague",
        accounts: { count: 30 },
        allowBlocksWithSameTimestamp: true,
        initialDate: new Date(startSec * 1000),
      },
    },
    paths: { artifacts: join(tmpdir(), "baton-sim-no-artifacts") },
  });
  const { provider } = await environment.network.create();
  return provider;
}
