import type { Entry } from "./account.ts";
import { Contents } from "./contents.ts";
import type { DropReason } from "./interface.ts";
import { DepartureMemory } from "./memory.ts";
import type { MempoolOptions } from "./options.ts";

/** What the pool holds and what it remembers of the departed; counts every change. */
export class Book {
  readonly contents = new Contents();
  readonly departed: DepartureMemory;
  readonly #options: MempoolOptions;
  #epoch = 0;

  constructor(options: MempoolOptions) {
    this.#options = options;
    this.departed = new DepartureMemory(options.maxRemembered);
  }

  get epoch(): number {
    return this.#epoch;
  }

  changed(): void {
    this.#epoch++;
  }

  /** Takes a held entry out and remembers why. */
  depart(entry: Entry, reason: DropReason, detail: string): void {
    this.contents.detach(entry);
    this.remember(entry, reason, detail);
    this.changed();
  }

  remember(entry: Entry, reason: DropReason, detail: string): void {
    this.departed.record(entry.hash, { status: "dropped", reason, detail });
  }

  isOverBounds(): boolean {
    const { ordinaryCount, ordinaryBytes } = this.contents;
    return ordinaryCount > this.#options.maxTransactions || ordinaryBytes > this.#options.maxBytes;
  }

  /** Gives up the cheapest tails until the pool is within its bounds. */
  evictBeyondBounds(): void {
    while (this.isOverBounds()) {
      const victim = this.contents.cheapest();
      if (victim === undefined) return;
      this.depart(victim, "evicted", FULL);
    }
  }
}

export const FULL = "pool is full of better-paying transactions";
