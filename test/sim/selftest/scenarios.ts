import { type FaultPlan, NO_FAULTS, type Window } from "../faults/plan.ts";
import type { PlanOf } from "../world.ts";

/** One thing that goes wrong, at a known time, so that few slots show whether a rule is kept. */
export interface Scenario {
  what: string;
  slots: number;
  planOf: PlanOf;
}

type Faults = (startOf: (slot: number) => number) => Partial<FaultPlan>;

const scenario = (what: string, slots: number, faults: Faults): Scenario => ({
  what,
  slots,
  planOf: (startOf) => ({ ...NO_FAULTS, ...faults(startOf) }),
});

/** Two agents are down for a moment before a slot: the others are no quorum until these are back. */
const twoDown = (agents: readonly number[], startMs: number) =>
  agents.map((agent): FaultPlan["crashes"][number] => ({
    fromMs: startMs - 3_000,
    toMs: startMs - 800,
    agent,
    at: "anywhere",
  }));

/** L1 makes no blocks from just before one time to just before another. */
const without = (fromMs: number, toMs: number): Window[] => [{ fromMs: fromMs - 1, toMs: toMs - 1 }];

/** Agents propose, from slot 1: 1, 2, 2, 3, 3, 0. */
export const SCENARIOS = {
  calm: scenario("nothing goes wrong", 3, () => ({})),
  late: scenario("L1 has no block in slot 3, and all of the next", 5, (startOf) => ({
    missed: without(startOf(3), startOf(4)),
  })),
  dead: scenario("L1 has no block in slot 3, nor in its handoff", 6, (startOf) => ({
    missed: without(startOf(3), startOf(4) + 8_000),
  })),
  stall: scenario("L1 has no block for two slots", 7, (startOf) => ({ missed: without(startOf(3), startOf(5)) })),
  hesitant: scenario(
    "L1 has none in slot 3 nor after it, while two agents have yet to attest slot 4",
    6,
    (startOf) => ({
      missed: [...without(startOf(3), startOf(4)), ...without(startOf(4) + 2_000, startOf(4) + 6_000)],
      crashes: twoDown([0, 1], startOf(4)),
    }),
  ),
  absent: scenario("the proposer of slot 1 is down in its build slot and its slot", 4, (startOf) => ({
    crashes: [{ fromMs: startOf(0) - 1_500, toMs: startOf(1) + 6_000, agent: 1, at: "anywhere" }],
  })),
  silent: scenario("the proposer of slot 1 goes down while it builds, and leaves what it has shown", 4, (startOf) => ({
    crashes: [{ fromMs: startOf(0) + 5_000, toMs: startOf(1) + 6_000, agent: 1, at: "anywhere" }],
  })),
  thin: scenario("two agents come back when slot 3 has begun", 5, (startOf) => ({
    crashes: twoDown([0, 1], startOf(3)),
  })),
  parted: scenario("two and two see each other's proposals of slot 3 and not the votes", 6, (startOf) => ({
    partitions: [{ fromMs: startOf(3) - 230, toMs: startOf(4) + 3_000, apart: ["agent-0", "agent-1"] }],
  })),
  vanished: scenario("an L1 reorg takes slot 2 away with its transaction", 4, (startOf) => ({
    reorgs: [{ fromMs: startOf(2) + 5_000, toMs: startOf(2) + 5_001, depth: 3, keepProbability: 0 }],
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
  tardy: scenario("messages take up to six seconds around the start of slot 3", 5, (startOf) => ({
    links: [
      {
        fromMs: startOf(3) - 600,
        toMs: startOf(3) + 200,
        model: { minDelayMs: 400, maxDelayMs: 600, loss: 0, duplication: 0, reordering: 1 },
      },
    ],
  })),
  "given-up": scenario(
    "L1 takes nothing until slot 3 is dead, and then a reorg brings it in after all",
    6,
    (startOf) => ({
      empty: without(startOf(3), startOf(4) + 8_000),
      reorgs: [{ fromMs: startOf(4) + 6_500, toMs: startOf(4) + 6_501, depth: 4, keepProbability: 1 }],
    }),
  ),
} satisfies Record<string, Scenario>;

export type ScenarioName = keyof typeof SCENARIOS;
