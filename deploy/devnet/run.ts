import { setTimeout as sleep } from "node:timers/promises";
import { JsonRpcProvider } from "ethers";
import { DEVNET_PARAMETERS } from "../../sdk/types/parameters.ts";
import { WALLET } from "./accounts.ts";
import { AGENT_NAMES, L2_CHAIN_ID } from "./agents.ts";
import type { DeployedRollup } from "./deploy.ts";
import type { Devnet } from "./devnet.ts";
import { readEvidence, type Witnesses } from "./evidence.ts";
import { Monitor } from "./monitor.ts";
import type { DevnetOptions } from "./options.ts";
import type { SlotReport } from "./report.ts";
import { SCENARIOS } from "./scenarios/index.ts";
import type { Act, Evidence, Plan } from "./scenarios/interface.ts";
import { stageOf } from "./stage.ts";
import { tableHeader, tableRow } from "./table.ts";
import { type Moment, timelineLines } from "./timeline.ts";
import { NOTHING_PLANNED } from "./verdict.ts";

const POLL_MS = 500;
/** After the last slot: transactions that a discard has thrown back need a slot to be built in and one to land. */
const DRAIN_SLOTS = 3;

/** What a run has shown so far; it grows while the devnet runs. */
export interface Course {
  /** As they were when they were printed. */
  rows: SlotReport[];
  plan: Plan;
  /** When the first checkpoint was on L1, Unix ms. */
  firstLandingMs: number | undefined;
  /** All of it read anew at the end; undefined if the run was stopped before. */
  evidence: Evidence | undefined;
  timeline: string[];
}

export const newCourse = (): Course => ({
  rows: [],
  plan: NOTHING_PLANNED,
  firstLandingMs: undefined,
  evidence: undefined,
  timeline: [],
});

/** Deploys, prints a row per slot, and returns after `--slots`, or when aborted. */
export async function run(devnet: Devnet, options: DevnetOptions, course: Course, signal: AbortSignal): Promise<void> {
  const { rollup, lens, deploymentBlock, genesisTime } = await devnet.deploy();
  const l1 = new JsonRpcProvider(devnet.l1Url, undefined, {
    staticNetwork: true,
    batchMaxCount: 1,
    // L1 may take back what it said a moment ago.
    cacheTimeout: -1,
  });
  const witnesses: Witnesses = { l1, rollup, deploymentBlock, agentUrls: devnet.rpcUrls };
  const monitor = new Monitor(l1, rollup, deploymentBlock, devnet.rpcUrls);
  const slotStartMs = (slot: number): number => (genesisTime + slot * DEVNET_PARAMETERS.slotSeconds) * 1000;
  printWhereToPoint(devnet, { rollup, lens });
  const said: Moment[] = [];
  if (options.scenario !== undefined) {
    const scenario = SCENARIOS[options.scenario];
    console.log(`scenario      ${options.scenario}: ${scenario.expectation}`);
    course.plan = await scenario.plan(stageOf(devnet, witnesses, monitor, slotStartMs, said));
  }
  console.log(`\n${tableHeader()}`);

  const acts = [...drainAct(devnet, options.slots, slotStartMs), ...course.plan.acts];
  while (!signal.aborted && !isOver(options, course, devnet, slotStartMs)) {
    for (const act of acts.filter(({ atMs }) => atMs <= Date.now())) {
      acts.splice(acts.indexOf(act), 1);
      await act.act();
    }
    await printRows(monitor, options, course);
    await sleep(Math.min(POLL_MS, untilNext(acts)), undefined, { signal }).catch(() => undefined);
  }
  if (!signal.aborted && options.slots !== undefined) {
    course.evidence = await readEvidence(witnesses, options.slots, devnet.loadReport);
    course.timeline = timelineLines(said, course.evidence, slotStartMs);
  }
  l1.destroy();
}

/** Half of the last slot's blocks still take new transactions; the others make sure that what was sent is in. */
function drainAct(devnet: Devnet, slots: number | undefined, slotStartMs: (slot: number) => number): Act[] {
  return slots === undefined ? [] : [{ atMs: slotStartMs(slots - 0.5), act: () => devnet.drainLoad() }];
}

const untilNext = (acts: readonly Act[]): number => Math.max(0, Math.min(...acts.map(({ atMs }) => atMs)) - Date.now());

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

function printWhereToPoint(devnet: Devnet, { rollup, lens }: Pick<DeployedRollup, "rollup" | "lens">): void {
  console.log(`L1            ${devnet.l1Url}, rollup at ${rollup}, its lens at ${lens}`);
  console.log(`L2 RPC        ${devnet.rpcUrls.map((url, index) => `${url} (${AGENT_NAMES[index]})`).join(", ")}`);
  console.log(`metrics       ${devnet.metricsUrls.join(", ")}`);
  console.log(`flashblocks   ${devnet.flashblockUrls.join(", ")}`);
  console.log(`L2 chain id   ${L2_CHAIN_ID}`);
  console.log(`funded wallet ${WALLET.address}, private key ${WALLET.key} (known to everyone)`);
}
