import type { Clock } from "../../time/interface.ts";
import type { Logger } from "../../types/logger.ts";
import { afterEvent, type EndpointEvent, type EndpointState, NEW_ENDPOINT } from "./health.ts";
import {
  type ChainHead,
  L1EndpointsError,
  type L1Transport,
  L1TransportError,
  type RpcAnswer,
  type RpcFault,
} from "./interface.ts";

/** This endpoint was of no use for a call: the next is to be asked. */
export class NoUse extends Error {
  /** What it answered, if it did: thrown on if nobody else does better. */
  readonly answer: Error | undefined;
  constructor(answer: Error | undefined) {
    super("no use", { cause: answer });
    this.answer = answer;
  }
}

export interface LinksParts {
  clock: Clock;
  log: Logger;
  /** Aborts what is under way. */
  closing: AbortSignal;
  /** The error that callers expect for a node's answer. */
  toError: (id: number, method: string, params: unknown[], error: RpcFault) => Error;
}

/** Calls to which a node that is well has an answer, whatever it is asked about. */
const ALWAYS_ANSWERED =
  /^eth_(chainId|blockNumber|getBlockByNumber|getTransactionCount|getTransactionReceipt|getTransactionByHash|getBalance|getLogs)$/;
/** How nodes say in JSON-RPC that they are asked too often. */
const LIMIT_CODES = [-32005, 429];

/** The ways to all nodes, what is known of each, and a deadline for every call. */
export class Links {
  readonly #transports: readonly L1Transport[];
  readonly #options: { chainId: number; timeoutMs: number };
  readonly #parts: LinksParts;
  readonly #states: EndpointState[];
  /** Whether each is a node of the chain, as it said since it last failed. */
  readonly #isOfChain: (Promise<boolean> | undefined)[] = [];
  /** Calls under way. */
  readonly #underWay = new Set<AbortController>();
  #id = 0;

  constructor(options: { chainId: number; timeoutMs: number }, transports: readonly L1Transport[], parts: LinksParts) {
    if (transports.length === 0) throw new RangeError("expected one L1 endpoint or more, got none");
    this.#options = options;
    this.#transports = transports;
    this.#parts = parts;
    this.#states = transports.map(() => NEW_ENDPOINT);
    const { closing } = parts;
    closing.addEventListener("abort", () => {
      for (const call of this.#underWay) call.abort(closing.reason);
    });
  }

  get count(): number {
    return this.#transports.length;
  }

  get states(): readonly EndpointState[] {
    return this.#states;
  }

  nameOf(at: number): string {
    return (this.#transports[at] as L1Transport).name;
  }

  /** Remembers an event, and says so if the endpoint is another now for whoever runs the agent. */
  note(at: number, event: EndpointEvent): void {
    const before = this.#states[at] as EndpointState;
    const after = afterEvent(before, event, this.#parts.clock.nowMs());
    this.#states[at] = after;
    if (after.condition === before.condition && after.standing === before.standing) return;
    const { condition, standing, failures } = after;
    const fields = { endpoint: this.nameOf(at), condition, standing, failures };
    const isWell = after.condition === "sound" && after.standing === "level";
    if (isWell) this.#parts.log.info(fields, "an L1 node is well again");
    else this.#parts.log.warn(fields, `an L1 node is ${this.describeOne(at)}`);
  }

  /**
   * One call to one node, which was asked before whether it is of the right chain.
   * Rejects with NoUse if another is to be asked, else with what the node answered.
   */
  async ask(at: number, method: string, params: unknown[]): Promise<unknown> {
    this.#isOfChain[at] ??= this.#askChain(at);
    if (!(await this.#isOfChain[at])) throw new NoUse(undefined);
    return this.#call(at, method, params);
  }

  /** A block's number and hash; undefined if the node does not tell. */
  async headOf(at: number, tag: string): Promise<ChainHead | undefined> {
    try {
      const block = (await this.ask(at, "eth_getBlockByNumber", [tag, false])) as Record<string, unknown> | null;
      const number = Number(block?.number);
      return Number.isSafeInteger(number) && typeof block?.hash === "string" ? { number, hash: block.hash } : undefined;
    } catch {
      return undefined;
    }
  }

  describeOne(at: number): string {
    const { condition, reason, standing } = this.#states[at] as EndpointState;
    if (condition !== "sound") return `${condition}: ${reason}`;
    return standing === "level" ? "sound" : standing;
  }

  describe(): string {
    return this.#transports.map(({ name }, at) => `${name} is ${this.describeOne(at)}`).join("; ");
  }

  /** Why nobody can be asked. */
  unreachable(): L1EndpointsError {
    const isOther = this.#states.every(({ condition }) => condition === "wrong-chain");
    return new L1EndpointsError(isOther ? "wrong-chain" : "unreachable", this.describe());
  }

  async #askChain(at: number): Promise<boolean> {
    const { chainId } = this.#options;
    try {
      const found = Number(await this.#call(at, "eth_chainId", []));
      if (found === chainId) return true;
      this.#note(at, { type: "other-chain", reason: `L1 chain id: expected ${chainId} as configured, got ${found}` });
    } catch (error) {
      // What it failed of is noted; a node that answers nothing is of no chain.
      if (!(error instanceof NoUse)) throw error;
    }
    return false;
  }

  async #call(at: number, method: string, params: unknown[]): Promise<unknown> {
    let answer: RpcAnswer;
    try {
      answer = await this.#withDeadline(at, method, params);
    } catch (error) {
      this.#parts.closing.throwIfAborted();
      const reason = `${method}: ${error instanceof Error ? error.message : String(error)}`;
      const { code, retryAfterMs } = error as Partial<L1TransportError>;
      if (error instanceof L1TransportError && code === "rate-limited") {
        this.#note(at, { type: "limited", reason, retryAfterMs });
      } else this.#note(at, { type: "failed", reason });
      throw new NoUse(undefined);
    }
    if ("result" in answer) {
      this.note(at, { type: "answered" });
      return answer.result;
    }
    const { code, message } = answer.error;
    const error = this.#parts.toError(++this.#id, method, params, answer.error);
    if (LIMIT_CODES.includes(code)) {
      this.#note(at, { type: "limited", reason: `${method}: ${message} (${code})`, retryAfterMs: undefined });
      throw new NoUse(undefined);
    }
    if (ALWAYS_ANSWERED.test(method)) {
      this.#note(at, { type: "failed", reason: `${method}: ${message} (${code})` });
      throw new NoUse(error);
    }
    this.note(at, { type: "answered" });
    throw error;
  }

  /** A node that failed may be another one when it is back. */
  #note(at: number, event: EndpointEvent): void {
    this.#isOfChain[at] = undefined;
    this.note(at, event);
  }

  async #withDeadline(at: number, method: string, params: unknown[]): Promise<RpcAnswer> {
    const { clock, closing } = this.#parts;
    const { timeoutMs } = this.#options;
    closing.throwIfAborted();
    const call = new AbortController();
    this.#underWay.add(call);
    return new Promise((resolve, reject) => {
      const cancel = clock.at(clock.nowMs() + timeoutMs, () => {
        const late = new L1TransportError("unreachable", `no answer in ${timeoutMs} ms`);
        this.#underWay.delete(call);
        reject(late);
        call.abort(late);
      });
      const settled = (): void => {
        cancel();
        this.#underWay.delete(call);
      };
      const transport = this.#transports[at] as L1Transport;
      transport.send(method, params, call.signal).then(resolve, reject).finally(settled);
    });
  }
}
