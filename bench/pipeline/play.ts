import { agentKeys } from "../../deploy/devnet/accounts.ts";
import type { PipelineEvent } from "../../sdk/agent/pipeline/events.ts";
import { publicKeyOf } from "../../sdk/bls/keys.ts";
import { getProposer } from "../../sdk/get/validators.ts";
import { hexToBytes } from "../../sdk/types/hex.ts";
import { runL1 } from "../../test/sim/faults/l1.ts";
import { type FaultPlan, NO_FAULTS } from "../../test/sim/faults/plan.ts";
import { behindPort, forbidMachine } from "../../test/sim/forbidden.ts";
import { ChainRules, transactionsOn } from "../../test/sim/invariants/chain.ts";
import { L1Rules } from "../../test/sim/invariants/l1.ts";
import { SimulatedL1Provider } from "../../test/sim/l1/provider.ts";
import type { Setting } from "../../test/sim/setting.ts";
import { createWorld, type World } from "../../test/sim/world.ts";
import { LOAD_ADDRESSES, Load } from "./load.ts";
import { Observer } from "./observer.ts";
import type { Recording } from "./recording.ts";
import { minedSubmissions } from "./submissions.ts";

/** What happens in a run, beside the load. */
export interface Story {
  /** What goes wrong on L1, given when each slot starts. */
  faults?: (startOf: (slot: number) => number) => Partial<FaultPlan>;
  /** Slots whose proposer keeps its checkpoint from L1, once it is known who proposes for slots 1, 2, … */
  withheld?: (proposers: readonly number[]) => number[];
  /** Directs what cannot be planned; is told of every event of every agent. */
  direct?: (stage: Stage) => (agent: number, event: PipelineEvent) => void;
}

/** What a story may do to its world. */
export interface Stage {
  world: World;
  /** Of slots 1, 2, … */
  proposers: readonly number[];
  /** Ends an agent as a power cut would and starts it again, unless `toMs` is infinite. */
  crash: (agent: number, fromMs: number, toMs: number) => void;
}

export interface PlayOptions {
  setting: Setting;
  seed: number;
  /** Slots that count. */
  slots: number;
  /** Transactions a second. */
  rate: number;
}

/** Slots after those that count, in which what is on its way arrives. */
const LAST_SLOTS = 2;

/**
 * Runs real agents through a story under virtual time and writes down what they did. @throws Violation if they break
 * what must hold of every run.
 */
export async function play(story: Story, { setting, seed, slots, rate }: PlayOptions): Promise<Recording> {
  const withheld = new Set<number>();
  const world = await createWorld(
    seed,
    "fast",
    (startOf) => ({ ...structuredClone(NO_FAULTS), ...story.faults?.(startOf) }),
    { ...setting, funded: LOAD_ADDRESSES, seams: () => ({ publisher: (real) => withholding(real, withheld) }) },
  );
  const proposers = await readProposers(world, slots);
  for (const slot of story.withheld?.(proposers) ?? []) withheld.add(slot);
  const permit = forbidMachine();
  try {
    return await new Run(world, story, proposers, slots).toEnd(new Load(world, rate, seed));
  } finally {
    permit();
    await world.close();
  }
}

type Publishing = NonNullable<ReturnType<NonNullable<Setting["seams"]>>["publisher"]>;

/** A publisher that looks away while a checkpoint that it is to keep back is its own to land. */
const withholding = (real: Parameters<Publishing>[0], slots: ReadonlySet<number>): ReturnType<Publishing> => ({
  tick(state, moment, isProposer) {
    const oldest = state.unsubmitted[0]?.slot;
    if (oldest !== undefined && slots.has(oldest) && isProposer(oldest)) return;
    real.tick(state, moment, isProposer);
  },
  stop: () => real.stop(),
});

async function readProposers({ l1 }: World, slots: number): Promise<number[]> {
  const provider = new SimulatedL1Provider(l1.deployment.chainId, (method, params) => l1.request(method, params));
  const { rollup } = l1.deployment;
  const known = Array.from({ length: slots + LAST_SLOTS }, (_, i) => i + 1);
  const proposers = await Promise.all(known.map((slot) => getProposer({ provider, rollup }, slot)));
  provider.destroy();
  return proposers;
}

class Run {
  readonly #world: World;
  readonly #slots: number;
  readonly #proposers: readonly number[];
  readonly #observer: Observer;
  readonly #l1Rules: L1Rules;
  readonly #chainRules: ChainRules;
  #failure: unknown;

  constructor(world: World, story: Story, proposers: readonly number[], slots: number) {
    this.#world = world;
    this.#slots = slots;
    this.#proposers = proposers;
    const validators = world.agents.map(({ index }) => publicKeyOf(hexToBytes(agentKeys(index).blsSecretKey)));
    this.#l1Rules = new L1Rules(world.l1, world.ledger, validators);
    this.#chainRules = new ChainRules(world.ledger);
    const stage: Stage = {
      world,
      proposers,
      crash: (agent, fromMs, toMs) => this.#crash(agent, fromMs, toMs),
    };
    const direct = story.direct?.(stage);
    this.#observer = new Observer(world, (agent, event) => direct?.(agent, event));
  }

  async toEnd(load: Load): Promise<Recording> {
    const { loop, agents, startOf, l1, l1Faults, genesisSec, setting } = this.#world;
    const endMs = startOf(this.#slots + LAST_SLOTS);
    runL1(l1Faults, endMs, () => this.#l1Rules.check());
    for (const { index } of agents) loop.at(loop.nowMs(), () => this.#start(index));
    loop.at(startOf(0), () => load.send(startOf(this.#slots)));
    while (await loop.step(endMs)) {
      if (this.#failure !== undefined) throw this.#failure;
      this.#observer.look();
      this.#chainRules.check(agents, loop.nowMs());
    }
    const agent = agents.find(({ running }) => running !== undefined);
    const tip = agent?.running?.agent.keeper.tips.head.blockHash;
    if (agent === undefined || tip === undefined) throw new Error("no agent is up at the end");
    transactionsOn(agent, tip);
    const { begun, sealed, seen, discards } = this.#observer;
    return {
      parameters: setting.parameters,
      genesisMs: genesisSec * 1000,
      slots: this.#slots,
      proposers: this.#proposers,
      begun,
      sealed,
      seen,
      discards,
      chain: this.#observer.chainTo(agent, tip),
      landed: this.#l1Rules.landed,
      mined: await behindPort(() => minedSubmissions(l1)),
      sent: load.sent,
    };
  }

  /** Not awaited: a start takes time, and time stands still while an event is waited for. */
  #start(index: number): void {
    this.#world.agents[index]?.start(0).catch((error: unknown) => {
      this.#failure = error;
    });
  }

  #crash(index: number, fromMs: number, toMs: number): void {
    const { loop, agents } = this.#world;
    loop.at(fromMs, () => agents[index]?.crash());
    if (toMs < Number.POSITIVE_INFINITY) loop.at(toMs, () => this.#start(index));
  }
}
