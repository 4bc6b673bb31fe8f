import type { Clock } from "../../sdk/agent/time/interface.ts";
import { sleepUntil } from "../../sdk/agent/time/sleep.ts";
import type { Chance } from "./chance.ts";
import type { EventLoop } from "./loop.ts";

/** How long calls of one kind take, there and back together, in milliseconds. */
export interface Latency {
  minMs: number;
  maxMs: number;
}

/** One run of one agent, from its start to its crash: after that, nothing it waits for ever comes. */
export class Life {
  readonly clock: Clock;
  readonly #loop: EventLoop;
  readonly #chance: Chance;
  #isOver = false;

  /** @param skewMs How far the agent's clock is ahead of the true time. */
  constructor(loop: EventLoop, chance: Chance, skewMs: number) {
    this.#loop = loop;
    this.#chance = chance;
    const clock = {
      nowMs: () => loop.nowMs() + skewMs,
      at: (timeMs: number, task: () => void) => loop.at(timeMs - skewMs, () => !this.#isOver && task()),
    };
    this.clock = { ...clock, sleepUntil: (timeMs, signal) => sleepUntil(clock, timeMs, signal) };
  }

  get isOver(): boolean {
    return this.#isOver;
  }

  end(): void {
    this.#isOver = true;
  }

  /** A call of this agent; what it began goes on without it, and afterwards it begins nothing. */
  call<T>(work: () => Promise<T>, { minMs, maxMs }: Latency): Promise<T> {
    if (this.#isOver) return new Promise(() => {});
    const thereMs = this.#chance.between(minMs, maxMs) / 2;
    const backMs = this.#chance.between(minMs, maxMs) / 2;
    return this.#loop.call(work, { thereMs, backMs }, () => !this.#isOver);
  }

  /**
   * The same object, its asynchronous methods taking their time; `latencyOf` names what is asynchronous. `around` does
   * the work, before its result is on its way back.
   */
  slow<T extends object>(
    target: T,
    latencyOf: (method: string) => Latency | undefined,
    around: <R>(work: () => Promise<R>) => Promise<R> = (work) => work(),
  ): T {
    return new Proxy(target, {
      get: (_, name) => {
        const value = Reflect.get(target, name, target) as unknown;
        if (typeof value !== "function") return value;
        const latency = latencyOf(String(name));
        if (latency === undefined) return value.bind(target);
        const work = async (args: unknown[]): Promise<unknown> => value.apply(target, args);
        return (...args: unknown[]) => this.call(() => around(() => work(args)), latency);
      },
    });
  }

  /** A promise that is never kept once the life is over. */
  gate<T>(promise: Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      promise.then(
        (value) => this.#isOver || resolve(value),
        (error: unknown) => this.#isOver || reject(error),
      );
    });
  }
}
