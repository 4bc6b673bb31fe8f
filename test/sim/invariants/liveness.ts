import { DEVNET_PARAMETERS } from "../../../sdk/types/parameters.ts";
import { type FaultPlan, mishapsOf, type Window } from "../faults/plan.ts";
import { Violation } from "../violation.ts";
import type { OnL1 } from "./l1.ts";

const SLOT_MS = DEVNET_PARAMETERS.slotSeconds * 1000;
/** What a fault may still be felt after it is over: a missed slot, its handoff, and a build on what is left. */
const RECOVERY_SLOTS = 3;
/** An agent that starts again reads L1 and asks its peers before it takes up its duties. */
const RESTART_MS = 4_000;

/** A certificate is there by then, counted from the start of the slot, whatever became of the slot before. */
const CERTIFIED_MS = 2_000;

/** A slot about which the validators are of two minds is dead this long after the next one began. */
const DEAD_MS = (DEVNET_PARAMETERS.handoffWindowSeconds - DEVNET_PARAMETERS.l1SlotSeconds) * 1000;

export interface LivenessInput {
  slots: number;
  plan: FaultPlan;
  landed: readonly OnL1[];
  /** When each slot's certificate was first held by anybody, by slot. */
  certifiedMs: ReadonlyMap<number, number>;
  startOf: (slot: number) => number;
  /** Index of the agent that proposes for a slot. */
  proposerOf: (slot: number) => number;
}

/**
 * Every slot lands on time in which nothing went wrong, nor shortly before, and is certified when it begins. An agent that is
 * down, or means ill, costs the slots it proposes and no other. @throws Violation.
 */
export function checkLiveness({ slots, plan, landed, certifiedMs, startOf, proposerOf }: LivenessInput): void {
  const onL1 = new Set(landed.map(({ slot }) => slot));
  const { crashes, villain } = plan;
  // One of its two L1 nodes may be ill: an agent reads and sends by the other. Two agents that are down together keep the
  // others from a quorum.
  const anywhere = [...mishapsOf({ ...plan, crashes: [], ills: [] }), ...together(crashes)];
  // Also those after its window: its agent sees what it did not sign itself, and stops signing.
  const isSpoilt = (slot: number): boolean =>
    villain !== undefined && villain.agent === proposerOf(slot) && lifeOf(slot, startOf).toMs > villain.fromMs;
  for (let slot = 1; slot <= slots; slot++) {
    const life = lifeOf(slot, startOf);
    if (isSpoilt(slot) || anywhere.some((window) => touches(window, life, RECOVERY_SLOTS * SLOT_MS))) continue;
    const mine = crashes.filter(({ agent }) => agent === proposerOf(slot));
    if (mine.some((window) => touches(window, life, RESTART_MS))) continue;
    // With an ill-meaning validator each of the others is needed for a quorum.
    if (villain !== undefined && crashes.some((window) => touches(window, life, RECOVERY_SLOTS * SLOT_MS))) continue;
    const name = `slot ${slot} of agent-${proposerOf(slot)}`;
    if (!onL1.has(slot)) throw new Violation("a slot in which nothing goes wrong lands", `${name} is lost`);
    const isLate = landed.some((one) => one.slot === slot && one.late);
    if (isLate && !(slot > 1 && isSpoilt(slot - 1))) {
      throw new Violation("a slot in which nothing goes wrong lands in it", `${name} landed late`);
    }
    const afterMs = (certifiedMs.get(slot) ?? Number.POSITIVE_INFINITY) - startOf(slot);
    if (afterMs <= (slot > 1 && isSpoilt(slot - 1) ? DEAD_MS : 0) + CERTIFIED_MS) continue;
    throw new Violation("a slot in which nothing goes wrong is certified at once", `${name}: after ${afterMs} ms`);
  }
}

/** When two agents are down at once. */
const together = (crashes: FaultPlan["crashes"]): Window[] =>
  crashes.flatMap((one) =>
    crashes
      .filter(({ agent, fromMs, toMs }) => agent > one.agent && fromMs < one.toMs && toMs > one.fromMs)
      .map(({ fromMs, toMs }) => ({ fromMs: Math.max(fromMs, one.fromMs), toMs: Math.min(toMs, one.toMs) })),
  );

/** From the start of its build slot to the end of its handoff. */
const lifeOf = (slot: number, startOf: (slot: number) => number): Window => ({
  fromMs: startOf(slot - 1),
  toMs: startOf(slot + 2),
});

const touches = (fault: Window, life: Window, afterMs: number): boolean =>
  fault.fromMs < life.toMs && fault.toMs + afterMs > life.fromMs;
