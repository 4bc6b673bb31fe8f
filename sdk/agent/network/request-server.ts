import type { Clock } from "../time/interface.ts";
import type { NetworkCounters } from "./counters.ts";
import type { RequestHandler } from "./interface.ts";
import {
  MAX_CONNECTIONS,
  MAX_REQUEST_BYTES,
  MAX_REQUESTS_IN_FLIGHT,
  MAX_REQUESTS_IN_FLIGHT_PER_PEER,
  MAX_RESPONSE_BYTES,
  type NetworkLog,
  REQUEST_BURST,
  REQUEST_HANDLER_TIMEOUT_MS,
  REQUESTS_PER_SECOND,
} from "./options.ts";
import { RateLimiter } from "./rate-limiter.ts";

/** `none`: not held here. `refused`: ask later or elsewhere. */
export type Reply = { status: "answer"; data: Uint8Array } | { status: "none" | "refused" };

const NONE: Reply = { status: "none" };
const REFUSED: Reply = { status: "refused" };

/** Answers peers' requests within the bounds of `options.ts`; safe from handlers that throw or never end. */
export class RequestServer {
  readonly #handlers = new Map<string, RequestHandler>();
  readonly #inFlight = new Map<string, number>();
  readonly #limiter: RateLimiter;
  readonly #clock: Clock;
  readonly #counters: NetworkCounters;
  readonly #log: NetworkLog;
  #total = 0;

  constructor(dependencies: { clock: Clock; counters: NetworkCounters; log: NetworkLog }) {
    const { clock, counters, log } = dependencies;
    const limit = { burst: REQUEST_BURST, perSecond: REQUESTS_PER_SECOND, maxPeers: 2 * MAX_CONNECTIONS };
    this.#limiter = new RateLimiter(limit, { clock });
    this.#clock = clock;
    this.#counters = counters;
    this.#log = log;
  }

  get protocols(): string[] {
    return [...this.#handlers.keys()];
  }

  /** Requests being answered. */
  get answering(): number {
    return this.#total;
  }

  setHandler(protocol: string, handler: RequestHandler): void {
    this.#handlers.set(protocol, handler);
  }

  /** Never throws and never rejects; ends within `REQUEST_HANDLER_TIMEOUT_MS`. */
  async answer(protocol: string, request: Uint8Array, from: string): Promise<Reply> {
    const handler = this.#handlers.get(protocol);
    if (handler === undefined) return NONE;
    const ofPeer = this.#inFlight.get(from) ?? 0;
    const isWithinBounds =
      request.length <= MAX_REQUEST_BYTES &&
      this.#total < MAX_REQUESTS_IN_FLIGHT &&
      ofPeer < MAX_REQUESTS_IN_FLIGHT_PER_PEER &&
      this.#limiter.take(from);
    if (!isWithinBounds) {
      this.#counters.requestsRefused++;
      return REFUSED;
    }
    this.#total++;
    this.#inFlight.set(from, ofPeer + 1);
    try {
      return await this.#run(handler, request, from);
    } catch (error) {
      this.#counters.handlerFailures++;
      this.#log.warn({ protocol, from, error: String(error) }, "a request handler failed");
      return NONE;
    } finally {
      this.#release(from);
    }
  }

  async #run(handler: RequestHandler, request: Uint8Array, from: string): Promise<Reply> {
    const data = await this.#withinTime(handler(request, from));
    if (data === undefined) return NONE;
    if (data.length > MAX_RESPONSE_BYTES) {
      throw new RangeError(`expected an answer of at most ${MAX_RESPONSE_BYTES} bytes, got ${data.length}`);
    }
    this.#counters.requestsAnswered++;
    return { status: "answer", data };
  }

  #withinTime<T>(work: Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      const atMs = this.#clock.nowMs() + REQUEST_HANDLER_TIMEOUT_MS;
      const cancel = this.#clock.at(atMs, () => reject(new Error(`no answer within ${REQUEST_HANDLER_TIMEOUT_MS} ms`)));
      work.then(resolve, reject).finally(cancel);
    });
  }

  #release(from: string): void {
    this.#total--;
    const left = (this.#inFlight.get(from) ?? 1) - 1;
    if (left > 0) this.#inFlight.set(from, left);
    else this.#inFlight.delete(from);
  }
}
