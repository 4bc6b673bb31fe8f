import { seededRandom } from "../../sdk/agent/network/seeded-random.ts";

/** Chance of one purpose: what others draw does not shift it. */
export class Chance {
  readonly #next: () => number;

  constructor(seed: number, purpose: string) {
    let mixed = Math.imul(seed, 0x9e3779b1);
    for (const char of purpose) mixed = Math.imul(mixed ^ char.charCodeAt(0), 0x85ebca6b);
    this.#next = seededRandom(mixed);
  }

  /** In [0, 1). */
  next(): number {
    return this.#next();
  }

  hits(probability: number): boolean {
    return this.#next() < probability;
  }

  /** In [from, to). */
  between(from: number, to: number): number {
    return from + this.#next() * (to - from);
  }

  /** A whole number in [from, to]. */
  whole(from: number, to: number): number {
    return Math.floor(this.between(from, to + 1));
  }

  pick<T>(items: readonly T[]): T {
    return items[this.whole(0, items.length - 1)] as T;
  }
}
