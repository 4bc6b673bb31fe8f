import type { Hex } from "../../types/hex.ts";
import type { TransactionFacts } from "./codec.ts";
import type { PooledTransaction } from "./interface.ts";

/** A pooled transaction with what the pool itself needs of it. */
export interface Entry extends PooledTransaction, TransactionFacts {
  /** Order of arrival: the earlier of two equal offers goes first, and is evicted last. */
  sequence: number;
}

/** One account at the head. */
export interface AccountState {
  nonce: number;
  /** In wei; undefined while it has not been read since the account came back by a discard. */
  balance: bigint | undefined;
  /** It has code (EIP-7702 delegation); undefined while it was not read, which only a second transaction needs. */
  isDelegated?: boolean;
}

/** The pooled transactions of one account, at most one per nonce. */
export class AccountQueue {
  readonly address: Hex;
  #state: AccountState;
  /** Grows with every change of what `tail` could answer; entries of the eviction heap name the version they were made for. */
  version = 0;
  readonly #byNonce = new Map<number, Entry>();
  /** Ascending; undefined after a change. */
  #sorted: Entry[] | undefined;

  constructor(address: Hex, state: AccountState) {
    this.address = address;
    this.#state = state;
  }

  get state(): AccountState {
    return this.#state;
  }

  setState(state: AccountState): void {
    this.#state = state;
    this.version++;
  }

  get size(): number {
    return this.#byNonce.size;
  }

  get(nonce: number): Entry | undefined {
    return this.#byNonce.get(nonce);
  }

  put(entry: Entry): void {
    this.#byNonce.set(entry.nonce, entry);
    this.#changed();
  }

  remove(entry: Entry): void {
    this.#byNonce.delete(entry.nonce);
    this.#changed();
  }

  /** All entries by ascending nonce. */
  entries(): readonly Entry[] {
    this.#sorted ??= [...this.#byNonce.values()].sort((a, b) => a.nonce - b.nonce);
    return this.#sorted;
  }

  /** The first nonce from the head's on that no pooled transaction has. */
  nextNonce(): number {
    let nonce = this.state.nonce;
    while (this.#byNonce.has(nonce)) nonce++;
    return nonce;
  }

  /** Upper bound of what all pooled transactions together can cost, in wei. */
  totalCost(): bigint {
    let total = 0n;
    for (const entry of this.#byNonce.values()) total += entry.maxCost;
    return total;
  }

  /** Bounded entries; preconfirmed ones are outside the pool's bounds. */
  ordinary(): Entry[] {
    return this.entries().filter((entry) => !entry.preconfirmed);
  }

  #changed(): void {
    this.#sorted = undefined;
    this.version++;
  }
}
