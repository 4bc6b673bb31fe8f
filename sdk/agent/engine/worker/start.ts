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

/** The files of the threads stand beside this one: TypeScript in the source tree, JavaScript in a build. */
const EXTENSION = import.meta.url.endsWith(".ts") ? "ts" : "js";

/** Starts a thread and waits for its greeting. Rejects with what kept it from opening the database. */
export async function startWorker(
  name: "worker" | "call-worker",
  options: EmbeddedEngineOptions,
  onCrash: (error: EngineError) => void,
): Promise<StartedWorker> {
  const worker = new Worker(new URL(`./${name}.${EXTENSION}`, import.meta.url), { workerData: options, name });
  const greeting = await new Promise<Greeting>((resolve, reject) => {
    worker.once("message", resolve);
    worker.once("error", reject);
    worker.once("exit", (code) =>
      reject(new EngineError("crashed", `engine ${name} ended with code ${code} at start`)),
    );
  });
  // Only these: without the worker's own bookkeeping listeners no message would ever be delivered.
  for (const event of ["message", "error", "exit"]) worker.removeAllListeners(event);
  if ("failure" in greeting) {
    await worker.terminate();
    throw fromFailure(greeting.failure);
  }
  return { genesisHash: greeting.genesisHash, channel: new WorkerChannel(worker, onCrash) };
}
