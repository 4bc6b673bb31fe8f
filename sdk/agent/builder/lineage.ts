import type { Hex } from "../../types/hex.ts";

/** A transaction of the pool as it was executed in the block. */
export interface Executed {
  hash: Hex;
  raw: Hex;
  from: Hex;
  gasUsed: bigint;
  /** What the proposer earns per gas. */
  tipWei: bigint;
  /** Of its encoding. */
  bytes: number;
  /** On the engine's thread. */
  tookMs: number;
  /** Promised in a block that was discarded: nothing takes its place. */
  preconfirmed: boolean;
}

/** What the engine's payload holds of the pool, in order, after what was forced. Mirrors the engine, and decides nothing. */
export class Lineage {
  readonly #entries: Executed[] = [];
  #gasUsed = 0n;
  #feesWei = 0n;
  #bytes = 0;

  get entries(): readonly Executed[] {
    return this.#entries;
  }

  get gasUsed(): bigint {
    return this.#gasUsed;
  }

  /** Priority fees in all. */
  get feesWei(): bigint {
    return this.#feesWei;
  }

  get bytes(): number {
    return this.#bytes;
  }

  has(hash: Hex): boolean {
    return this.#entries.some((entry) => entry.hash === hash);
  }

  push(entry: Executed): void {
    this.#entries.push(entry);
    this.#count(entry, 1n);
  }

  truncate(count: number): void {
    for (const entry of this.#entries.splice(count)) this.#count(entry, -1n);
  }

  #count({ gasUsed, tipWei, bytes }: Executed, sign: 1n | -1n): void {
    this.#gasUsed += sign * gasUsed;
    this.#feesWei += sign * gasUsed * tipWei;
    this.#bytes += Number(sign) * bytes;
  }
}

/** How many transactions two orders have in common from their beginning. */
export function commonLength(a: readonly Executed[], b: readonly Executed[]): number {
  const end = Math.min(a.length, b.length);
  let count = 0;
  while (count < end && a[count]?.hash === b[count]?.hash) count++;
  return count;
}

/** What two sealed orders are compared by. */
export interface Worth {
  entries: readonly Executed[];
  feesWei: bigint;
}

/**
 * Whether a candidate takes the place of the best one. One that holds all of it, in its order, and more, only grows it;
 * any other must earn strictly more: what was sealed is not given up for nothing.
 */
export function isBetter(candidate: Worth, best: Worth | undefined): boolean {
  if (best === undefined) return true;
  const common = commonLength(candidate.entries, best.entries);
  if (common === best.entries.length) return candidate.entries.length > common;
  return candidate.feesWei > best.feesWei;
}
