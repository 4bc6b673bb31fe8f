import type { Hex } from "../../types/hex.ts";
import type { ChainReader } from "../engine/interface.ts";
import type { Clock } from "../time/interface.ts";
import type { AccountState, Entry } from "./account.ts";
import { checkAgainstAccount, checkStatic } from "./checks.ts";
import type { DecodedTransaction, TransactionDecoder, TransactionFacts } from "./codec.ts";
import { factsOnly, transactionDecoder, transactionHash } from "./codec.ts";
import { Contents } from "./contents.ts";
import type { DropReason, Mempool, PooledTransaction, PoolStatus } from "./interface.ts";
import { MempoolError } from "./interface.ts";
import { DepartureMemory } from "./memory.ts";
import type { MempoolOptions } from "./options.ts";
import { inBlockOrder } from "./order.ts";

/** What the pool reads of the chain, always at the head. */
export type PoolChain = Pick<ChainReader, "getAccount" | "getNextBaseFee">;

/** Reads of one account before an addition goes on with the last answer, however fast the head moves. */
const MOST_READS = 3;

/** An expired transaction leaves at most this fraction of its lifetime late. */
const SWEEPS_PER_LIFETIME = 16;

/** The mempool of one node. All state changes are synchronous; only reads of the chain are awaited in between. */
export class TransactionPool implements Mempool {
  readonly #options: MempoolOptions;
  readonly #chain: PoolChain;
  readonly #clock: Clock;
  readonly #decode: TransactionDecoder;
  readonly #contents = new Contents();
  readonly #departed: DepartureMemory;
  readonly #listeners = new Set<(transaction: PooledTransaction) => void>();
  #epoch = 0;
  #sequence = 0;
  /** Grows when the head moves: an account read before that says nothing after it. */
  #headVersion = 0;
  #addsInFlight = 0;
  /** Head changes are applied one after the other. */
  #headWork: Promise<void> = Promise.resolve();
  #cancelSweep: (() => void) | undefined;
  #closed = false;
  /** Where the re-reading of untouched accounts goes on. */
  #turn = 0;

  constructor(options: MempoolOptions, dependencies: { chain: PoolChain; clock: Clock }) {
    this.#options = options;
    this.#chain = dependencies.chain;
    this.#clock = dependencies.clock;
    this.#decode = transactionDecoder(options.chainId);
    this.#departed = new DepartureMemory(options.maxRemembered);
  }

  get size(): number {
    return this.#contents.byHash.size;
  }

  get epoch(): number {
    return this.#epoch;
  }

  async add(raw: Hex): Promise<PooledTransaction> {
    const size = typeof raw === "string" ? Math.ceil((raw.length - 2) / 2) : 0;
    if (size > this.#options.maxTransactionBytes) {
      throw new MempoolError("too-large", `transaction of ${size} bytes, at most ${this.#options.maxTransactionBytes}`);
    }
    const decoded = this.#decode(raw);
    this.#requireUnknown(decoded.hash);
    checkStatic(decoded, this.#options);
    return this.#insert(decoded, await this.#readState(decoded.from));
  }

  get(hash: Hex): PooledTransaction | undefined {
    return this.#contents.byHash.get(hash);
  }

  pick(baseFeePerGas: bigint, limit: number): PooledTransaction[] {
    return inBlockOrder(this.#contents.line(), this.#contents.accounts, baseFeePerGas, limit);
  }

  pendingNonce(address: Hex): number | undefined {
    return this.#contents.accounts.get(address.toLowerCase() as Hex)?.nextNonce();
  }

  status(hash: Hex): PoolStatus | undefined {
    const entry = this.#contents.byHash.get(hash);
    if (entry === undefined) return this.#departed.get(hash);
    const next = this.#contents.accounts.get(entry.from)?.nextNonce() ?? 0;
    return { status: entry.nonce < next ? "runnable" : "queued", preconfirmed: entry.preconfirmed };
  }

  onAdded(listener: (transaction: PooledTransaction) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  drop(hash: Hex, reason: string): void {
    const entry = this.#contents.byHash.get(hash);
    if (entry !== undefined) this.#depart(entry, "invalid", reason);
  }

  onBlock(transactions: Hex[]): Promise<void> {
    return this.#onHeadChange(() => {
      const touched = new Set<Hex>();
      for (const facts of this.#factsOf(transactions)) {
        for (const address of facts.moves) touched.add(address);
        const entry = this.#contents.byHash.get(facts.hash);
        if (entry !== undefined) this.#contents.detach(entry);
        this.#departed.record(facts.hash, { status: "included" }, factsOnly(facts));
        const account = this.#contents.accounts.get(facts.from);
        if (account !== undefined && account.state.nonce <= facts.nonce) {
          this.#contents.setState(account, { ...account.state, nonce: facts.nonce + 1 });
        }
      }
      for (const address of touched) this.#dropUnrunnable(address);
      return touched;
    });
  }

  onDiscard(transactions: Hex[]): Promise<void> {
    return this.#onHeadChange(() => {
      const touched = new Set<Hex>();
      const line: Entry[] = [];
      for (const facts of this.#factsOf(transactions)) {
        for (const address of facts.moves) touched.add(address);
        const entry = this.#bringBack(facts);
        if (entry.preconfirmed) line.push(entry);
      }
      this.#contents.prependToLine(line);
      this.#evictBeyondBounds();
      return touched;
    });
  }

  close(): void {
    this.#closed = true;
    this.#cancelSweep?.();
    this.#listeners.clear();
  }

  #insert(decoded: DecodedTransaction, read: AccountState): PooledTransaction {
    if (this.#closed) throw new MempoolError("pool-full", "the node is shutting down");
    this.#requireUnknown(decoded.hash);
    const contents = this.#contents;
    const entry = this.#entryOf(decoded, decoded.raw, false);
    const queue = contents.accounts.get(entry.from);
    const state = queue?.state.balance === undefined ? read : queue.state;
    checkAgainstAccount(entry, state, queue, this.#options);

    const replaced = queue?.get(entry.nonce);
    const line = replaced?.preconfirmed ? [...contents.line()] : [];
    if (replaced !== undefined) contents.detach(replaced);
    contents.attach(entry, state);
    const evicted: { victim: Entry; state: AccountState }[] = [];
    while (this.#isOverBounds()) {
      const victim = contents.cheapest();
      if (victim === undefined || victim === entry) {
        // A newcomer that is itself the cheapest leaves no trace: everything is as it was.
        contents.detach(entry);
        if (replaced !== undefined) contents.attach(replaced, state);
        for (const kept of evicted) contents.attach(kept.victim, kept.state);
        contents.prependToLine(line);
        throw new MempoolError("pool-full", "pool is full of better-paying transactions; raise the tip or try later");
      }
      evicted.push({ victim, state: contents.accounts.get(victim.from)?.state ?? state });
      contents.detach(victim);
    }
    if (replaced !== undefined) this.#remember(replaced, "replaced", `replaced by ${entry.hash}`);
    for (const { victim } of evicted) this.#remember(victim, "evicted", "pool is full of better-paying transactions");
    this.#departed.forget(entry.hash);
    this.#changed();
    for (const listener of this.#listeners) listener(entry);
    return entry;
  }

  /** A discarded block's transaction returns; what took its nonce meanwhile gives way: the shown one was promised. */
  #bringBack(facts: TransactionFacts & { raw: Hex }): Entry {
    const contents = this.#contents;
    const fits = contents.preconfirmedBytes + facts.bytes <= this.#options.maxPreconfirmedBytes;
    const entry = this.#entryOf(facts, facts.raw, fits);
    const known = contents.byHash.get(entry.hash) ?? contents.accounts.get(entry.from)?.get(entry.nonce);
    if (known !== undefined) {
      contents.detach(known);
      if (known.hash !== entry.hash) this.#remember(known, "replaced", `nonce taken by preconfirmed ${entry.hash}`);
    }
    contents.attach(entry, { nonce: entry.nonce, balance: undefined });
    const account = contents.accounts.get(entry.from);
    if (account !== undefined && account.state.nonce > entry.nonce) {
      contents.setState(account, { nonce: entry.nonce, balance: undefined });
    }
    this.#departed.forget(entry.hash);
    return entry;
  }

  /** Applies a change of the head at once, then brings the touched accounts and the base fee up to date. */
  #onHeadChange(apply: () => Set<Hex>): Promise<void> {
    const work = this.#headWork.then(async () => {
      this.#headVersion++;
      const touched = apply();
      this.#changed();
      for (const address of this.#nextInTurn()) touched.add(address);
      const pooled = [...touched].filter((address) => this.#contents.accounts.has(address));
      const states = await Promise.all(pooled.map((address) => this.#chain.getAccount(address, "latest")));
      const baseFeePerGas = await this.#chain.getNextBaseFee("latest");
      this.#headVersion++;
      pooled.forEach((address, i) => {
        const account = this.#contents.accounts.get(address);
        const state = states[i];
        if (account === undefined || state === undefined) return;
        this.#contents.setState(account, state);
        this.#dropUnrunnable(address);
      });
      this.#contents.setBaseFee(baseFeePerGas);
      this.#changed();
    });
    this.#headWork = work.catch(() => undefined);
    return work;
  }

  /**
   * What is known of blocks' transactions; senders are recovered only of those the pool never held. Kinds the pool does
   * not take were never in it and are passed over.
   */
  *#factsOf(transactions: Hex[]): Generator<TransactionFacts & { raw: Hex }> {
    for (const raw of transactions) {
      try {
        const hash = transactionHash(raw);
        const held = this.#contents.byHash.get(hash) ?? this.#departed.factsOf(hash);
        yield held === undefined ? this.#decode(raw) : { ...held, raw };
      } catch (error) {
        if (!(error instanceof MempoolError)) throw error;
      }
    }
  }

  /** Reads an account at the head; once more if the head moved meanwhile. */
  async #readState(address: Hex): Promise<AccountState> {
    const held = this.#contents.accounts.get(address)?.state;
    if (held?.balance !== undefined) return held;
    if (this.#addsInFlight >= this.#options.maxConcurrentAdds) {
      throw new MempoolError("pool-full", `${this.#addsInFlight} transactions are being checked; try again`);
    }
    this.#addsInFlight++;
    try {
      for (let attempt = 1; ; attempt++) {
        const version = this.#headVersion;
        const state = await this.#chain.getAccount(address, "latest");
        if (version === this.#headVersion || attempt === MOST_READS) return state;
      }
    } finally {
      this.#addsInFlight--;
    }
  }

  /** Drops what the account's nonce has passed, and ordinary tails that its balance no longer covers. */
  #dropUnrunnable(address: Hex): void {
    const account = this.#contents.accounts.get(address);
    if (account === undefined) return;
    const { nonce, balance } = account.state;
    for (const entry of account.entries()) {
      if (entry.nonce < nonce) this.#depart(entry, "nonce-too-low", `account is at nonce ${nonce}`);
    }
    if (balance === undefined) return;
    let total = account.totalCost();
    for (const entry of account.ordinary().reverse()) {
      if (total <= balance) break;
      total -= entry.maxCost;
      this.#depart(entry, "insufficient-funds", `balance ${balance} wei no longer covers it`);
    }
  }

  #evictBeyondBounds(): void {
    while (this.#isOverBounds()) {
      const victim = this.#contents.cheapest();
      if (victim === undefined) return;
      this.#depart(victim, "evicted", "pool is full of better-paying transactions");
    }
  }

  #isOverBounds(): boolean {
    const { ordinaryCount, ordinaryBytes } = this.#contents;
    return ordinaryCount > this.#options.maxTransactions || ordinaryBytes > this.#options.maxBytes;
  }

  /** Some accounts no block touched: one that delegated its code can be emptied without a nonce of its own moving. */
  *#nextInTurn(): Generator<Hex> {
    const addresses = [...this.#contents.accounts.keys()];
    const count = Math.min(this.#options.refreshPerBlock, addresses.length);
    for (let i = 0; i < count; i++) yield addresses[(this.#turn + i) % addresses.length] as Hex;
    this.#turn += count;
  }

  #depart(entry: Entry, reason: DropReason, detail: string): void {
    this.#contents.detach(entry);
    this.#remember(entry, reason, detail);
    this.#changed();
  }

  #remember(entry: Entry, reason: DropReason, detail: string): void {
    this.#departed.record(entry.hash, { status: "dropped", reason, detail });
  }

  #requireUnknown(hash: Hex): void {
    if (this.#contents.byHash.has(hash)) throw new MempoolError("known", `already known: ${hash}`);
  }

  #entryOf(facts: TransactionFacts, raw: Hex, preconfirmed: boolean): Entry {
    return { ...factsOnly(facts), raw, preconfirmed, sequence: this.#sequence++, addedMs: this.#clock.nowMs() };
  }

  #changed(): void {
    this.#epoch++;
    if (this.#cancelSweep !== undefined || this.#closed || this.#contents.ordinaryCount === 0) return;
    const sweepMs = this.#clock.nowMs() + Math.ceil(this.#options.lifetimeMs / SWEEPS_PER_LIFETIME);
    this.#cancelSweep = this.#clock.at(sweepMs, () => this.#expire());
  }

  #expire(): void {
    this.#cancelSweep = undefined;
    const oldestMs = this.#clock.nowMs() - this.#options.lifetimeMs;
    for (const entry of [...this.#contents.byHash.values()]) {
      if (entry.preconfirmed || entry.addedMs > oldestMs) continue;
      this.#depart(entry, "expired", `not included within ${this.#options.lifetimeMs / 1000} s`);
    }
    this.#changed();
  }
}
