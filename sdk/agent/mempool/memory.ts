import type { Hex } from "../../types/hex.ts";
import type { TransactionFacts } from "./codec.ts";
import type { PoolStatus } from "./interface.ts";

type Departed = Extract<PoolStatus, { status: "included" | "dropped" }>;

/** Remembers why transactions left; the oldest are forgotten beyond `limit`. */
export class DepartureMemory {
  readonly #limit: number;
  readonly #byHash = new Map<Hex, { departed: Departed; facts: TransactionFacts | undefined }>();

  constructor(limit: number) {
    this.#limit = limit;
  }

  get(hash: Hex): Departed | undefined {
    return this.#byHash.get(hash)?.departed;
  }

  /** What is known of an included transaction, so that a discard need not recover its sender again. */
  factsOf(hash: Hex): TransactionFacts | undefined {
    return this.#byHash.get(hash)?.facts;
  }

  record(hash: Hex, departed: Departed, facts?: TransactionFacts): void {
    this.#byHash.delete(hash);
    this.#byHash.set(hash, { departed, facts });
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
