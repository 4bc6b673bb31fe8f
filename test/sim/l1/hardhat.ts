import { tmpdir } from "node:os";
import { join } from "node:path";
import { createHardhatRuntimeEnvironment } from "hardhat/hre";
import { mnemonicAccount } from "../../../deploy/devnet/accounts.ts";
import type { HardhatProvider } from "../../../deploy/devnet/l1/hardhat-chain.ts";

const ACCOUNTS = 30;
/** Ten thousand ether, as development chains give. */
const BALANCE_WEI = "10000000000000000000000";

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
        // Given one by one: the network would derive them anew with every seed, which takes half a second.
        accounts: Array.from({ length: ACCOUNTS }, (_, i) => ({
          privateKey: mnemonicAccount(i).key,
          balance: BALANCE_WEI,
        })),
        allowBlocksWithSameTimestamp: true,
        initialDate: new Date(startSec * 1000),
      },
    },
    paths: { artifacts: join(tmpdir(), "baton-sim-no-artifacts") },
  });
  const { provider } = await environment.network.create();
  return provider;
}
