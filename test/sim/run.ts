import { DEVNET_PARAMETERS } from "../../sdk/types/parameters.ts";
import { forbidMachine } from "./forbidden.ts";
import { ChainRules } from "./invariants/chain.ts";
import { L1Rules, type OnL1 } from "./invariants/l1.ts";
import { createWorld, type Profile, type World } from "./world.ts";

export interface RunOptions {
  seed: number;
  slots: number;
  profile: Profile;
}

/** What came of one run. */
export interface RunReport {
  seed: number;
  /** Stands for everything that happened. */
  hash: string;
  /** Events of the loop. */
  steps: number;
  landed: readonly OnL1[];
  violation: Error | undefined;
  /** How it ended. */
  timeline: string[];
}

/** Lines of history shown with a violation. */
const TIMELINE_LINES = 150;

/** Runs one seed to its end, or to the first violation. */
export async function simulate(options: RunOptions): Promise<RunReport> {
  const world = await createWorld(options.seed, options.profile);
  const permit = forbidMachine();
  const run = new Run(world, options);
  let violation: Error | undefined;
  try {
    await run.toEnd();
  } catch (error) {
    violation = error instanceof Error ? error : new Error(String(error));
  } finally {
    permit();
  }
  const { trace } = world;
  const report: RunReport = {
    seed: options.seed,
    hash: trace.hash,
    steps: run.steps,
    landed: run.l1Rules.landed,
    violation,
    timeline: trace.timeline(TIMELINE_LINES),
  };
  await world.close();
  return report;
}

class Run {
  readonly l1Rules: L1Rules;
  readonly #chainRules: ChainRules;
  readonly #world: World;
  readonly #options: RunOptions;
  steps = 0;
  #failure: unknown;

  constructor(world: World, options: RunOptions) {
    this.#world = world;
    this.#options = options;
    const names = world.agents.map(({ name }) => name);
    this.l1Rules = new L1Rules(world.l1, world.ledger, names);
    this.#chainRules = new ChainRules(world.ledger);
  }

  async toEnd(): Promise<void> {
    const { loop, agents, users, trace, startOf } = this.#world;
    const endMs = startOf(this.#options.slots + 2);
    this.#mineFrom(Math.ceil(loop.nowMs() / 1000), endMs);
    for (const agent of agents) loop.at(loop.nowMs(), () => this.#start(agent));
    users.send(loop, trace, agents, startOf(this.#options.slots));
    while (await loop.step(endMs)) {
      this.steps++;
      if (this.#failure !== undefined) throw this.#failure;
      this.#chainRules.check(agents);
    }
  }

  /** Not awaited: a start takes time, which stands still while an event runs. */
  #start(agent: World["agents"][number]): void {
    agent.start(0).catch((error: unknown) => {
      this.#failure = error;
    });
  }

  #mineFrom(firstSec: number, endMs: number): void {
    const { loop, l1, trace } = this.#world;
    const { l1SlotSeconds } = DEVNET_PARAMETERS;
    const next = (timeSec: number): void => {
      if (timeSec * 1000 >= endMs) return;
      loop.at(timeSec * 1000, async () => {
        await l1.mineAt(timeSec, false);
        trace.add(loop.nowMs(), "L1", `block ${await l1.describeHead()}`);
        await this.l1Rules.check();
        next(timeSec + l1SlotSeconds);
      });
    };
    next(firstSec + (firstSec % l1SlotSeconds));
  }
}
