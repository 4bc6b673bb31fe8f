import type { Hex } from "../../types/hex.ts";
import type { Clock } from "../time/interface.ts";
import { Listeners } from "../types/listeners.ts";
import type { Logger } from "../types/logger.ts";
import type { AccountState, Entry } from "./account.ts";
import { Accounts, type PoolChain } from "./accounts.ts";
import { admit } from "./admission.ts";
import { Ageing } from "./ageing.ts";
import { Book } from "./book.ts";
import { checkAgainstAccount, checkDelegation, checkStatic } from "./checks.ts";
import type { DecodedTransaction, TransactionDecoder, TransactionFacts } from "./codec.ts";
import { factsOnly, transactionDecoder } from "./codec.ts";
import { HeadChanges } from "./heads.ts";
import type { Mempool, PooledTransaction, PoolStatus, TransactionJournal } from "./interface.ts";
import { MempoolError } from "./interface.ts";
import { KeptTransactions } from "./kept.ts";
import type { MempoolOptions } from "./options.ts";
import { inBlockOrder } from "./order.ts";

export interface PoolParts {
  chain: PoolChain;
  clock: Clock;
  log: Logger;
  /** Keeps transactions over a restart; without one, a restart empties the pool. */
  journal?: TransactionJournal;
}

/** The mempool of one node. All state changes are synchronous; only reads of the chain are awaited in between. */
export class TransactionPool implements Mempool {
  readonly #options: MempoolOptions;
  readonly #clock: Clock;
  readonly #log: Logger;
  readonly #decode: TransactionDecoder;
  readonly #book: Book;
  readonly #accounts: Accounts;
  readonly #heads: HeadChanges;
  readonly #ageing: Ageing;
  readonly #kept: KeptTransactions;
  readonly #listeners: Listeners<PooledTransaction>;
  #sequence = 0;
  #closed = false;

  constructor(options: MempoolOptions, { chain, clock, log, journal }: PoolParts) {
    this.#options = options;
    this.#clock = clock;
    this.#log = log;
    this.#decode = transactionDecoder(options.chainId);
    const book = new Book(options);
    this.#book = book;
    this.#accounts = new Accounts(options, chain, book.contents);
    this.#ageing = new Ageing(options, { book, clock });
    this.#kept = new KeptTransactions(journal, { contents: book.contents, log });
    this.#listeners = new Listeners((error) => log.error({ error: String(error) }, "a listener to the mempool failed"));
    this.#heads = new HeadChanges(options, {
      book,
      accounts: this.#accounts,
      chain,
      decode: this.#decode,
      newEntry: (facts, raw, preconfirmed) => this.#newEntry(facts, raw, preconfirmed, clock.nowMs()),
      afterwards: () => {
        this.#ageing.onBaseFee();
        this.#ageing.watch();
      },
    });
  }

  get size(): number {
    return this.#book.contents.byHash.size;
  }

  get epoch(): number {
    return this.#book.epoch;
  }

  async add(raw: Hex): Promise<PooledTransaction> {
    const entry = await this.#add(raw, this.#clock.nowMs());
    this.#kept.keep(entry);
    return entry;
  }

  /**
   * Takes back what the journal kept, as far as it can still run and is not too old; to be called once, when the chain
   * answers for the head. Returns how many are in the pool again.
   */
  async restore(): Promise<number> {
    const nowMs = this.#clock.nowMs();
    const kept = this.#kept.read();
    let restored = 0;
    for (const { raw, addedMs } of kept) {
      if (this.#closed) return restored;
      if (nowMs - addedMs >= this.#options.lifetimeMs) continue;
      try {
        await this.#add(raw, Math.min(addedMs, nowMs));
        restored++;
      } catch (error) {
        if (!(error instanceof MempoolError)) throw error;
      }
    }
    if (kept.length > 0 && !this.#closed) {
      this.#kept.compact();
      this.#log.info({ restored, left: kept.length - restored }, "transactions back in the mempool");
    }
    return restored;
  }

  get(hash: Hex): PooledTransaction | undefined {
    return this.#book.contents.byHash.get(hash);
  }

  all(): Iterable<PooledTransaction> {
    return this.#book.contents.inOrder();
  }

  pick(baseFeePerGas: bigint, limit: number): PooledTransaction[] {
    const { contents } = this.#book;
    return inBlockOrder(contents.line(), contents.accounts, baseFeePerGas, limit);
  }

  pendingNonce(address: Hex): number | undefined {
    return this.#book.contents.accounts.get(address.toLowerCase() as Hex)?.nextNonce();
  }

  status(hash: Hex): PoolStatus | undefined {
    const { contents, departed } = this.#book;
    const entry = contents.byHash.get(hash);
    if (entry === undefined) return departed.get(hash);
    const next = contents.accounts.get(entry.from)?.nextNonce() ?? 0;
    return { status: entry.nonce < next ? "runnable" : "queued", preconfirmed: entry.preconfirmed };
  }

  onAdded(listener: (transaction: PooledTransaction) => void): () => void {
    return this.#listeners.add(listener);
  }

  drop(hash: Hex, reason: string): void {
    const entry = this.#book.contents.byHash.get(hash);
    if (entry !== undefined) this.#book.depart(entry, "invalid", reason);
  }

  onBlock(transactions: Hex[]): Promise<void> {
    return this.#heads.included(transactions);
  }

  onDiscard(transactions: Hex[]): Promise<void> {
    return this.#heads.discarded(transactions);
  }

  close(): void {
    this.#closed = true;
    this.#ageing.close();
    this.#listeners.clear();
    this.#kept.close();
  }

  async #add(raw: Hex, addedMs: number): Promise<Entry> {
    const size = typeof raw === "string" ? Math.ceil((raw.length - 2) / 2) : 0;
    if (size > this.#options.maxTransactionBytes) {
      throw new MempoolError("too-large", `transaction of ${size} bytes, at most ${this.#options.maxTransactionBytes}`);
    }
    const decoded = this.#decode(raw, this.#options.maxAuthorizations);
    this.#requireUnknown(decoded.hash);
    checkStatic(decoded, this.#options);
    const read = await this.#accounts.stateFor(decoded.from, decoded.nonce);
    return this.#insert(decoded, read, addedMs);
  }

  #insert(decoded: DecodedTransaction, read: AccountState, addedMs: number): Entry {
    if (this.#closed) throw new MempoolError("pool-full", "the node is shutting down");
    this.#requireUnknown(decoded.hash);
    const { contents } = this.#book;
    const entry = this.#newEntry(decoded, decoded.raw, false, addedMs);
    const queue = contents.accounts.get(entry.from);
    if (queue !== undefined && queue.state.balance !== undefined && read.isDelegated !== undefined) {
      contents.setState(queue, { ...queue.state, isDelegated: read.isDelegated });
    }
    const state = queue?.state.balance === undefined ? read : queue.state;
    checkAgainstAccount(entry, state, queue, this.#options);
    checkDelegation(entry, state, contents);
    admit(this.#book, entry, state);
    this.#ageing.watch();
    this.#listeners.tell(entry);
    return entry;
  }

  #requireUnknown(hash: Hex): void {
    if (this.#book.contents.byHash.has(hash)) throw new MempoolError("known", `already known: ${hash}`);
  }

  #newEntry(facts: TransactionFacts, raw: Hex, preconfirmed: boolean, addedMs: number): Entry {
    return { ...factsOnly(facts), raw, preconfirmed, sequence: this.#sequence++, addedMs };
  }
}
