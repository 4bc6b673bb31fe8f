import type { Clock } from "../time/interface.ts";

export interface RateLimit {
  /** Uses that may come at once. */
  burst: number;
  perSecond: number;
  /** Peers remembered; the one that used its bucket longest ago is forgotten first, and starts afresh. */
  maxPeers: number;
}

/** A token bucket per peer. */
export class RateLimiter {
  readonly #limit: RateLimit;
  readonly #clock: Clock;
  readonly #buckets = new Map<string, { tokens: number; atMs: number }>();

  constructor(limit: RateLimit, dependencies: { clock: Clock }) {
    this.#limit = limit;
    this.#clock = dependencies.clock;
  }

  /** Takes a token; false if the peer has none left. */
  take(peer: string): boolean {
    const { burst, perSecond, maxPeers } = this.#limit;
    const nowMs = this.#clock.nowMs();
    const held = this.#buckets.get(peer) ?? { tokens: burst, atMs: nowMs };
    const elapsedMs = Math.max(0, nowMs - held.atMs);
    const tokens = Math.min(burst, held.tokens + (elapsedMs / 1000) * perSecond);
    this.#buckets.delete(peer);
    this.#buckets.set(peer, { tokens: tokens >= 1 ? tokens - 1 : tokens, atMs: nowMs });
    const oldest = this.#buckets.keys().next().value;
    if (this.#buckets.size > maxPeers && oldest !== undefined) this.#buckets.delete(oldest);
    return tokens >= 1;
  }
}
