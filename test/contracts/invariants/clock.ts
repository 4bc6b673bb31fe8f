import type { Action, Kind } from "./actions.ts";
import type { Model } from "./model/model.ts";

/** Mostly come before a challenge window is over. */
const JUDGES: ReadonlySet<Kind> = new Set(["challenge", "challengeAndSubmit", "cure"]);

/**
 * When an action takes place: not before the last block. Landings wait, most of the time, until there is a slot to land
 * for.
 */
export function timeOf(action: Action, model: Model): number {
  const { chain, config } = model;
  const { kind, pick, detail } = action;
  if (JUDGES.has(kind) && pick % 4 !== 0) return model.nowSec + (detail % config.l1SlotSeconds);
  const timeSec = passed(action, model);
  const backwards = kind === "landLate" || kind === "landBatch" ? 1 : 0;
  const lands = backwards === 1 || kind === "land" || kind === "landLateAsOnTime";
  if (!lands || pick % 8 === 0) return timeSec;
  const first = chain.tip.slot + 1 + backwards;
  if (chain.slotAt(timeSec) >= first) return timeSec;
  return chain.startOf(first) + (detail % config.handoffWindowSeconds);
}

/** Of an edge, one half of the time the second before it. */
function passed({ wait, pick }: Action, model: Model): number {
  const { config, chain, nowSec, slot } = model;
  const early = pick % 2;
  const nextSlot = chain.startOf(slot + 1);
  const edge = (windowSeconds: number): number => {
    const own = chain.startOf(slot) + windowSeconds - early;
    return own > nowSec ? own : nextSlot + windowSeconds - early;
  };
  switch (wait) {
    case "none":
      return nowSec;
    case "second":
      return nowSec + 1;
    case "l1Slot":
      return nowSec + config.l1SlotSeconds - (model.second % config.l1SlotSeconds);
    case "nextSlot":
      return nextSlot;
    case "lastSecond":
      return nextSlot - 1;
    case "successorEdge":
      return edge(config.successorWindowSeconds);
    case "handoffEdge":
      return edge(config.handoffWindowSeconds);
    case "someSlots":
      return chain.startOf(slot + 2 + (pick % 3));
    case "nextEpoch":
      return chain.startOf((model.epoch + 1) * config.epochSlots) - (nextSlot - early > nowSec ? early : 0);
    case "deadline": {
      const deadlines = model.deadlines();
      const deadline = deadlines[pick % Math.max(1, Math.min(deadlines.length, 4))] ?? nextSlot;
      return Math.max(nowSec, deadline - early);
    }
  }
}
