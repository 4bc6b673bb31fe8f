import { type MessagePort, receiveMessageOnPort } from "node:worker_threads";
import type { EmbeddedEngineOptions } from "../embedded-engine.ts";
import { type Greeting, LOADED, type Method, type Request, type Response, toFailure } from "./protocol.ts";

type AnyMethod = (...args: unknown[]) => Promise<unknown>;

/** What answers a thread's requests. */
export interface Service {
  greeting: Greeting;
  /** The object that has this method. Throws EngineError if it takes no more requests. */
  target(method: Method): object;
}

/** The worker's side of a `WorkerChannel`. */
export class PortServer {
  readonly #port: MessagePort;
  #service: Service | undefined;

  constructor(port: MessagePort) {
    this.#port = port;
  }

  /**
   * Says that the code is loaded, waits for the options, opens the service, greets, and answers until "close"; a service
   * that does not open is reported instead.
   */
  async serve(open: (options: EmbeddedEngineOptions) => Promise<Service>): Promise<void> {
    // One listener from beginning to end: a thread whose port has none may end before the service is open.
    const told = new Promise<EmbeddedEngineOptions>((resolve) => {
      this.#port.on("message", (message: Request | EmbeddedEngineOptions) => {
        if ("method" in message) void this.#answer(message);
        else resolve(message);
      });
    });
    this.#port.postMessage(LOADED);
    try {
      this.#service = await open(await told);
      this.#port.postMessage(this.#service.greeting);
    } catch (error) {
      this.#port.postMessage({ failure: toFailure(error) } satisfies Greeting);
    }
  }

  /** Takes up what has arrived; for a thread that is busy and does not return to its event loop. */
  drain(): void {
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

  async #call(method: Method, args: unknown[]): Promise<unknown> {
    const target = this.#service?.target(method) as Record<string, AnyMethod>;
    return target[method]?.(...args);
  }
}
