import type { Clock } from "./interface.ts";
import { sleepUntil } from "./sleep.ts";

/** Time that moves only when told to: for simulation and tests of everything that takes a Clock. */
export class ManualClock implements Clock {
  #nowMs: number;
  #order = 0;
  readonly #tasks: { timeMs: number; order: number; task: () => void }[] = [];

  constructor(nowMs = 0) {
    this.#nowMs = nowMs;
  }

  nowMs(): number {
    return this.#nowMs;
  }

  at(timeMs: number, task: () => void): () => void {
    const entry = { timeMs: Math.max(timeMs, this.#nowMs), order: this.#order++, task };
    this.#tasks.push(entry);
    this.#tasks.sort((a, b) => a.timeMs - b.timeMs || a.order - b.order);
    return () => {
      const at = this.#tasks.indexOf(entry);
      if (at >= 0) this.#tasks.splice(at, 1);
    };
  }

  sleepUntil(timeMs: number, signal?: AbortSignal): Promise<void> {
    return sleepUntil(this, timeMs, signal);
  }

  /** Time of the next task, if any. */
  get nextMs(): number | undefined {
    return this.#tasks[0]?.timeMs;
  }

  /** Moves to `timeMs`, running what is due in order; between two tasks, promises already resolved get their turn. */
  async advanceTo(timeMs: number): Promise<void> {
    for (;;) {
      const next = this.#tasks[0];
      if (next === undefined || next.timeMs > timeMs) break;
      this.#tasks.shift();
      this.#nowMs = next.timeMs;
      next.task();
      await new Promise<void>((resolve) => setImmediate(resolve));
    }
    this.#nowMs = Math.max(this.#nowMs, timeMs);
    await new Promise<void>((resolve) => setImmediate(resolve));
  }
}
