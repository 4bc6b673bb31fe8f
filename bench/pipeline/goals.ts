import { readFileSync } from "node:fs";
import type { PipelineFigures } from "./measure.ts";
import type { SETTINGS } from "./settings.ts";

export type SettingName = keyof typeof SETTINGS;

/** What every setting showed; what a setting did not play is left out. */
export type PipelineResults = Record<SettingName, PipelineFigures>;

/** A bound, and on which side of it a figure should be. */
export type Goal = { atLeast: number } | { atMost: number } | { below: number };

interface Row {
  key: string;
  of: (figures: PipelineFigures) => number | undefined;
  /** By setting; where there is none, the figure is for comparison. */
  goals: Partial<Record<SettingName, Goal>>;
  /** The best that others have published. */
  published: number | undefined;
}

interface Anchors {
  pipeline: Record<"dd-99" | "azip-6" | "aztec-v5-timetable", Record<string, number>>;
}

const { pipeline } = JSON.parse(readFileSync(new URL("../anchors.json", import.meta.url), "utf8")) as Anchors;
const { "dd-99": dd99, "azip-6": azip6, "aztec-v5-timetable": aztec } = pipeline;

const both = (goal: Goal): Row["goals"] => ({ publishedHops: goal, measuredDelays: goal });
const each = (publishedHops: Goal, measuredDelays: Goal): Row["goals"] => ({ publishedHops, measuredDelays });

/**
 * With hops of 2 s a transaction takes one to its proposer and its block one back, whatever the agents do: there, the
 * goal for latencies is what was published for such hops.
 */
export const ROWS: readonly Row[] = [
  {
    key: "blocksPerSlot",
    of: (figures) => figures.blocksPerSlot,
    goals: each({ atLeast: 11 }, { atLeast: 12 }),
    published: azip6.blocksPerSlot,
  },
  {
    key: "deadZoneSeconds",
    of: (figures) => figures.deadZoneSeconds,
    goals: each({ atMost: 6 }, { atMost: 1.5 }),
    published: azip6.deadZoneSeconds,
  },
  {
    key: "txLatency.p50Seconds",
    of: (figures) => figures.txLatency.p50Seconds,
    goals: each({ atMost: dd99.medianLatencySeconds as number }, { atMost: 4 }),
    published: dd99.medianLatencySeconds,
  },
  {
    key: "txLatency.p99Seconds",
    of: (figures) => figures.txLatency.p99Seconds,
    goals: each({ atMost: dd99.p99LatencySeconds as number }, { atMost: 9 }),
    published: dd99.p99LatencySeconds,
  },
  {
    key: "lostOnMissedPublish",
    of: (figures) => figures.lostOnMissedPublish,
    goals: both({ atMost: 0 }),
    published: aztec.lostOnMissedPublish,
  },
  {
    key: "blocksInSlotAfterMissedPublish",
    of: (figures) => figures.blocksInSlotAfterMissedPublish,
    goals: each({ atLeast: 10 }, { atLeast: 11 }),
    published: aztec.blocksInSlotAfterMissedPublish,
  },
  {
    key: "lostOnFailedRescue.checkpoints",
    of: (figures) => figures.lostOnFailedRescue.checkpoints,
    goals: both({ atMost: 2 }),
    published: undefined,
  },
  {
    key: "lostOnFailedRescue.transactions",
    of: (figures) => figures.lostOnFailedRescue.transactions,
    goals: both({ atMost: 0 }),
    published: undefined,
  },
  {
    key: "recovery.secondsToFirstReplayedBlock",
    of: (figures) => figures.recovery.secondsToFirstReplayedBlock,
    goals: both({ atMost: 6 }),
    published: undefined,
  },
  {
    key: "lostOnOfflineProposer.slots",
    of: (figures) => figures.lostOnOfflineProposer.slots,
    goals: both({ atMost: 1 }),
    published: aztec.lostOnOfflineProposer,
  },
  {
    key: "lostOnOfflineProposer.children",
    of: (figures) => figures.lostOnOfflineProposer.children,
    goals: both({ atMost: 0 }),
    published: undefined,
  },
  {
    key: "handoff.doubleSends",
    of: (figures) => figures.handoff?.doubleSends,
    goals: both({ below: 0.05 }),
    published: undefined,
  },
  {
    key: "handoff.doubleSendsStuck",
    of: (figures) => figures.handoff?.doubleSendsStuck,
    goals: {},
    published: undefined,
  },
  {
    key: "handoff.doubleSendsMixed",
    of: (figures) => figures.handoff?.doubleSendsMixed,
    goals: {},
    published: undefined,
  },
];

/** Whether a figure is where it should be. What was not measured is not. */
export function isMet(figure: number | undefined, goal: Goal): boolean {
  if (figure === undefined) return false;
  if ("atLeast" in goal) return figure >= goal.atLeast;
  return "atMost" in goal ? figure <= goal.atMost : figure < goal.below;
}

export const describeGoal = (goal: Goal | undefined): string => {
  if (goal === undefined) return "";
  if ("atLeast" in goal) return `>= ${goal.atLeast}`;
  return "atMost" in goal ? `<= ${goal.atMost}` : `< ${goal.below}`;
};

/** What of one setting's figures is not as it should be, a line each. */
export function missedGoals(setting: SettingName, figures: PipelineFigures): string[] {
  return ROWS.flatMap(({ key, of, goals }) => {
    const goal = goals[setting];
    const figure = of(figures);
    if (goal === undefined || isMet(figure, goal)) return [];
    return [`${setting} ${key}: expected ${describeGoal(goal)}, got ${figure ?? "nothing"}`];
  });
}
