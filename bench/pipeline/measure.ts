import type { Setting } from "../../test/sim/setting.ts";
import {
  blocksIn,
  blocksPerSlot,
  countedSlots,
  deadZoneSeconds,
  doubleSends,
  type Latency,
  lostSlots,
  lostTransactions,
  secondsToFirstReplayedBlock,
  txLatency,
} from "./figures.ts";
import { type PlayOptions, play } from "./play.ts";
import {
  awaySlots,
  deadProposer,
  examples,
  failedRescue,
  firstAway,
  missedPublish,
  OFFLINE_PROPOSER,
  STEADY,
  stuckProposer,
} from "./stories.ts";

/** What one setting showed. Counts of lost checkpoints are per example; where a proposer is away, per slot of its. */
export interface PipelineFigures {
  blocksPerSlot: number;
  deadZoneSeconds: number;
  txLatency: Latency;
  lostOnMissedPublish: number;
  /** The fewest, over the slot after the missed one and the slot after that. */
  blocksInSlotAfterMissedPublish: number;
  lostOnFailedRescue: { checkpoints: number; transactions: number };
  recovery: { secondsToFirstReplayedBlock: number };
  lostOnOfflineProposer: { slots: number; children: number };
  /** Left out where it was not played. */
  handoff?: {
    /** Where the proposer is dead. */
    doubleSends: number;
    /** Where its transaction is stuck and comes out late. */
    doubleSendsStuck: number;
    /** Over both. */
    doubleSendsMixed: number;
  };
}

/** How many slots each story has; the last two may be left out. */
export interface Lengths {
  steady: number;
  missedPublish: number;
  failedRescue: number;
  offlineProposer: number;
  deadProposer?: number;
  stuckProposer?: number;
}

/** Slots from one example of a story to the next: until then, nothing of it is felt any more. */
const APART = { missedPublish: 3, failedRescue: 6, deadProposer: 3, stuckProposer: 3 };

export interface MeasureOptions {
  setting: Setting;
  seed: number;
  lengths: Lengths;
  /** Transactions a second. */
  rate: number;
}

/** Plays every story in one setting and reads the figures off what was recorded. */
export async function measure(options: MeasureOptions): Promise<PipelineFigures> {
  const { lengths } = options;
  const of = (name: keyof Lengths): PlayOptions => ({ ...options, slots: lengths[name] ?? 0 });
  const plays = lengths.deadProposer !== undefined && lengths.stuckProposer !== undefined;
  const steady = await play(STEADY, of("steady"));
  return {
    blocksPerSlot: blocksPerSlot(steady),
    deadZoneSeconds: deadZoneSeconds(steady),
    txLatency: txLatency(steady),
    ...(await onMissedPublish(of("missedPublish"))),
    ...(await onFailedRescue(of("failedRescue"))),
    lostOnOfflineProposer: await onOfflineProposer(of("offlineProposer")),
    ...(plays && { handoff: await onHandoff(of("deadProposer"), of("stuckProposer")) }),
  };
}

async function onMissedPublish(
  options: PlayOptions,
): Promise<Pick<PipelineFigures, "lostOnMissedPublish" | "blocksInSlotAfterMissedPublish">> {
  const slots = examples(options.slots, APART.missedPublish);
  const recording = await play(missedPublish(slots), options);
  const after = slots.flatMap((slot) => [slot + 1, slot + 2]);
  return {
    lostOnMissedPublish: lostSlots(recording, countedSlots(recording)).length / slots.length,
    blocksInSlotAfterMissedPublish: Math.min(...after.map((slot) => blocksIn(recording, slot))),
  };
}

async function onFailedRescue(options: PlayOptions): Promise<Pick<PipelineFigures, "lostOnFailedRescue" | "recovery">> {
  const { slotSeconds, handoffWindowSeconds } = options.setting.parameters;
  const slots = examples(options.slots, APART.failedRescue);
  const recording = await play(failedRescue(slots, slotSeconds * 1000, handoffWindowSeconds * 1000), options);
  return {
    lostOnFailedRescue: {
      checkpoints: lostSlots(recording, countedSlots(recording)).length / slots.length,
      transactions: lostTransactions(recording),
    },
    recovery: { secondsToFirstReplayedBlock: secondsToFirstReplayedBlock(recording) },
  };
}

async function onOfflineProposer(options: PlayOptions): Promise<PipelineFigures["lostOnOfflineProposer"]> {
  const recording = await play(OFFLINE_PROPOSER, options);
  const { proposers } = recording;
  const away = awaySlots(proposers, firstAway(proposers), options.slots);
  return {
    slots: lostSlots(recording, countedSlots(recording)).length / away.lost.length,
    children: lostSlots(recording, away.children).length,
  };
}

async function onHandoff(dead: PlayOptions, stuck: PlayOptions): Promise<NonNullable<PipelineFigures["handoff"]>> {
  const [deadSlots, stuckSlots] = [
    examples(dead.slots, APART.deadProposer),
    examples(stuck.slots, APART.stuckProposer),
  ];
  const whereDead = doubleSends(await play(deadProposer(deadSlots), dead), deadSlots);
  const whereStuck = doubleSends(await play(stuckProposer(stuckSlots), stuck), stuckSlots);
  const all = deadSlots.length + stuckSlots.length;
  return {
    doubleSends: whereDead,
    doubleSendsStuck: whereStuck,
    doubleSendsMixed: (whereDead * deadSlots.length + whereStuck * stuckSlots.length) / all,
  };
}
