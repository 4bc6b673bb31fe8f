import type { Clock } from "../time/interface.ts";
import type { Entry } from "./account.ts";
import type { Book } from "./book.ts";
import type { MempoolOptions } from "./options.ts";

/** An expired transaction leaves at most this fraction of its lifetime late. */
const SWEEPS_PER_LIFETIME = 16;

/** Ends the wait of ordinary transactions: after their lifetime, or after too long below the base fee. */
export class Ageing {
  readonly #options: Pick<MempoolOptions, "lifetimeMs" | "maxUnpayableMs">;
  readonly #book: Book;
  readonly #clock: Clock;
  /** Since when the fee cap of these is below the base fee. */
  readonly #unpayableSinceMs = new WeakMap<Entry, number>();
  #cancelSweep: (() => void) | undefined;
  #closed = false;

  constructor(options: Pick<MempoolOptions, "lifetimeMs" | "maxUnpayableMs">, parts: { book: Book; clock: Clock }) {
    this.#options = options;
    this.#book = parts.book;
    this.#clock = parts.clock;
  }

  /** To be called after the pool grew: there is a timer as long as it holds anything that can expire. */
  watch(): void {
    if (this.#cancelSweep !== undefined || this.#closed || this.#book.contents.ordinaryCount === 0) return;
    const sweepMs = this.#clock.nowMs() + Math.ceil(this.#options.lifetimeMs / SWEEPS_PER_LIFETIME);
    this.#cancelSweep = this.#clock.at(sweepMs, () => this.#expire());
  }

  /** To be called at each base fee. */
  onBaseFee(): void {
    const nowMs = this.#clock.nowMs();
    const { contents } = this.#book;
    const { maxUnpayableMs } = this.#options;
    for (const entry of [...contents.byHash.values()]) {
      if (entry.preconfirmed || entry.maxFeePerGas >= contents.baseFeePerGas) {
        this.#unpayableSinceMs.delete(entry);
        continue;
      }
      const sinceMs = this.#unpayableSinceMs.get(entry) ?? nowMs;
      this.#unpayableSinceMs.set(entry, sinceMs);
      if (nowMs - sinceMs < maxUnpayableMs) continue;
      const detail = `max fee ${entry.maxFeePerGas} wei, below the base fee for ${maxUnpayableMs / 1000} s`;
      this.#book.depart(entry, "underpriced", `${detail}, now ${contents.baseFeePerGas} wei`);
    }
  }

  close(): void {
    this.#closed = true;
    this.#cancelSweep?.();
  }

  #expire(): void {
    this.#cancelSweep = undefined;
    const oldestMs = this.#clock.nowMs() - this.#options.lifetimeMs;
    for (const entry of [...this.#book.contents.byHash.values()]) {
      if (entry.preconfirmed || entry.addedMs > oldestMs) continue;
      this.#book.depart(entry, "expired", `not included within ${this.#options.lifetimeMs / 1000} s`);
    }
    this.watch();
  }
}
