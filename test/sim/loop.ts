import type { Clock } from "../../sdk/agent/time/interface.ts";
import { sleepUntil } from "../../sdk/agent/time/sleep.ts";
import { behindPort, inSimulation } from "./forbidden.ts";

/** How long a real call takes in virtual time: on its way there, and back. */
export interface CallDelay {
  thereMs: number;
  backMs: number;
}

interface SimEvent {
  timeMs: number;
  order: number;
  run: () => unknown;
}

/**
 * The one clock of a simulation and the queue of all that will happen. Events run one at a time, by time and then in
 * the order in which they were queued. Time stands still while an event's real work (L1, database) is under way, so it
 * makes no difference how long that takes, nor what finishes first.
 */
export class EventLoop implements Clock {
  #nowMs: number;
  #order = 0;
  /** Ascending: the next event stands first. */
  readonly #queue: SimEvent[] = [];

  constructor(startMs: number) {
    this.#nowMs = startMs;
  }

  nowMs(): number {
    return this.#nowMs;
  }

  at(timeMs: number, task: () => unknown): () => void {
    const event = { timeMs: Math.max(timeMs, this.#nowMs), order: this.#order++, run: task };
    this.#queue.splice(this.#placeOf(event), 0, event);
    return () => {
      const at = this.#queue.indexOf(event);
      if (at >= 0) this.#queue.splice(at, 1);
    };
  }

  sleepUntil(timeMs: number, signal?: AbortSignal): Promise<void> {
    return sleepUntil(this, timeMs, signal);
  }

  /**
   * Does real asynchronous work: it begins when the call arrives, nothing else happens until it is done, and its result
   * is delivered `backMs` later, never when it happens to be there. Where `isWanted` says no by then, it is dropped.
   */
  call<T>(work: () => Promise<T>, { thereMs, backMs }: CallDelay, isWanted: () => boolean = () => true): Promise<T> {
    return new Promise((resolve, reject) => {
      const deliver = (settle: () => void): void => {
        this.at(this.#nowMs + backMs, () => isWanted() && settle());
      };
      this.at(this.#nowMs + thereMs, () =>
        behindPort(work).then(
          (value) => deliver(() => resolve(value)),
          (error: unknown) => deliver(() => reject(error)),
        ),
      );
    });
  }

  /** Runs the next event and everything it sets off without time passing. False if there is none before `untilMs`. */
  async step(untilMs: number): Promise<boolean> {
    const next = this.#queue[0];
    if (next === undefined || next.timeMs >= untilMs) {
      this.#nowMs = Math.max(this.#nowMs, untilMs);
      return false;
    }
    this.#queue.shift();
    this.#nowMs = next.timeMs;
    await inSimulation(next.run);
    // A tick comes when every promise that can go on has gone on.
    await new Promise<void>((resolve) => process.nextTick(resolve));
    return true;
  }

  #placeOf(event: SimEvent): number {
    let low = 0;
    let high = this.#queue.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      const other = this.#queue[middle] as SimEvent;
      if (other.timeMs <= event.timeMs) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
