import { startAndCrash } from "./faults/crashes.ts";
import { runL1 } from "./faults/l1.ts";
import { disturbNetwork } from "./faults/network.ts";
import { describePlan, type FaultKind, planFaults } from "./faults/plan.ts";
import { behindPort, forbidMachine } from "./forbidden.ts";
import type { OnL1 } from "./invariants/l1.ts";
import { Rules } from "./invariants/rules.ts";
import type { Setting } from "./setting.ts";
import { createWorld, type PlanOf, type Profile, type World } from "./world.ts";

export interface RunOptions {
  seed: number;
  slots: number;
  profile: Profile;
  /** Kinds of faults; left out: those of the seed. */
  faults?: readonly FaultKind[];
  /** What goes wrong, instead of what follows from the seed. */
  planOf?: PlanOf;
  /** Left out: the devnet's. */
  setting?: Setting;
  /** Lines of history in the report; left out: `TIMELINE_LINES`. */
  lines?: number;
}

/** What came of one run. */
export interface RunReport {
  seed: number;
  /** Kinds of faults, and how many of each. */
  faults: string;
  /** Stands for everything that happened. */
  hash: string;
  /** Events of the loop. */
  steps: number;
  landed: readonly OnL1[];
  /** Transactions shown in blocks. */
  transactions: number;
  /** Messages that went from L1 to L2, and withdrawals from L2 that L1 would pay. */
  crossed: { messages: number; withdrawals: number };
  violation: Error | undefined;
  /** How it ended. */
  timeline: string[];
}

/** Lines of history shown with a violation. */
const TIMELINE_LINES = 200;
/** Slots after those that count, in which what is on its way arrives. */
const LAST_SLOTS = 2;

/** Runs one seed to its end, or to the first violation. */
export async function simulate(options: RunOptions): Promise<RunReport> {
  const { seed, slots, profile, faults, setting } = options;
  const planOf: PlanOf = options.planOf ?? ((startOf) => planFaults(seed, slots, startOf, faults));
  const world = await createWorld(seed, profile, planOf, setting);
  const permit = forbidMachine();
  const run = new Run(world, slots);
  let violation: Error | undefined;
  try {
    await run.toEnd();
  } catch (error) {
    violation = error instanceof Error ? error : new Error(String(error));
  } finally {
    permit();
  }
  const { landed } = run.rules;
  const report: RunReport = {
    seed,
    faults: describePlan(world.plan),
    hash: world.trace.hash,
    steps: run.steps,
    landed,
    transactions: world.shown.count,
    crossed: {
      messages: landed.at(-1)?.checkpoint.submission.header.inboxCount ?? 0,
      withdrawals: run.rules.withdrawalsPaid,
    },
    violation,
    timeline: world.trace.timeline(options.lines ?? TIMELINE_LINES),
  };
  await world.close();
  return report;
}

class Run {
  readonly rules: Rules;
  readonly #world: World;
  readonly #slots: number;
  steps = 0;

  constructor(world: World, slots: number) {
    this.#world = world;
    this.#slots = slots;
    this.rules = new Rules(world, slots);
  }

  async toEnd(): Promise<void> {
    const world = this.#world;
    const { loop, users, plan, startOf } = world;
    const endMs = startOf(this.#slots + LAST_SLOTS);
    runL1(world.l1Faults, endMs, () => behindPort(() => this.rules.afterL1()));
    disturbNetwork(world, plan);
    startAndCrash(world, plan, (error) => world.witnesses.report(error));
    world.letLoose();
    world.crossers.cross(world, startOf(this.#slots));
    users.send(world, startOf(this.#slots));
    while (await loop.step(endMs)) {
      this.steps++;
      this.rules.afterStep();
    }
    await this.rules.atEnd();
  }
}
