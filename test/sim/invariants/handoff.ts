import { DEVNET_PARAMETERS } from "../../../sdk/types/parameters.ts";
import { type FaultPlan, isWithin, mishapsOf, type Window } from "../faults/plan.ts";
import { Violation } from "../violation.ts";
import type { OnL1 } from "./l1.ts";

const { l1SlotSeconds, slotSeconds, handoffWindowSeconds, successorWindowSeconds } = DEVNET_PARAMETERS;
const L1_SLOT_MS = l1SlotSeconds * 1000;
/** L1 slots in a row that a submitter needs: it sees the one, sends, and is in the other. */
const USABLE_L1_SLOTS = 3;

export interface HandoffInput {
  /** When each slot's certificate was first held by anybody, by slot. */
  certifiedMs: ReadonlyMap<number, number>;
  plan: FaultPlan;
  landed: readonly OnL1[];
  startOf: (slot: number) => number;
  untilSlot: number;
}

/**
 * A checkpoint that was certified in its slot lands, on time or late, if L1 made blocks in its window and nothing else
 * went wrong than that its proposer went down: the handoff needs nothing of it. @throws Violation.
 */
export function checkHandoff({ certifiedMs, plan, landed, startOf, untilSlot }: HandoffInput): void {
  const onL1 = new Set(landed.map(({ slot }) => slot));
  const { crashes, missed, empty } = plan;
  const others = mishapsOf({ ...plan, crashes: [], missed: [], empty: [], feesRise: [], ills: [] });
  for (const [slot, atMs] of certifiedMs) {
    if (onL1.has(slot) || slot > untilSlot || atMs >= startOf(slot + 1)) continue;
    // It stood on one that was lost: whether that was lawful is asked of that one.
    if (certifiedMs.has(slot - 1) && !onL1.has(slot - 1)) continue;
    const life = { fromMs: startOf(slot - 1), toMs: startOf(slot + 1) + handoffWindowSeconds * 1000 };
    const isTouched = (window: Window): boolean => window.fromMs < life.toMs && window.toMs + SETTLE_MS > life.fromMs;
    if (others.some(isTouched)) continue;
    const late = { fromMs: startOf(slot + 1) - L1_SLOT_MS, toMs: life.toMs };
    // One that is down in the handoff cannot rescue; where it is its successor, the others have their turn.
    const down = new Set(
      crashes
        .filter(({ fromMs, toMs }) => fromMs < late.toMs && toMs + SETTLE_MS > late.fromMs)
        .map(({ agent }) => agent),
    );
    const open = { fromMs: startOf(slot + 1) + successorWindowSeconds * 1000 - L1_SLOT_MS, toMs: life.toMs };
    if (down.size > 1 || longestRun(down.size > 0 ? open : late, [...missed, ...empty]) < USABLE_L1_SLOTS) continue;
    throw new Violation("what is certified lands while L1 can be used", `slot ${slot}`);
  }
}

/** What a fault leaves behind is over by then. */
const SETTLE_MS = 2 * slotSeconds * 1000;

/** L1 slots in a row that had blocks with transactions. */
function longestRun({ fromMs, toMs }: Window, without: readonly Window[]): number {
  let longest = 0;
  let run = 0;
  for (let timeMs = fromMs; timeMs < toMs; timeMs += L1_SLOT_MS) {
    run = isWithin(without, timeMs) ? 0 : run + 1;
    longest = Math.max(longest, run);
  }
  return longest;
}
