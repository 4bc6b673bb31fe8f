import type { Hex } from "../../types/hex.ts";

/** What one sender may use; beyond it the others come first. */
export interface SenderLimitOptions {
  /** Used at once. */
  gasBurst: bigint;
  gasPerSecond: bigint;
  /** Time on the executing thread. */
  computeBurstMs: number;
  computeMsPerSecond: number;
  /** Senders remembered; the longest unused is forgotten, as if it had used nothing. */
  maxSenders: number;
}

export interface Allowance {
  gas: bigint;
  computeMs: number;
}

interface Bucket extends Allowance {
  atMs: number;
}

/** Token buckets of senders. Only what was shown is charged: a candidate that loses touches none. */
export class SenderLimits {
  readonly #options: SenderLimitOptions;
  /** Longest unused first. */
  readonly #buckets = new Map<Hex, Bucket>();

  constructor(options: SenderLimitOptions) {
    this.#options = options;
  }

  /** What a sender may use now. */
  left(sender: Hex, nowMs: number): Allowance {
    const { gasBurst, gasPerSecond, computeBurstMs, computeMsPerSecond } = this.#options;
    const bucket = this.#buckets.get(sender);
    if (bucket === undefined) return { gas: gasBurst, computeMs: computeBurstMs };
    const passedMs = Math.max(0, Math.floor(nowMs - bucket.atMs));
    const gas = bucket.gas + (gasPerSecond * BigInt(passedMs)) / 1_000n;
    const computeMs = bucket.computeMs + (computeMsPerSecond * passedMs) / 1_000;
    return { gas: gas < gasBurst ? gas : gasBurst, computeMs: Math.min(computeMs, computeBurstMs) };
  }

  /** A bucket may go below zero, by what one transaction takes more than was expected. */
  charge(sender: Hex, used: Allowance, nowMs: number): void {
    const { gas, computeMs } = this.left(sender, nowMs);
    this.#buckets.delete(sender);
    this.#buckets.set(sender, { gas: gas - used.gas, computeMs: computeMs - used.computeMs, atMs: nowMs });
    for (const longest of this.#buckets.keys()) {
      if (this.#buckets.size <= this.#options.maxSenders) break;
      this.#buckets.delete(longest);
    }
  }
}

/** Senders that the builder remembers. */
const MAX_SENDERS = 10_000;

/** A sender may fill a block, and from then on half of what there is, while others wait. */
export function senderLimitsOf(blockGasLimit: bigint, blockSeconds: number): SenderLimitOptions {
  return {
    gasBurst: blockGasLimit,
    gasPerSecond: BigInt(Math.floor(Number(blockGasLimit) / blockSeconds / 2)),
    computeBurstMs: blockSeconds * 1_000,
    computeMsPerSecond: 500,
    maxSenders: MAX_SENDERS,
  };
}
