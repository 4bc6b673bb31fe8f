import { type FaultPlan, isWithin, mishapsOf, type Window } from "../faults/plan.ts";
import { Violation } from "../violation.ts";
import type { Deadlines } from "./deadlines.ts";
import type { OnL1 } from "./l1.ts";

/** L1 blocks in a row that bring back what a reorg took: the agents see it, send, and it is mined. */
const USABLE_L1_SLOTS = 4;

/** What an L1 reorg took away lands again, the same, while its window is open. */
export class ReorgRules {
  readonly #times: Deadlines;
  readonly #plan: FaultPlan;
  readonly #gone: { one: OnL1; atMs: number }[] = [];
  #before: readonly OnL1[] = [];

  constructor(times: Deadlines, plan: FaultPlan) {
    this.#times = times;
    this.#plan = plan;
  }

  /** To be called after each change of L1. */
  note(landed: readonly OnL1[], nowMs: number): void {
    const held = new Set(landed.map(({ digest }) => digest));
    for (const one of this.#before) if (!held.has(one.digest)) this.#gone.push({ one, atMs: nowMs });
    this.#before = landed;
  }

  /** @throws Violation. */
  checkEnd(endMs: number): void {
    const held = new Map(this.#before.map((one) => [one.digest, one]));
    const { reorgs, missed, empty, villain } = this.#plan;
    const others = [
      ...mishapsOf({ ...this.#plan, reorgs: [], missed: [], empty: [], feesRise: [], ills: [] }),
      ...(villain ? [villain] : []),
    ];
    for (const { one, atMs } of this.#gone) {
      const again = held.get(one.digest);
      // Sent again by whoever sent it, it is on time again.
      const isDelayed = again?.late === true && !one.late;
      if (again !== undefined && !isDelayed) continue;
      const untilMs = isDelayed
        ? this.#times.lastOnTime(one.slot) + this.#times.l1SlotMs
        : this.#times.closes(one.slot);
      const life: Window = { fromMs: atMs, toMs: untilMs };
      const around = { fromMs: this.#times.start(one.slot - 2), toMs: life.toMs };
      const isTouched = (window: Window): boolean => window.fromMs < around.toMs && window.toMs > around.fromMs;
      const isAgain = reorgs.some(({ fromMs }) => fromMs > atMs && fromMs < life.toMs + this.#times.l1SlotMs);
      if (life.toMs > endMs || isAgain || others.some(isTouched)) continue;
      // It stands on one that is gone: that one is asked for.
      if (this.#gone.some(({ one: other }) => other.slot < one.slot && !held.has(other.digest))) continue;
      let blocks = 0;
      for (let timeMs = atMs; timeMs < life.toMs; timeMs += this.#times.l1SlotMs)
        blocks += isWithin([...missed, ...empty], timeMs) ? 0 : 1;
      if (blocks < USABLE_L1_SLOTS) continue;
      throw new Violation("what a reorg took lands again", `slot ${one.slot}`);
    }
  }
}
