import type { Topic } from "./interface.ts";

/** What happened so far; for metrics and for tests. All only grow. */
export interface NetworkCounters {
  accepted: number;
  ignored: number;
  rejected: number;
  /** Handlers that threw or rejected: a bug of ours, never the peer's fault. */
  handlerFailures: number;
  /** Messages above their topic's size. */
  oversized: number;
  /** Messages dropped because too many were being judged. */
  dropped: Record<Topic, number>;
  requestsAnswered: number;
  /** Requests refused for their rate, their number or their size. */
  requestsRefused: number;
  /** Peers that hold other protocol constants. */
  handshakesRefused: number;
}

export function newCounters(): NetworkCounters {
  return {
    accepted: 0,
    ignored: 0,
    rejected: 0,
    handlerFailures: 0,
    oversized: 0,
    dropped: { transactions: 0, blocks: 0, checkpoints: 0, votes: 0, certificates: 0 },
    requestsAnswered: 0,
    requestsRefused: 0,
    handshakesRefused: 0,
  };
}
