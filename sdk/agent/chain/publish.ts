import type { Moment, SlotTimes, Timetable } from "../time/timetable.ts";
import type { ChainState, Unsubmitted } from "./state.ts";

/** In what capacity an agent lands a checkpoint. */
export type PublishRole = "proposer" | "successor" | "other";

/** What this agent should put on L1 now. */
export type PublishDuty =
  /** Land these checkpoints, oldest first, in one transaction that is worthless after `deadlineMs`. */
  { duty: "submit"; slots: number[]; deadlineMs: number; role: PublishRole } | { duty: "wait"; reason: string };

/** Which slots this agent proposes for. */
export type IsProposer = (slot: number) => boolean;

/** This agent's place, from 0, among those who may land a slot's checkpoint when its proposer and its successor do not. */
export type RescueRank = (slot: number) => number;

/** A transaction sent this part of an L1 slot before a block's time is in it, if deciding to send takes no time. */
const L1_SEND_PART = 1 / 3;

/**
 * The handoff: the oldest unsubmitted checkpoint belongs to its proposer in its slot, to the successor once its last
 * on-time L1 block was seen without it, and to any submitter after the successor's window, one after the other. The
 * successor sends it with its own checkpoint when that is certified too, else alone; the runner replaces the one by the
 * other at one nonce.
 * @param sendingMs What it lately took this agent from deciding to send until L1 had the transaction.
 */
export function publishDuty(
  state: ChainState,
  moment: Moment,
  timetable: Timetable,
  isProposer: IsProposer,
  rank: RescueRank,
  sendingMs: number,
): PublishDuty {
  const oldest = state.unsubmitted[0];
  if (oldest === undefined) return { duty: "wait", reason: "nothing is unsubmitted" };
  if (oldest.proposed?.certificate === undefined)
    return { duty: "wait", reason: "the oldest checkpoint has no certificate" };
  const times = timetable.of(oldest.slot);
  if (moment.nowMs < times.firstSendMs) return { duty: "wait", reason: "its slot has not begun on L1" };

  const l1Ms = state.l1.timestamp * 1000;
  if (moment.nowMs < times.handoffMs && l1Ms < times.lastOnTimeBlockMs) {
    return isProposer(oldest.slot)
      ? { duty: "submit", slots: [oldest.slot], deadlineMs: times.handoffMs - 1000, role: "proposer" }
      : { duty: "wait", reason: "its proposer's slot" };
  }
  if (l1Ms < times.lastOnTimeBlockMs || moment.nowMs < times.handoffMs) {
    return { duty: "wait", reason: "it may still be in the last on-time L1 block" };
  }
  if (l1Ms >= times.lastLateBlockMs) return { duty: "wait", reason: "its window is over" };
  return late(state, oldest, moment, timetable, isProposer, rank, sendingMs);
}

function late(
  state: ChainState,
  oldest: Unsubmitted,
  moment: Moment,
  timetable: Timetable,
  isProposer: IsProposer,
  rank: RescueRank,
  sendingMs: number,
): PublishDuty {
  const times = timetable.of(oldest.slot);
  const isSuccessor = isProposer(oldest.slot + 1);
  if (!isSuccessor && !isTurn(state, times, moment, timetable, rank(oldest.slot))) {
    return { duty: "wait", reason: "the successor's window, or another agent's turn" };
  }
  const deadlineMs = times.closesMs - 1000;
  const role = isSuccessor ? "successor" : "other";
  const own = state.unsubmitted[1];
  if (isSuccessor && own?.slot === oldest.slot + 1) {
    if (own.proposed?.certificate !== undefined) {
      return { duty: "submit", slots: [oldest.slot, own.slot], deadlineMs, role };
    }
    const { l1SlotSeconds, hopSeconds } = timetable.parameters;
    // A busy machine, or a slow L1 node, sends the one alone earlier: the first late block may be the successor's only one.
    const leadMs = Math.max(L1_SEND_PART * l1SlotSeconds * 1000, sendingMs + hopSeconds * 1000);
    const firstLateSendMs = times.handoffMs + l1SlotSeconds * 1000 - leadMs;
    if (moment.nowMs < firstLateSendMs) return { duty: "wait", reason: "its own certificate is due" };
  }
  return { duty: "submit", slots: [oldest.slot], deadlineMs, role };
}

/**
 * One agent sends for the first L1 block that credits anyone; for each block without result it may be twice as many
 * agents as before, and for the last one everybody: all at once, they would pay for many transactions where one lands.
 * A turn begins when the block before it was seen, or is so late that L1 missed it.
 */
function isTurn(
  state: ChainState,
  { openMs, lastLateBlockMs }: SlotTimes,
  { nowMs }: Moment,
  { parameters }: Timetable,
  rank: number,
): boolean {
  const l1SlotMs = parameters.l1SlotSeconds * 1000;
  const blocksLater = rank === 0 ? 0 : 1 + Math.floor(Math.log2(rank));
  const seenMs = Math.min(openMs + (blocksLater - 1) * l1SlotMs, lastLateBlockMs - l1SlotMs);
  return state.l1.timestamp * 1000 >= seenMs || nowMs >= seenMs + l1SlotMs / 2;
}
