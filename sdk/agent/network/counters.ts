import type { Verdict } from "../types/verdict.ts";
import { TOPICS, type Topic } from "./interface.ts";

/** What happened so far; for metrics and for tests. All only grow. */
export interface NetworkCounters {
  verdicts: Record<Topic, Record<Verdict["verdict"], number>>;
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
  /** Times that a peer was cut off for what it sent. */
  silenced: number;
}

export function newCounters(): NetworkCounters {
  return {
    verdicts: byTopic(() => ({ accept: 0, ignore: 0, reject: 0 })),
    handlerFailures: 0,
    oversized: 0,
    dropped: byTopic(() => 0),
    requestsAnswered: 0,
    requestsRefused: 0,
    handshakesRefused: 0,
    silenced: 0,
  };
}

function byTopic<T>(make: () => T): Record<Topic, T> {
  return Object.fromEntries(TOPICS.map((topic) => [topic, make()])) as Record<Topic, T>;
}
