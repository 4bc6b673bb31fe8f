import { expect } from "chai";
import type { JournalState } from "../../../sdk/submit/journal/state.ts";
import type { SimulatedAgent } from "../agent.ts";
import { runL1 } from "../faults/l1.ts";
import { NO_FAULTS } from "../faults/plan.ts";
import { behindPort, forbidMachine } from "../forbidden.ts";
import { ChainRules } from "../invariants/chain.ts";
import { L1Rules } from "../invariants/l1.ts";

import { DEVNET_SETTING, publicKeyAt, type Setting } from "../setting.ts";
import { createWorld, type World } from "../world.ts";
import { checkDisk, type Durable, durableOf } from "./disk.ts";
import { CutOff, interceptWrites, type Side, watchedJournal } from "./writes.ts";

/** One agent that is every validator: it does all there is to do, and what it loses nobody else has. */
const VALIDATORS = [0, 1, 2, 3];
/** The writes that count come before this slot begins: two checkpoints land, and the third is built. */
const LAST_SLOT = 3;
/** Slots in which it has to take up its duties again. */
const RECOVERY_SLOTS = 2;
/** How long the agent is down. */
const DOWN_MS = 1_000;

/** Where to end the agent. */
export interface CrashPoint {
  /** From 0, in the order of the writes. */
  index: number;
  side: Side;
}

/** What came of one run. */
export interface CrashRun {
  /** Every write that counts, up to the crash. */
  writes: string[];
  /** The slot that it was when the agent was ended. */
  crashSlot: number | undefined;
  /** Slots on L1. */
  landed: number[];
}

/**
 * Runs an agent, ends it at a write, starts it again, and checks what must hold of its disk, its signatures, what it
 * sends to L1 and what it showed. @throws Violation or AssertionError.
 */
export async function runWithCrash(point?: CrashPoint): Promise<CrashRun> {
  const writes: string[] = [];
  let crashSlot: number | undefined;
  let durable: Durable | undefined;
  const around = <T>(what: string, write: () => T): T => {
    const { loop, startOf } = world;
    if (crashSlot !== undefined || loop.nowMs() >= startOf(LAST_SLOT)) return write();
    writes.push(what);
    if (writes.length - 1 !== point?.index) return write();
    crashSlot = Math.max(0, Math.floor((loop.nowMs() - startOf(0)) / (startOf(1) - startOf(0))));
    if (point.side === "after") write();
    durable = durableOf(agent);
    agent.cutOff();
    loop.at(loop.nowMs() + DOWN_MS, async () => {
      await behindPort(() => checkDisk(agent, durable as Durable, world));
      void start();
    });
    throw new CutOff(`${point.side} write ${point.index}: ${what}`);
  };
  const setting: Setting = {
    ...DEVNET_SETTING,
    validatorsOf: [VALIDATORS],
    journal: (_, journal) => watchedJournal(journal, around),
  };
  const world = await createWorld(1, "fast", () => NO_FAULTS, setting);
  const agent = world.agents[0] as SimulatedAgent;
  let failure: unknown;
  const start = (): Promise<void> =>
    agent.start(0).catch((error: unknown) => {
      if (!(error instanceof CutOff)) failure = error;
    });
  const restore = interceptWrites(agent.dataDir, around);
  const permit = forbidMachine();
  try {
    world.loop.at(world.loop.nowMs(), () => void start());
    const landed = await play(world, () => failure);
    return { writes, crashSlot, landed };
  } finally {
    permit();
    restore();
    await world.close();
  }
}

/** To the end, and what must hold in it. Resolves with the slots on L1. */
async function play(world: World, failed: () => unknown): Promise<number[]> {
  const { loop, startOf, users, agents, ledger, l1, shown } = world;
  const endMs = startOf(LAST_SLOT + RECOVERY_SLOTS + 1);
  const chainRules = new ChainRules(ledger);
  const l1Rules = new L1Rules(l1, ledger, VALIDATORS.map(publicKeyAt));
  runL1(world.l1Faults, endMs, () => l1Rules.check());
  users.send(world, startOf(LAST_SLOT + RECOVERY_SLOTS - 1));
  while (await loop.step(endMs)) {
    if (failed() !== undefined) throw failed();
    chainRules.check(agents, loop.nowMs());
  }
  shown.checkKept(agents, startOf(LAST_SLOT + RECOVERY_SLOTS - 1));
  checkSpentOnce(agents[0]?.journal?.state as JournalState);
  return l1Rules.landed.map(({ slot }) => slot);
}

/** No checkpoint was carried by transactions of two nonces. */
function checkSpentOnce({ records }: JournalState): void {
  const digests = records.flatMap(({ attempts }) => [...new Set(attempts.flatMap(({ checkpoints }) => checkpoints))]);
  expect(new Set(digests).size, `checkpoints ${digests.join()}`).to.equal(digests.length);
}

/**
 * Every slot landed but, at most, the one that was being built or landed when the agent was ended: alone, it has nobody
 * who does it in its place. @throws AssertionError.
 */
export function checkRecovered({ landed, crashSlot }: CrashRun, when = "undisturbed"): void {
  const all = Array.from({ length: LAST_SLOT + RECOVERY_SLOTS }, (_, i) => i + 1);
  const missing = all.filter((slot) => !landed.includes(slot));
  const lawful = crashSlot === undefined ? [] : [crashSlot, crashSlot + 1];
  expect(missing.length, `${when}: slots ${missing.join()} are lost`).to.be.at.most(lawful.length / 2);
  for (const slot of missing) expect(lawful, when).to.include(slot);
}
