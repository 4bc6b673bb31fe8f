import type { Act } from "../actors/acts.ts";
import { type FaultPlan, NO_FAULTS, type Window } from "../faults/plan.ts";
import { DEVNET_SETTING, type Setting } from "../setting.ts";
import type { PlanOf } from "../world.ts";

/** One thing that goes wrong, at a known time, so that few slots show whether a rule is kept. */
export interface Scenario {
  what: string;
  slots: number;
  planOf: PlanOf;
  setting: Setting;
}

type Faults = (startOf: (slot: number) => number) => Partial<FaultPlan>;

const scenario = (what: string, slots: number, faults: Faults, setting: Partial<Setting> = {}): Scenario => ({
  what,
  slots,
  planOf: (startOf) => ({ ...NO_FAULTS, ...faults(startOf) }),
  setting: { ...DEVNET_SETTING, ...setting },
});

/** One agent means ill in all that it does for the slots up to one. */
const villain =
  (agent: number, act: Act, untilSlot: number): Faults =>
  (startOf) => ({ villain: { agent, acts: [act], fromMs: startOf(0), toMs: startOf(untilSlot) } });

/** Every message takes so long. */
const slowly = (delayMs: number, fromMs: number, toMs: number): FaultPlan["links"][number] => ({
  fromMs,
  toMs,
  model: { minDelayMs: delayMs, maxDelayMs: delayMs + 20, loss: 0, duplication: 0, reordering: 0 },
});

/** Two attest a slot, and two are down until they can only skip it. */
const undecided = (slot: number, startOf: (slot: number) => number): Partial<FaultPlan> => ({
  crashes: [0, 1].map((agent) => ({
    fromMs: startOf(slot) - 4_000,
    toMs: startOf(slot) + 2_000,
    agent,
    at: "anywhere",
  })),
});

/** L1 makes no blocks from just before one time to just before another. */
const without = (fromMs: number, toMs: number): Window[] => [{ fromMs: fromMs - 1, toMs: toMs - 1 }];

/** Agents propose, from slot 1: 1, 2, 2, 3, 3, 0. */
export const SCENARIOS = {
  calm: scenario("nothing goes wrong", 3, () => ({})),
  quiet: scenario("the same, until L1's messages are due", 6, () => ({})),
  late: scenario("L1 has no block in slot 3, and all of the next", 5, (startOf) => ({
    missed: without(startOf(3), startOf(4)),
  })),
  dead: scenario("L1 has no block in slot 3, nor in its handoff", 6, (startOf) => ({
    missed: without(startOf(3), startOf(4) + 8_000),
  })),
  stall: scenario("L1 has no block for two slots", 7, (startOf) => ({ missed: without(startOf(3), startOf(5)) })),
  hesitant: scenario("L1 has none in slot 3 nor after it, and votes on slot 4 come late", 6, (startOf) => ({
    missed: [...without(startOf(3), startOf(4)), ...without(startOf(4) + 2_000, startOf(4) + 6_000)],
    links: [slowly(900, startOf(4) - 600, startOf(4) + 1_000)],
  })),
  absent: scenario("the proposer of slot 1 is down in its build slot and its slot", 4, (startOf) => ({
    crashes: [{ fromMs: startOf(0) - 1_500, toMs: startOf(1) + 6_000, agent: 1, at: "anywhere" }],
  })),
  silent: scenario("the proposer of slot 1 goes down while it builds, and leaves what it has shown", 4, (startOf) => ({
    crashes: [{ fromMs: startOf(0) + 5_000, toMs: startOf(1) + 6_000, agent: 1, at: "anywhere" }],
  })),
  vanished: scenario("an L1 reorg takes slot 2 away with its transaction", 4, (startOf) => ({
    reorgs: [{ fromMs: startOf(2) + 3_000, toMs: startOf(2) + 3_001, depth: 3, keepProbability: 0 }],
  })),
  moved: scenario("an L1 reorg puts slot 2 into another block", 4, (startOf) => ({
    reorgs: [{ fromMs: startOf(2) + 5_000, toMs: startOf(2) + 5_001, depth: 3, keepProbability: 1 }],
  })),
  payers: scenario("an L1 reorg takes slot 2 away while another account has slot 3 on its way", 5, (startOf) => ({
    secondPays: [{ fromMs: startOf(3) - 3_000, toMs: startOf(4), agent: 2 }],
    drops: [
      { fromMs: startOf(2) - 2_000, toMs: startOf(3) - 4_000, probability: 1 },
      { fromMs: startOf(3), toMs: startOf(3) + 1_500, probability: 1 },
    ],
    reorgs: [{ fromMs: startOf(3) + 1_000, toMs: startOf(3) + 1_001, depth: 2, keepProbability: 0 }],
  })),
  rewound: scenario("L1 stands still, and goes back to before slot 2, when slot 4 is being built", 5, (startOf) => ({
    missed: without(startOf(2) + 6_000, startOf(4) + 2_000),
    reorgs: [{ fromMs: startOf(3) + 1_000, toMs: startOf(3) + 1_001, depth: 2, keepProbability: 0 }],
  })),
  "given-up": scenario(
    "L1 takes nothing until slot 3 is dead, and then a reorg brings it in after all",
    6,
    (startOf) => ({
      empty: without(startOf(3), startOf(4) + 8_000),
      reorgs: [{ fromMs: startOf(4) + 6_500, toMs: startOf(4) + 6_501, depth: 4, keepProbability: 1 }],
    }),
  ),
  blind: scenario("one agent does not see L1 when slot 2 lands, nor for two slots", 5, (startOf) => ({
    outages: [{ fromMs: startOf(2) + 1_900, toMs: startOf(4), agent: 0 }],
  })),
  slow: scenario("messages take two seconds around the start of slot 3", 5, (startOf) => ({
    links: [slowly(2_000, startOf(3) - 600, startOf(3) + 1_500)],
  })),
  latecomer: scenario("two agents, the next proposer one of them, miss the proposal of slot 3", 5, (startOf) => ({
    partitions: [{ fromMs: startOf(3) - 400, toMs: startOf(3) + 1_300, apart: ["agent-0", "agent-3"] }],
  })),
  undecided: scenario("slot 3 is attested by too few, and skipped by too few", 5, (startOf) => undecided(3, startOf)),
  delayed: scenario("the same, and L1 tells when slot 3 is dead when it is too late", 5, (startOf) => ({
    ...undecided(3, startOf),
    missed: without(startOf(4) + 6_000, startOf(4) + 8_000),
  })),
  sluggish: scenario("slot 3 is undecided, and hops are long", 5, (startOf) => undecided(3, startOf), {
    parameters: { ...DEVNET_SETTING.parameters, hopSeconds: 1.6 },
  }),
  apart: scenario("an agent is alone when slot 3 is proposed, and L1 has no block for it", 5, (startOf) => ({
    partitions: [{ fromMs: startOf(3) - 500, toMs: startOf(3) + 4_000, apart: ["agent-3"] }],
    missed: without(startOf(3), startOf(4)),
  })),
  uncertain: scenario("L1 has no block in slot 3, and slot 4 is undecided", 6, (startOf) => ({
    missed: without(startOf(3), startOf(4)),
    ...undecided(4, startOf),
  })),
  orphaned: scenario("L1 has no block in slot 1, and its successor is down in the handoff", 5, (startOf) => ({
    missed: without(startOf(1), startOf(2)),
    crashes: [{ fromMs: startOf(2) + 50, toMs: startOf(2) + 7_000, agent: 2, at: "anywhere" }],
  })),
  again: scenario("a proposer begins slot 2 again on the same parent", 3, villain(2, "same-parent-again", 3)),
  withheld: scenario("the proposal of slot 1 comes at the last moment", 3, villain(1, "withholds", 2)),
  blobs: scenario("a proposer names other blobs than those of its blocks", 5, villain(2, "other-blobs", 3)),
  forged: scenario("somebody lands what nobody signed", 7, villain(0, "forges", 5)),
  leaving: scenario("one of two validators of an agent leaves with the second epoch", 8, () => ({}), {
    validatorsOf: [[0, 1], [2], [3], [4]],
    parameters: { ...DEVNET_SETTING.parameters, epochSlots: 3 },
    rollup: { ...DEVNET_SETTING.rollup, epochSlots: 3 },
    leaving: 1,
  }),
  split: scenario("a proposer shows two last blocks of slot 2, and one agent is alone with its own", 5, (startOf) => ({
    ...villain(2, "two-blocks", 2)(startOf),
    partitions: [{ fromMs: startOf(2) - 230, toMs: startOf(2) + 4_000, apart: ["agent-1"] }],
  })),
  hushed: scenario(
    "the same, with agents that keep blocks back until their parent is certified",
    5,
    (startOf) => undecided(3, startOf),
    {
      silent: () => true,
    },
  ),
} satisfies Record<string, Scenario>;

export type ScenarioName = keyof typeof SCENARIOS;
