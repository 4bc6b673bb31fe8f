import type { Logger } from "../types/logger.ts";
import type { Contents } from "./contents.ts";
import type { KeptTransaction, TransactionJournal } from "./interface.ts";

/** A journal below this is left alone; above it, it may be this many times as large as what the pool holds. */
const SMALL_BYTES = 1024 * 1024;
const MOST_TIMES = 3;

/**
 * Keeps the pool's transactions in a journal, if there is one. A disk that refuses costs a warning, not the transaction:
 * then the pool may be smaller after a restart.
 */
export class KeptTransactions {
  readonly #journal: TransactionJournal | undefined;
  readonly #contents: Contents;
  readonly #log: Logger;

  constructor(journal: TransactionJournal | undefined, parts: { contents: Contents; log: Logger }) {
    this.#journal = journal;
    this.#contents = parts.contents;
    this.#log = parts.log;
  }

  read(): KeptTransaction[] {
    return this.#journal?.read() ?? [];
  }

  /** Adds one; the journal is rewritten when most of it is of transactions that have left. */
  keep({ raw, addedMs }: KeptTransaction): void {
    const journal = this.#journal;
    if (journal === undefined) return;
    this.#attempt(() => journal.append({ raw, addedMs }));
    const { ordinaryBytes, preconfirmedBytes } = this.#contents;
    if (journal.bytes > SMALL_BYTES && journal.bytes > MOST_TIMES * (ordinaryBytes + preconfirmedBytes)) this.compact();
  }

  /** Keeps exactly what the pool holds, by nonce: read again in another order it would be refused as too far ahead. */
  compact(): void {
    this.#attempt(() => this.#journal?.replace(this.#contents.inOrder()));
  }

  close(): void {
    this.#journal?.close();
  }

  #attempt(write: () => void): void {
    try {
      write();
    } catch (error) {
      this.#log.warn({ error: String(error) }, "a pooled transaction may be forgotten over a restart: disk refuses");
    }
  }
}
