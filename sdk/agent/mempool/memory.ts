import type { Hex } from "../../types/hex.ts";
import type { PoolStatus } from "./interface.ts";

type Departed = Extract<PoolStatus, { status: "included" | "dropped" }>;

/** Remembers why transactions left; the oldest are forgotten beyond `limit`. */
export class DepartureMemory {
  readonly #limit: number;
  readonly #byHash = new Map<Hex, Departed>();

  constructor(limit: number) {
    this.#limit = limit;
  }

  get(hash: Hex): Departed | undefined {
    return this.#byHash.get(hash);
  }

  record(hash: Hex, departed: Departed): void {
    this.#byHash.delete(hash);
    this.#byHash.set(hash, departed);
    for (const oldest of this.#byHash.keys()) {
      if (this.#byHash.size <= this.#limit) break;
      this.#byHash.delete(oldest);
    }
  }

  /** The transaction is in the pool again. */
  forget(hash: Hex): void {
    this.#byHash.delete(hash);
  }
}
