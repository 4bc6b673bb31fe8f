/** What an L1 node answers to a call: JSON-RPC's result, or its error. */
export type RpcAnswer = { result: unknown } | { error: RpcFault };

/** JSON-RPC's error object. */
export interface RpcFault {
  code: number;
  message: string;
  data?: unknown;
}

/** The way to one L1 node. */
export interface L1Transport {
  /** Tells it from the others; holds no secret, so it may stand in logs. */
  readonly name: string;
  /**
   * Makes one call. Rejects when no answer came, with L1TransportError "rate-limited" if it is to be asked less often;
   * the node may have done all the same what it was asked.
   * @param signal Aborts when nobody waits for the answer any more.
   */
  send(method: string, params: unknown[], signal: AbortSignal): Promise<RpcAnswer>;
}

/** No answer came from an L1 node. */
export class L1TransportError extends Error {
  readonly code: "unreachable" | "rate-limited";
  /** How long the node asks to be left alone; undefined if it did not say. */
  readonly retryAfterMs: number | undefined;
  constructor(code: L1TransportError["code"], message: string, retryAfterMs?: number) {
    super(message);
    this.name = "L1TransportError";
    this.code = code;
    this.retryAfterMs = retryAfterMs;
  }
}

/**
 * What an L1 node answered does not fit together, as far as that can be told: logs that lack what its own state
 * holds, no receipt for a log, a block without a hash. Whoever finds that out throws this from within `view`.
 */
export class L1AnswerError extends Error {
  override name = "L1AnswerError";
}

/** No endpoint can be asked. The message says of each what is wrong with it. */
export class L1EndpointsError extends Error {
  /** `wrong-chain`: every one of them is a node of another chain. */
  readonly code: "unreachable" | "wrong-chain" | "unsteady";
  constructor(code: L1EndpointsError["code"], message: string) {
    super(message);
    this.name = "L1EndpointsError";
    this.code = code;
  }
}

/** Reads L1 in one piece. */
export interface L1Views {
  /**
   * What `read` reads comes from one endpoint: if another had to take over in the meantime, `read` is run again. It must
   * therefore not mind being run twice. Rejects as `read` does, and with L1EndpointsError "unsteady".
   */
  view<T>(read: () => Promise<T>): Promise<T>;
}

/** What is known of an endpoint's own answers. */
export type Condition = "sound" | "failing" | "limited" | "inconsistent" | "wrong-chain";

/** Where an endpoint's chain stands beside the others': on another fork, behind, or neither. */
export type Standing = "level" | "behind" | "forked";

/** The newest block of an endpoint. */
export interface ChainHead {
  number: number;
  hash: string;
}

/** An endpoint as operators see it. */
export interface EndpointHealth {
  name: string;
  /** L1 is read from it now. */
  inUse: boolean;
  condition: Condition;
  /** Why it is not sound; empty if it is. */
  reason: string;
  standing: Standing;
  /** At the last comparison; null before the first, which takes two endpoints. */
  head: ChainHead | null;
  /** Calls without a usable answer since the agent's start. */
  failures: number;
}

/** The endpoints as operators see them. */
export interface L1Health {
  /** How often L1 came to be read from another endpoint since the agent's start. */
  switches: number;
  endpoints: EndpointHealth[];
}
