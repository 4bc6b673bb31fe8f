import { agentKeys } from "../../deploy/devnet/accounts.ts";
import { publicKeyOf } from "../../sdk/bls/keys.ts";
import { getProposer } from "../../sdk/get/validators.ts";
import { type Hex, hexToBytes } from "../../sdk/types/hex.ts";
import { startAndCrash } from "./faults/crashes.ts";
import { runL1 } from "./faults/l1.ts";
import { disturbNetwork } from "./faults/network.ts";
import { describePlan, type FaultKind, planFaults } from "./faults/plan.ts";
import { forbidMachine } from "./forbidden.ts";
import { ChainRules } from "./invariants/chain.ts";
import { checkHandoff } from "./invariants/handoff.ts";
import { L1Rules, type OnL1 } from "./invariants/l1.ts";
import { checkLiveness } from "./invariants/liveness.ts";
import { SimulatedL1Provider } from "./l1/provider.ts";
import type { Setting } from "./setting.ts";
import { Violation } from "./violation.ts";
import { createWorld, type Profile, type World } from "./world.ts";

export interface RunOptions {
  seed: number;
  slots: number;
  profile: Profile;
  /** Kinds of faults; left out: those of the seed. */
  faults?: readonly FaultKind[];
  /** Left out: the devnet's. */
  setting?: Setting;
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
  violation: Error | undefined;
  /** How it ended. */
  timeline: string[];
}

/** Lines of history shown with a violation. */
const TIMELINE_LINES = 200;
/** Slots after those that count, in which what is on its way arrives. */
const LAST_SLOTS = 2;

/** Runs one seed to its end, or to the first violation. */
export async function simulate({ seed, slots, profile, faults, setting }: RunOptions): Promise<RunReport> {
  const world = await createWorld(seed, profile, (startOf) => planFaults(seed, slots, startOf, faults), setting);
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
  const report: RunReport = {
    seed,
    faults: describePlan(world.plan),
    hash: world.trace.hash,
    steps: run.steps,
    landed: run.l1Rules.landed,
    transactions: world.shown.count,
    violation,
    timeline: world.trace.timeline(TIMELINE_LINES),
  };
  await world.close();
  return report;
}

/** Public key of a validator, by its index. */
export const publicKeyAt = (index: number): Hex => publicKeyOf(hexToBytes(agentKeys(index).blsSecretKey));

class Run {
  readonly l1Rules: L1Rules;
  readonly #chainRules: ChainRules;
  readonly #world: World;
  readonly #slots: number;
  steps = 0;
  #failure: unknown;

  constructor(world: World, slots: number) {
    this.#world = world;
    this.#slots = slots;
    const validators = Array.from({ length: world.setting.validatorsOf.flat().length }, (_, index) =>
      publicKeyAt(index),
    );
    this.l1Rules = new L1Rules(world.l1, world.ledger, validators);
    this.#chainRules = new ChainRules(world.ledger);
  }

  async toEnd(): Promise<void> {
    const world = this.#world;
    const { loop, agents, users, plan, startOf } = world;
    const endMs = startOf(this.#slots + LAST_SLOTS);
    runL1(world.l1Faults, endMs, () => this.l1Rules.check());
    disturbNetwork(world, plan);
    startAndCrash(world, plan, (error) => {
      this.#failure = error;
    });
    users.send(world, startOf(this.#slots));
    while (await loop.step(endMs)) {
      this.steps++;
      if (this.#failure !== undefined) throw this.#failure;
      this.#chainRules.check(agents, loop.nowMs());
    }
    await this.#checkEnd();
  }

  /** All follow L1: what it holds newest is every agent's submitted tip. @throws Violation. */
  #checkSubmitted(): void {
    const newest = this.l1Rules.landed.at(-1);
    for (const { name, running } of this.#world.agents) {
      const submitted = running?.agent.keeper.tips.submitted;
      if (submitted?.slot === newest?.slot && submitted?.blockHash === newest?.lastBlockHash) continue;
      throw new Violation("agents follow L1", `${name} is at slot ${submitted?.slot}, L1 at slot ${newest?.slot}`);
    }
  }

  async #checkEnd(): Promise<void> {
    const { l1, plan, startOf, agents, shown, setting } = this.#world;
    const provider = new SimulatedL1Provider(l1.deployment.chainId, (method, params) => l1.request(method, params));
    const { rollup } = l1.deployment;
    const slots = Array.from({ length: this.#slots }, (_, i) => i + 1);
    const proposers = await Promise.all(slots.map((slot) => getProposer({ provider, rollup }, slot)));
    provider.destroy();
    const proposerOf = (slot: number): number =>
      setting.validatorsOf.findIndex((validators) => validators.includes(proposers[slot - 1] as number));
    const { landed } = this.l1Rules;
    const { certifiedMs } = this.#chainRules;
    checkLiveness({ slots: this.#slots, plan, landed, certifiedMs, startOf, proposerOf });
    checkHandoff({ certifiedMs, plan, landed, startOf, untilSlot: this.#slots });
    this.#checkSubmitted();
    shown.checkKept(agents, startOf(this.#slots - 1));
  }
}
