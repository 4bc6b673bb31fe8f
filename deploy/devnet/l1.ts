// The devnet's L1, a process of its own: Hardhat's network behind HTTP, one block per L1 slot, on the boundary.
import { setTimeout as sleep } from "node:timers/promises";
import hre from "hardhat";
import { DEVNET_PARAMETERS } from "../../sdk/types/parameters.ts";
import { nextBlockTime } from "./blocks.ts";
import { deployRollup } from "./deploy.ts";
import type { L1Command, L1Message } from "./messages.ts";

type Provider = Awaited<ReturnType<typeof hre.network.create>>["provider"];

const tell = (message: L1Message): void => {
  process.send?.(message);
};

function fail(error: unknown): void {
  tell({ type: "failed", reason: error instanceof Error ? error.message : String(error) });
  process.exitCode = 1;
  process.disconnect?.();
}

/** Mines at every L1 slot boundary: a block stamped T is mined at T and holds what arrived before. */
async function mineOnSlots(provider: Provider, genesisTime: number): Promise<void> {
  let lastTimestamp = 0;
  for (;;) {
    const timestamp = nextBlockTime(Date.now(), lastTimestamp, genesisTime, DEVNET_PARAMETERS.l1SlotSeconds);
    await sleep(timestamp * 1000 - Date.now());
    await provider.request({ method: "evm_setNextBlockTimestamp", params: [timestamp] });
    await provider.request({ method: "evm_mine", params: [] });
    lastTimestamp = timestamp;
  }
}

async function onCommand(url: string, { genesisTime, l2ChainId }: L1Command): Promise<void> {
  const connection = await hre.network.create({ network: "localhost", override: { url } });
  const deployment = await deployRollup(connection, genesisTime, l2ChainId);
  await connection.provider.request({ method: "evm_setAutomine", params: [false] });
  tell({ type: "deployed", chainId: connection.networkConfig.chainId ?? 31_337, ...deployment });
  await mineOnSlots(connection.provider, genesisTime);
}

async function main(port: number): Promise<void> {
  const server = await hre.network.createServer(
    {
      network: "l1",
      override: {
        // Until the slots begin to tick, each transaction of the deployment is a block, and they may share a second.
        mining: { auto: true },
        allowBlocksWithSameTimestamp: true,
      },
    },
    "127.0.0.1",
    port,
  );
  const { address, port: actualPort } = await server.listen();
  const url = `http://${address}:${actualPort}`;
  process.on("message", (command: L1Command) => void onCommand(url, command).catch(fail));
  tell({ type: "listening" });
}

process.on("uncaughtException", fail);
// Without its launcher nobody would ever stop it.
process.on("disconnect", () => process.exit());
await main(Number(process.argv[2])).catch(fail);
