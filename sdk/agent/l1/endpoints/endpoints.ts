import {
  JsonRpcApiProvider,
  type JsonRpcError,
  type JsonRpcResult,
  Network,
  Transaction,
  type TransactionResponse,
  type TransactionResponseParams,
} from "ethers";
import { isAlreadyHeld } from "../../../submit/broadcast.ts";
import { withoutBlobs } from "../../../submit/without-blobs.ts";
import type { Clock } from "../../time/interface.ts";
import type { Logger } from "../../types/logger.ts";
import { commonNumber, type Look, standingsOf } from "./compare.ts";
import { choose, type EndpointEvent, isLeftAlone } from "./health.ts";
import { L1AnswerError, L1EndpointsError, type L1Health, type L1Transport, type L1Views } from "./interface.ts";
import { Links, NoUse } from "./links.ts";

export interface L1EndpointsOptions {
  /** Of L1; an endpoint with another is not used. */
  chainId: number;
  /** A call without an answer for this long goes to the next endpoint. */
  timeoutMs: number;
  /** How often the endpoints' heads are compared, while anybody reads L1. */
  compareEveryMs: number;
}

export interface L1EndpointsParts {
  /** At least one, in the order in which the operator prefers them. */
  transports: readonly L1Transport[];
  clock: Clock;
  log: Logger;
}

/**
 * L1 through one of several nodes at a time: the one in use answers everything until it stalls, contradicts itself, or
 * stands worse than another. What is sent goes to all of them. It has no timer of its own; the heads are compared when
 * somebody takes a view of L1 and it is time.
 */
export class L1Endpoints extends JsonRpcApiProvider implements L1Views {
  readonly #links: Links;
  readonly #clock: Clock;
  readonly #log: Logger;
  readonly #compareEveryMs: number;
  readonly #timeoutMs: number;
  readonly #closing = new AbortController();
  #current = 0;
  #switches = 0;
  #compareAtMs = 0;

  constructor(options: L1EndpointsOptions, { transports, clock, log }: L1EndpointsParts) {
    const network = Network.from(options.chainId);
    // No caching: a decision is made on what L1 is now, not on what it was a quarter of a second ago.
    super(network, { staticNetwork: network, cacheTimeout: -1, batchMaxCount: 1 });
    this.#links = new Links(options, transports, {
      clock,
      log,
      closing: this.#closing.signal,
      toError: (id, method, params, error) => this.getRpcError({ id, jsonrpc: "2.0", method, params }, { id, error }),
    });
    this.#clock = clock;
    this.#log = log;
    this.#timeoutMs = options.timeoutMs;
    this.#compareEveryMs = options.compareEveryMs;
  }

  /**
   * Rejects with ethers' error for what a node answered, and with L1EndpointsError when no endpoint answered: then a
   * transaction that was to be sent may have been.
   */
  override send(method: string, params: unknown[]): Promise<unknown> {
    return method === "eth_sendRawTransaction" ? this.#broadcast(method, params) : this.#read(method, params);
  }

  /** As every provider does, but that it takes no blobs apart, which costs more than all else about a submission. */
  override async broadcastTransaction(raw: string): Promise<TransactionResponse> {
    await this.send("eth_sendRawTransaction", [raw]);
    const sent = Transaction.from(withoutBlobs(raw)) as unknown as TransactionResponseParams;
    return this._wrapTransactionResponse(sent, await this.getNetwork());
  }

  override _send(): Promise<(JsonRpcResult | JsonRpcError)[]> {
    throw new TypeError("calls go by send, one at a time");
  }

  override destroy(): void {
    this.#closing.abort(new Error("the way to L1 is closed"));
    super.destroy();
  }

  async view<T>(read: () => Promise<T>): Promise<T> {
    this.#compareIfDue();
    for (let turn = 0; turn <= this.#links.count; turn++) {
      const before = this.#switches;
      try {
        const seen = await read();
        if (this.#switches === before) return seen;
      } catch (error) {
        if (error instanceof L1AnswerError && this.#switches === before) {
          this.#links.note(this.#current, { type: "contradicted", reason: error.message });
          this.#reconsider();
        }
        if (this.#switches === before) throw error;
      }
    }
    throw new L1EndpointsError("unsteady", `L1 could not be read in one piece: ${this.#links.describe()}`);
  }

  health(): L1Health {
    return {
      switches: this.#switches,
      endpoints: this.#links.states.map(({ condition, reason, standing, head, failures }, at) => ({
        name: this.#links.nameOf(at),
        inUse: at === this.#current,
        condition,
        reason,
        standing,
        head: head ?? null,
        failures,
      })),
    };
  }

  async #read(method: string, params: unknown[]): Promise<unknown> {
    const tried = new Set<number>();
    let last: NoUse | undefined;
    for (let at = await this.#next(tried); at !== undefined; at = await this.#next(tried)) {
      try {
        return await this.#links.ask(at, method, params);
      } catch (error) {
        if (!(error instanceof NoUse)) throw error;
        tried.add(at);
        last = error;
      }
    }
    throw last?.answer ?? this.#links.unreachable();
  }

  /** To everybody at once: taken by one, it is taken. Refused it is only if everybody who was asked refused it. */
  async #broadcast(method: string, params: unknown[]): Promise<unknown> {
    const first = await this.#next(new Set());
    const now = this.#clock.nowMs();
    const targets = this.#links.states.flatMap((state, at) => (isLeftAlone(state, now) ? [] : [at]));
    if (first === undefined || targets.length === 0) throw this.#links.unreachable();
    const asked = targets.map((at) => this.#links.ask(at, method, params));
    try {
      return await Promise.any(asked);
    } catch (failure) {
      const { errors } = failure as AggregateError;
      const held = errors.find((error: unknown) => !(error instanceof NoUse) && isAlreadyHeld(error));
      if (held !== undefined) throw held;
      if (errors.some((error: unknown) => error instanceof NoUse)) throw this.#links.unreachable();
      throw errors[Math.max(0, targets.indexOf(first))];
    }
  }

  /** The endpoint for a call, after a wait if all are to be left alone for a moment; undefined if there is none. */
  async #next(tried: ReadonlySet<number>): Promise<number | undefined> {
    for (;;) {
      const nowMs = this.#clock.nowMs();
      const choice = choose(this.#links.states, this.#current, nowMs, tried);
      if (choice === undefined) return undefined;
      if ("use" in choice) {
        this.#use(choice.use);
        return choice.use;
      }
      if (choice.waitUntilMs - nowMs > this.#timeoutMs) return undefined;
      await this.#clock.sleepUntil(choice.waitUntilMs, this.#closing.signal);
    }
  }

  #reconsider(): void {
    const choice = choose(this.#links.states, this.#current, this.#clock.nowMs());
    if (choice !== undefined && "use" in choice) this.#use(choice.use);
  }

  #use(at: number): void {
    if (at === this.#current) return;
    const from = this.#links.nameOf(this.#current);
    const why = this.#links.describeOne(this.#current);
    this.#current = at;
    this.#switches++;
    this.#log.warn({ from, to: this.#links.nameOf(at), why, switches: this.#switches }, "L1 is read from another node");
  }

  #compareIfDue(): void {
    const nowMs = this.#clock.nowMs();
    if (this.#links.count < 2 || nowMs < this.#compareAtMs) return;
    this.#compareAtMs = nowMs + this.#compareEveryMs;
    // What fails in it is noted at the endpoint that failed.
    void this.#compare().catch((error: unknown) => {
      this.#log.debug({ error: String(error) }, "comparing the L1 nodes broke off");
    });
  }

  async #compare(): Promise<void> {
    const nowMs = this.#clock.nowMs();
    const heads = await Promise.all(
      this.#links.states.map((state, at) => (nowMs < state.notBeforeMs ? undefined : this.#links.headOf(at, "latest"))),
    );
    const common = commonNumber(heads);
    if (common === undefined) return;
    const looks = await Promise.all(
      heads.map(async (head, at): Promise<Look | undefined> => {
        if (head === undefined) return undefined;
        if (head.number < common) return { head, hashAtCommon: undefined };
        const there = head.number === common ? head : await this.#links.headOf(at, `0x${common.toString(16)}`);
        return { head, hashAtCommon: there?.hash };
      }),
    );
    for (const [at, standing] of standingsOf(looks, this.#current).entries()) {
      const event: EndpointEvent = { type: "compared", head: looks[at]?.head, standing };
      this.#links.note(at, event);
    }
    this.#reconsider();
  }
}
