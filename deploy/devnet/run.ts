import { setTimeout as sleep } from "node:timers/promises";
import { JsonRpcProvider } from "ethers";
import { DEVNET_PARAMETERS } from "../../sdk/types/parameters.ts";
import { WALLET } from "./accounts.ts";
import { AGENT_NAMES, L2_CHAIN_ID } from "./agents.ts";
import type { Devnet } from "./devnet.ts";
import { Monitor } from "./monitor.ts";
import type { DevnetOptions } from "./options.ts";
import { type Outage, outageEvents, planOutage, planRestart } from "./outage.ts";
import type { SlotReport } from "./report.ts";
import { tableHeader, tableRow } from "./table.ts";

const POLL_MS = 500;
/** After the last slot: transactions that a discard has thrown back need a slot to be built in and one to land. */
const DRAIN_SLOTS = 3;

/** What a run has shown so far; it grows while the devnet runs. */
export interface Course {
  rows: SlotReport[];
  outage: Outage | undefined;
  /** When the first checkpoint was on L1, Unix ms. */
  firstLandingMs: number | undefined;
}

/** Deploys, prints a row per slot, and returns after `--slots`, or when aborted. */
export async function run(devnet: Devnet, options: DevnetOptions, course: Course, signal: AbortSignal): Promise<void> {
  const { rollup, lens, deploymentBlock, genesisTime } = await devnet.deploy();
  const l1 = new JsonRpcProvider(devnet.l1Url, undefined, { staticNetwork: true, batchMaxCount: 1 });
  const monitor = new Monitor(l1, rollup, deploymentBlock, devnet.rpcUrls);
  const slotStartMs = (slot: number): number => (genesisTime + slot * DEVNET_PARAMETERS.slotSeconds) * 1000;
  printWhereToPoint(devnet, rollup, lens);
  if (options.scenario === "offline-proposer") course.outage = await planOutage(monitor);
  if (options.scenario === "restarted-proposer") course.outage = await planRestart(monitor);
  console.log(`\n${tableHeader()}`);

  // Half of the last slot's blocks still take new transactions; the others make sure that what was sent is in.
  const drainMs =
    options.slots === undefined
      ? Number.POSITIVE_INFINITY
      : slotStartMs(options.slots - 1) + slotStartMs(0.5) - slotStartMs(0);
  const events: { atMs: number; act: () => Promise<void> | void }[] = [
    { atMs: drainMs, act: () => devnet.drainLoad() },
    ...outageEvents(devnet, course.outage, slotStartMs),
  ];
  while (!signal.aborted && !isOver(options, course, devnet, slotStartMs)) {
    for (const event of events.filter(({ atMs }) => atMs <= Date.now())) {
      events.splice(events.indexOf(event), 1);
      await event.act();
    }
    await printRows(monitor, options, course);
    await sleep(POLL_MS, undefined, { signal }).catch(() => undefined);
  }
  l1.destroy();
}

/** All slots are decided and every transaction has landed, or the time to wait for one is up. */
function isOver(
  options: DevnetOptions,
  course: Course,
  devnet: Devnet,
  slotStartMs: (slot: number) => number,
): boolean {
  if (options.slots === undefined || course.rows.length < options.slots) return false;
  return devnet.loadReport.lost === 0 || Date.now() >= slotStartMs(options.slots + 1 + DRAIN_SLOTS);
}

async function printRows(monitor: Monitor, options: DevnetOptions, course: Course): Promise<void> {
  // A poll that fails is repeated: what it did not read is read then.
  const rows = await monitor.poll().catch((error: unknown) => {
    console.error(`cannot read the chain: ${error instanceof Error ? error.message : String(error)}`);
    return [];
  });
  if (rows.length === 0) return;
  const tips = await monitor.tips().catch(() => "no agent answers");
  for (const row of rows) {
    if (options.slots !== undefined && row.slot > options.slots) return;
    if (row.status === "submitted") course.firstLandingMs ??= Date.now();
    course.rows.push(row);
    console.log(tableRow(row, tips));
  }
}

function printWhereToPoint(devnet: Devnet, rollup: string, lens: string): void {
  console.log(`L1            ${devnet.l1Url}, rollup at ${rollup}, its lens at ${lens}`);
  console.log(`L2 RPC        ${devnet.rpcUrls.map((url, index) => `${url} (${AGENT_NAMES[index]})`).join(", ")}`);
  console.log(`L2 chain id   ${L2_CHAIN_ID}`);
  console.log(`funded wallet ${WALLET.address}, private key ${WALLET.key} (known to everyone)`);
}
