import type { Hex } from "../../types/hex.ts";
import type { ProtocolParameters } from "../../types/parameters.ts";
import type { Topic } from "./interface.ts";

/** What two agents must agree on before they exchange anything else. */
export interface NetworkIdentity {
  /** L1 chain id. */
  chainId: number;
  /** Address of the rollup contract. */
  rollup: Hex;
  parameters: ProtocolParameters;
}

/** A structured log, as pino has it. */
export interface NetworkLog {
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
}

export class NetworkError extends Error {
  readonly code:
    | "handshake-mismatch"
    | "handshake-failed"
    | "silenced"
    | "too-large"
    | "not-running"
    | "bad-address"
    | "listen-failed";
  constructor(code: NetworkError["code"], message: string) {
    super(message);
    this.name = "NetworkError";
    this.code = code;
  }
}

/**
 * How long a message counts as seen, in milliseconds: longer than any takes to spread, and less than half a slot, so that
 * what is sent again half a slot later is not swallowed.
 */
export const seenMs = ({ slotSeconds }: Pick<ProtocolParameters, "slotSeconds">): number => 400 * slotSeconds;

/** Connections an agent holds at most; further ones are refused. */
export const MAX_CONNECTIONS = 64;

/**
 * Messages of one topic being judged at once; more are dropped, counted, and left to the other peers' copies. Together
 * they take at most some 180 MB, of which blocks 50.
 */
export const MAX_MESSAGES_IN_FLIGHT: Readonly<Record<Topic, number>> = {
  transactions: 1024,
  blocks: 64,
  checkpoints: 64,
  votes: 1024,
  certificates: 64,
};

/** The same from one peer, so that nobody takes up the others' room. */
export const MAX_MESSAGES_IN_FLIGHT_PER_PEER: Readonly<Record<Topic, number>> = {
  transactions: 512,
  blocks: 16,
  checkpoints: 16,
  votes: 512,
  certificates: 16,
};

export const MAX_REQUEST_BYTES = 4096;

/** The largest checkpoint, its proposal and its certificate. */
export const MAX_RESPONSE_BYTES = 1_048_576;

/** Requests answered at once, for all peers together. */
export const MAX_REQUESTS_IN_FLIGHT = 16;

/** Requests answered at once for one peer. */
export const MAX_REQUESTS_IN_FLIGHT_PER_PEER = 4;

/** A handler that takes longer has lost its caller; its place is given away. */
export const REQUEST_HANDLER_TIMEOUT_MS = 10_000;

/** A peer may send this many requests at once, and so many per second after that. */
export const REQUEST_BURST = 32;
export const REQUESTS_PER_SECOND = 16;
