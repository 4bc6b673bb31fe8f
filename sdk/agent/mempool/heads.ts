import type { Hex } from "../../types/hex.ts";
import type { Entry } from "./account.ts";
import type { Accounts, PoolChain } from "./accounts.ts";
import type { Book } from "./book.ts";
import type { TransactionDecoder, TransactionFacts } from "./codec.ts";
import { factsOnly, transactionHash } from "./codec.ts";
import { MempoolError } from "./interface.ts";
import type { MempoolOptions } from "./options.ts";

interface Parts {
  book: Book;
  accounts: Accounts;
  chain: PoolChain;
  decode: TransactionDecoder;
  newEntry: (facts: TransactionFacts, raw: Hex, preconfirmed: boolean) => Entry;
  /** Called after each change, when the pool is as the new head has it. */
  afterwards: () => void;
}

type ShownTransaction = TransactionFacts & { raw: Hex };

/** Takes over moves of the head, one after the other: what a block included leaves, what a discard gave back returns. */
export class HeadChanges {
  readonly #options: MempoolOptions;
  readonly #parts: Parts;
  #work: Promise<void> = Promise.resolve();
  /** Where the re-reading of untouched accounts goes on. */
  #turn = 0;

  constructor(options: MempoolOptions, parts: Parts) {
    this.#options = options;
    this.#parts = parts;
  }

  included(transactions: Hex[]): Promise<void> {
    return this.#change(() => {
      const { contents, departed } = this.#parts.book;
      const touched = new Set<Hex>();
      for (const facts of this.#factsOf(transactions)) {
        for (const address of facts.moves) touched.add(address);
        const entry = contents.byHash.get(facts.hash);
        if (entry !== undefined) contents.detach(entry);
        departed.record(facts.hash, { status: "included" }, factsOnly(facts));
        const account = contents.accounts.get(facts.from);
        if (account !== undefined && account.state.nonce <= facts.nonce) {
          contents.setState(account, { ...account.state, nonce: facts.nonce + 1 });
        }
      }
      for (const address of touched) this.#dropUnrunnable(address);
      return touched;
    });
  }

  discarded(transactions: Hex[]): Promise<void> {
    return this.#change(() => {
      const touched = new Set<Hex>();
      const line: Entry[] = [];
      for (const facts of this.#factsOf(transactions)) {
        for (const address of facts.moves) touched.add(address);
        const entry = this.#bringBack(facts);
        if (entry.preconfirmed) line.push(entry);
      }
      this.#parts.book.contents.prependToLine(line);
      this.#parts.book.evictBeyondBounds();
      return touched;
    });
  }

  /** A discarded block's transaction returns; what took its nonce meanwhile gives way: the shown one was promised. */
  #bringBack(facts: ShownTransaction): Entry {
    const { book, newEntry } = this.#parts;
    const { contents } = book;
    const fits = contents.preconfirmedBytes + facts.bytes <= this.#options.maxPreconfirmedBytes;
    const entry = newEntry(facts, facts.raw, fits);
    const known = contents.byHash.get(entry.hash) ?? contents.accounts.get(entry.from)?.get(entry.nonce);
    if (known !== undefined) {
      contents.detach(known);
      if (known.hash !== entry.hash) book.remember(known, "replaced", `nonce taken by preconfirmed ${entry.hash}`);
    }
    contents.attach(entry, { nonce: entry.nonce, balance: undefined });
    const account = contents.accounts.get(entry.from);
    if (account !== undefined && account.state.nonce > entry.nonce) {
      contents.setState(account, { nonce: entry.nonce, balance: undefined });
    }
    book.departed.forget(entry.hash);
    return entry;
  }

  /** Applies a change of the head at once, then brings the touched accounts and the base fee up to date. */
  #change(apply: () => Set<Hex>): Promise<void> {
    const { book, accounts, chain, afterwards } = this.#parts;
    const { contents } = book;
    const work = this.#work.then(async () => {
      accounts.headMoved();
      const touched = apply();
      book.changed();
      for (const address of this.#nextInTurn()) touched.add(address);
      const pooled = [...touched].filter((address) => contents.accounts.has(address));
      const states = await Promise.all(pooled.map((address) => chain.getAccount(address, "latest")));
      const baseFeePerGas = await chain.getNextBaseFee("latest");
      accounts.headMoved();
      pooled.forEach((address, i) => {
        const account = contents.accounts.get(address);
        const state = states[i];
        if (account === undefined || state === undefined) return;
        contents.setState(account, state);
        this.#dropUnrunnable(address);
      });
      contents.setBaseFee(baseFeePerGas);
      book.changed();
      afterwards();
    });
    this.#work = work.catch(() => undefined);
    return work;
  }

  /**
   * What is known of blocks' transactions; senders are recovered only of those the pool never held. Kinds the pool does
   * not take were never in it and are passed over.
   */
  *#factsOf(transactions: Hex[]): Generator<ShownTransaction> {
    const { book, decode } = this.#parts;
    for (const raw of transactions) {
      try {
        const hash = transactionHash(raw);
        const held = book.contents.byHash.get(hash) ?? book.departed.factsOf(hash);
        yield held === undefined ? decode(raw) : { ...held, raw };
      } catch (error) {
        if (!(error instanceof MempoolError)) throw error;
      }
    }
  }

  /** Drops what the account's nonce has passed, and ordinary tails that its balance no longer covers. */
  #dropUnrunnable(address: Hex): void {
    const { book } = this.#parts;
    const account = book.contents.accounts.get(address);
    if (account === undefined) return;
    const { nonce, balance } = account.state;
    for (const entry of account.entries()) {
      if (entry.nonce < nonce) book.depart(entry, "nonce-too-low", `account is at nonce ${nonce}`);
    }
    if (balance === undefined) return;
    let total = account.totalCost();
    for (const entry of account.ordinary().reverse()) {
      if (total <= balance) break;
      total -= entry.maxCost;
      book.depart(entry, "insufficient-funds", `balance ${balance} wei no longer covers it`);
    }
  }

  /** Some accounts no block touched: one that delegated its code can be emptied without a nonce of its own moving. */
  *#nextInTurn(): Generator<Hex> {
    const addresses = [...this.#parts.book.contents.accounts.keys()];
    const count = Math.min(this.#options.refreshPerBlock, addresses.length);
    for (let i = 0; i < count; i++) yield addresses[(this.#turn + i) % addresses.length] as Hex;
    this.#turn += count;
  }
}
