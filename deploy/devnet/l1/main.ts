// The devnet's L1, a process of its own: blocks come on the boundary of the L1's slots and hold what arrived before.
import { setTimeout as sleep } from "node:timers/promises";
import { DEVNET_PARAMETERS } from "../../../sdk/types/parameters.ts";
import { nextBlockTime } from "../blocks.ts";
import { deployRollup } from "../deploy.ts";
import type { L1Command, L1Message } from "../messages.ts";
import { rpc } from "../rpc.ts";
import { startAnvil } from "./anvil.ts";
import { startHardhat } from "./hardhat.ts";
import type { L1Kind, L1Node } from "./interface.ts";
import { ReorganizingL1 } from "./reorgs.ts";

const tell = (message: L1Message): void => {
  process.send?.(message);
};

function fail(error: unknown): void {
  tell({ type: "failed", reason: error instanceof Error ? error.message : String(error) });
}

type Reorganization = Extract<L1Command, { type: "reorganize" }>;

/** Asked for and not done yet: the launcher asks for one at a time. */
const reorganizations: Reorganization[] = [];
/** Wakes the miner. */
let interrupt = new AbortController();

/**
 * Mines at every L1 slot boundary: a block stamped T is mined at T and holds what arrived before. Between two of them
 * it does what it was asked for.
 */
async function mineOnSlots(node: L1Node, genesisTime: number): Promise<void> {
  const chain = new ReorganizingL1(node);
  const latest = await rpc<{ timestamp: string }>(node.url, "eth_getBlockByNumber", ["latest", false]);
  for (let last = Number(latest.timestamp); ; ) {
    const next = nextBlockTime(Date.now(), last, genesisTime, DEVNET_PARAMETERS.l1SlotSeconds);
    const asked = reorganizations.shift();
    if (asked !== undefined) {
      tell({ type: "reorganized", slots: await chain.reorganize(asked.depth, () => asked.keeps) });
      continue;
    }
    interrupt = new AbortController();
    const wait = sleep(next * 1000 - Date.now(), true, { signal: interrupt.signal });
    if (!(await wait.catch(() => false))) continue;
    await chain.mineAt(next);
    last = next;
  }
}

async function onCommand(node: L1Node, command: L1Command): Promise<void> {
  if (command.type === "reorganize") {
    reorganizations.push(command);
    interrupt.abort();
    return;
  }
  const { genesisTime } = command;
  const deployment = await deployRollup(node.url, genesisTime);
  await node.holdTransactions();
  tell({ type: "deployed", ...deployment });
  await mineOnSlots(node, genesisTime);
}

/** The launcher made this process the leader of a group; the node is in it and has nothing to save. */
function endGroup(): void {
  process.kill(-process.pid, "SIGKILL");
}

async function main(kind: L1Kind, port: number, cachePath: string): Promise<void> {
  process.on("SIGTERM", endGroup);
  // Without its launcher nobody would ever stop it.
  process.on("disconnect", endGroup);
  const node = kind === "anvil" ? await startAnvil(port, cachePath, fail) : await startHardhat(port);
  process.on("message", (command: L1Command) => void onCommand(node, command).catch(fail));
  tell({ type: "listening" });
}

const [kind, port, cachePath] = process.argv.slice(2) as [L1Kind, string, string];
await main(kind, Number(port), cachePath).catch(fail);
