import { Worker } from "node:worker_threads";
import type { Hex } from "../../../types/hex.ts";
import type { EmbeddedEngineOptions } from "../embedded-engine.ts";
import { EngineError } from "../interface.ts";
import { WorkerChannel } from "./channel.ts";
import { fromFailure, type Greeting } from "./protocol.ts";

export interface StartedWorker {
  genesisHash: Hex;
  channel: WorkerChannel;
}

/** A thread that has its code loaded and no database yet. */
export class LoadedWorker {
  readonly #worker: Worker;
  readonly #name: string;

  private constructor(worker: Worker, name: string) {
    this.#worker = worker;
    this.#name = name;
  }

  /** Starts a thread. Rejects if its code does not load. */
  static async load(name: "worker" | "call-worker"): Promise<LoadedWorker> {
    const loaded = new LoadedWorker(new Worker(new URL(`./${name}.${EXTENSION}`, import.meta.url), { name }), name);
    await loaded.#next();
    return loaded;
  }

  /** Opens the database and waits for the greeting. Rejects with what kept the thread from it, which ends it. */
  async open(options: EmbeddedEngineOptions, onCrash: (error: EngineError) => void): Promise<StartedWorker> {
    this.#worker.postMessage(options);
    const greeting = (await this.#next()) as Greeting;
    if ("failure" in greeting) {
      await this.#worker.terminate();
      throw fromFailure(greeting.failure);
    }
    return { genesisHash: greeting.genesisHash, channel: new WorkerChannel(this.#worker, onCrash) };
  }

  /** Ends a thread that was never told to open, at once. */
  async terminate(): Promise<void> {
    await this.#worker.terminate();
  }

  /** The next message; only one is awaited at a time. */
  async #next(): Promise<unknown> {
    const worker = this.#worker;
    try {
      return await new Promise((resolve, reject) => {
        worker.once("message", resolve);
        worker.once("error", reject);
        worker.once("exit", (code) =>
          reject(new EngineError("crashed", `engine ${this.#name} ended with code ${code} at start`)),
        );
      });
    } finally {
      // Only these: without the worker's own bookkeeping listeners no message would ever be delivered.
      for (const event of ["message", "error", "exit"]) worker.removeAllListeners(event);
    }
  }
}

/** The files of the threads stand beside this one: TypeScript in the source tree, JavaScript in a build. */
const EXTENSION = import.meta.url.endsWith(".ts") ? "ts" : "js";
