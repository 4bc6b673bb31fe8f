// The devnet's L1, a process of its own: a node that holds blob transactions, one block per L1 slot, on the boundary.
import { setTimeout as sleep } from "node:timers/promises";
import { DEVNET_PARAMETERS } from "../../sdk/types/parameters.ts";
import { startAnvil } from "./anvil.ts";
import { nextBlockTime } from "./blocks.ts";
import { deployRollup } from "./deploy.ts";
import type { L1Command, L1Message } from "./messages.ts";
import { rpc } from "./rpc.ts";

/** A machine that is busy for so long is too small: the chain would not be worth looking at. */
const MINING_TIMEOUT_MS = 60_000;

const tell = (message: L1Message): void => {
  process.send?.(message);
};

function fail(error: unknown): void {
  tell({ type: "failed", reason: error instanceof Error ? error.message : String(error) });
}

/** Mines at every L1 slot boundary: a block stamped T is mined at T and holds what arrived before. */
async function mineOnSlots(url: string, genesisTime: number): Promise<void> {
  const latest = await rpc<{ timestamp: string }>(url, "eth_getBlockByNumber", ["latest", false]);
  for (let last = Number(latest.timestamp); ; ) {
    last = nextBlockTime(Date.now(), last, genesisTime, DEVNET_PARAMETERS.l1SlotSeconds);
    await sleep(last * 1000 - Date.now());
    await rpc(url, "evm_setNextBlockTimestamp", [last], MINING_TIMEOUT_MS);
    await rpc(url, "evm_mine", [], MINING_TIMEOUT_MS);
  }
}

async function onCommand(url: string, { genesisTime }: L1Command): Promise<void> {
  const deployment = await deployRollup(url, genesisTime);
  // Until here each transaction was mined at once.
  await rpc(url, "evm_setAutomine", [false]);
  tell({ type: "deployed", ...deployment });
  await mineOnSlots(url, genesisTime);
}

/** The launcher made this process the leader of a group; the node is in it and has nothing to save. */
function endGroup(): void {
  process.kill(-process.pid, "SIGKILL");
}

async function main(port: number, cachePath: string): Promise<void> {
  process.on("SIGTERM", endGroup);
  // Without its launcher nobody would ever stop it.
  process.on("disconnect", endGroup);
  const url = await startAnvil(port, cachePath, fail);
  process.on("message", (command: L1Command) => void onCommand(url, command).catch(fail));
  tell({ type: "listening" });
}

await main(Number(process.argv[2]), process.argv[3] as string).catch(fail);
