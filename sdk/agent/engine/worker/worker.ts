import { type MessagePort, parentPort, receiveMessageOnPort, workerData } from "node:worker_threads";
import { machineNowMs } from "../../time/now.ts";
import { EmbeddedEngine, type EmbeddedEngineOptions } from "../embedded-engine.ts";
import { EngineError } from "../interface.ts";
import { type Greeting, METHODS, type Request, type Response, toFailure } from "./protocol.ts";

type AnyMethod = (...args: unknown[]) => Promise<unknown>;

/** Answers the requests of one port with one engine. */
class EngineServer {
  readonly #port: MessagePort;
  #engine: EmbeddedEngine | undefined;

  constructor(port: MessagePort) {
    this.#port = port;
  }

  async start(options: EmbeddedEngineOptions): Promise<void> {
    try {
      const engine = await EmbeddedEngine.open(options, {
        nowMs: machineNowMs,
        // A thread that executes transactions never returns to its event loop: it fetches its messages by hand.
        beforeTransaction: () => this.#drain(),
      });
      this.#engine = engine;
      this.#port.on("message", (request: Request) => void this.#answer(request));
      this.#port.postMessage({ genesisHash: engine.genesisHash } satisfies Greeting);
    } catch (error) {
      this.#port.postMessage({ failure: toFailure(error) } satisfies Greeting);
    }
  }

  #drain(): void {
    for (;;) {
      const received = receiveMessageOnPort(this.#port) as { message: Request } | undefined;
      if (received === undefined) return;
      void this.#answer(received.message);
    }
  }

  async #answer({ id, method, args }: Request): Promise<void> {
    const response = await this.#call(method, args).then(
      (value): Response => ({ id, value }),
      (error: unknown): Response => ({ id, failure: toFailure(error) }),
    );
    this.#port.postMessage(response);
    if (method === "close") this.#port.close();
  }

  async #call(method: Request["method"], args: unknown[]): Promise<unknown> {
    const engine = this.#engine;
    if (engine === undefined || engine.closed) throw new EngineError("closed", "the engine is closed");
    const target = (METHODS[method] === "engine" ? engine : engine.reader) as unknown as Record<string, AnyMethod>;
    return target[method]?.(...args);
  }
}

if (parentPort === null) throw new Error("this file is the engine's worker thread: start it through WorkerEngine");
await new EngineServer(parentPort).start(workerData as EmbeddedEngineOptions);
