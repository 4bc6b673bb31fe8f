import type { EmbeddedEngineOptions } from "../embedded-engine.ts";
import { EngineError } from "../interface.ts";
import type { EngineApi } from "./protocol.ts";
import { LoadedWorker, type StartedWorker } from "./start.ts";

/**
 * Runs calls in a thread that starts with the first of them. A call that kills the thread (by memory, say) fails together
 * with those that wait beside it, and the next call starts another thread: blocks are not affected.
 */
export class CallThread {
  readonly #options: EmbeddedEngineOptions;
  #started: Promise<StartedWorker> | undefined;
  #closed = false;

  constructor(options: EmbeddedEngineOptions) {
    this.#options = options;
  }

  async run<M extends "call" | "estimateGas" | "createAccessList" | "simulate">(
    method: M,
    ...args: Parameters<EngineApi[M]>
  ): Promise<Awaited<ReturnType<EngineApi[M]>>> {
    if (this.#closed) throw new EngineError("closed", "the engine is closed");
    this.#started ??= this.#start();
    const { channel } = await this.#started;
    return channel.call(method, ...args);
  }

  /** Does not wait for running calls, which may take seconds: they are rejected with EngineError "closed". */
  async close(): Promise<void> {
    this.#closed = true;
    const started = await this.#started?.catch(() => undefined);
    await started?.channel.terminate();
  }

  #start(): Promise<StartedWorker> {
    const forget = (): void => {
      this.#started = undefined;
    };
    const started = LoadedWorker.load("call-worker").then((loaded) => loaded.open(this.#options, forget));
    started.catch(forget); // whoever waits for it gets the error; the next call tries again
    return started;
  }
}
