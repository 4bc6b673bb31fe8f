import type { JsonRpcProvider } from "ethers";
import { getEvents, type RollupEvent } from "../../sdk/get/events.ts";
import type { Hex } from "../../sdk/types/hex.ts";
import { AGENT_NAMES } from "./agents.ts";
import { Monitor } from "./monitor.ts";
import { nameOfAccount } from "./names.ts";
import type { LoadReport } from "./report.ts";
import { rpc } from "./rpc.ts";
import type { Evidence, Landing } from "./scenarios/interface.ts";
import { readSends } from "./sends.ts";

/** Where to look. */
export interface Witnesses {
  l1: JsonRpcProvider;
  rollup: Hex;
  deploymentBlock: number;
  /** By agent. */
  agentUrls: string[];
}

/** Reads all of a run anew, so that what L1 took back meanwhile does not count. */
export async function readEvidence(witnesses: Witnesses, slots: number, load: LoadReport): Promise<Evidence> {
  const { l1, rollup, deploymentBlock, agentUrls } = witnesses;
  const rows = await new Monitor(l1, rollup, deploymentBlock, agentUrls).poll();
  const events = await getEvents({ provider: l1, rollup }, deploymentBlock, await l1.getBlockNumber());
  const times = new Map<number, number>();
  for (const number of new Set(events.map(({ at }) => at.blockNumber))) {
    times.set(number, (await l1.getBlock(number))?.timestamp ?? 0);
  }
  return {
    rows: rows.filter(({ slot }) => slot <= slots),
    load,
    events,
    sends: await readSends(l1, rollup, deploymentBlock),
    agents: await agentsAt(agentUrls, lastLandedBlock(events)),
    timeOf: (l1Block) => times.get(l1Block) ?? 0,
    nameOf: nameOfAccount,
  };
}

/** The checkpoint of a slot as L1 has it now, and how many L1 slots its block is below the head, itself included. */
export async function landingOf(
  { l1, rollup, deploymentBlock }: Witnesses,
  slot: number,
  l1SlotSeconds: number,
): Promise<{ landing: Landing; depth: number } | undefined> {
  const head = await l1.getBlock("latest");
  if (head === null) return undefined;
  const landed = (await getEvents({ provider: l1, rollup }, deploymentBlock, head.number)).find(
    (event) => event.type === "submitted" && event.checkpoint.slot === slot,
  );
  if (landed?.type !== "submitted") return undefined;
  const { transactionHash, blockNumber, blockHash } = landed.at;
  const { submission, timeSec } = landed.checkpoint;
  return {
    landing: { digest: submission.digest, transactionHash, blockNumber, blockHash },
    depth: (head.timestamp - timeSec) / l1SlotSeconds + 1,
  };
}

/** Number and hash of the last L2 block that is on L1. */
function lastLandedBlock(events: RollupEvent[]): { number: number; hash: Hex } | undefined {
  const last = events.findLast((event) => event.type === "submitted");
  if (last?.type !== "submitted") return undefined;
  const { lastBlockNumber, lastBlockHash } = last.checkpoint.submission.header;
  return { number: lastBlockNumber, hash: lastBlockHash };
}

/** What each agent that answers has at that height. */
async function agentsAt(urls: string[], block: { number: number; hash: Hex } | undefined): Promise<Evidence["agents"]> {
  if (block === undefined) return [];
  const answers = urls.map(async (url, index) => {
    const params = [`0x${block.number.toString(16)}`, false];
    const held = await rpc<{ hash: string } | null>(url, "eth_getBlockByNumber", params).catch(() => undefined);
    const name = AGENT_NAMES[index] as string;
    return held === undefined ? [] : [{ name, agrees: held?.hash === block.hash }];
  });
  return (await Promise.all(answers)).flat();
}
