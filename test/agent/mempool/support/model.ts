import type { Hex } from "../../../../sdk/types/hex.ts";

/** A transaction as the model knows it; `account` and `authority` are indices. */
export interface ModelTransaction {
  hash: Hex;
  account: number;
  nonce: number;
  fee: bigint;
  tip: bigint;
  cost: bigint;
  bytes: number;
  authority?: number;
}

interface Held extends ModelTransaction {
  preconfirmed: boolean;
  sequence: number;
  belowSinceMs: number | undefined;
}

export interface ModelBounds {
  maxTransactions: number;
  maxBytes: number;
  maxPerAccount: number;
  maxQueuedPerAccount: number;
  maxNonceGap: number;
  maxUnpayableMs: number;
}

/** The pool's rules over plain lists that are searched anew for every answer: what the real pool must equal. */
export class ModelPool {
  nonces: number[];
  balances: bigint[];
  readonly delegated = new Set<number>();
  /** Preconfirmed hashes in the order they were shown. */
  #line: Hex[] = [];
  #held: Held[] = [];
  #sequence = 0;
  #baseFee = 0n;
  readonly #bounds: ModelBounds;

  constructor(bounds: ModelBounds, balances: bigint[]) {
    this.#bounds = bounds;
    this.balances = balances;
    this.nonces = balances.map(() => 0);
  }

  hashes(): Hex[] {
    return this.#held.map(({ hash }) => hash).sort();
  }

  /** "taken", or the code of the refusal. */
  add(transaction: ModelTransaction): string {
    const { account, nonce, hash } = transaction;
    if (this.#held.some((one) => one.hash === hash)) return "known";
    if (nonce < this.#nonce(account)) return "nonce-too-low";
    const own = this.#of(account);
    const replaced = own.find((one) => one.nonce === nonce);
    const ordinary = own.filter((one) => !one.preconfirmed);
    if (replaced !== undefined) {
      const isEnough = (offer: bigint, before: bigint) => offer * 100n >= before * 110n;
      if (!isEnough(transaction.fee, replaced.fee) || !isEnough(transaction.tip, replaced.tip)) {
        return "replacement-underpriced";
      }
    } else {
      if (ordinary.length >= this.#bounds.maxPerAccount) return "account-limit";
      const next = this.next(account);
      const queued = ordinary.filter((one) => one.nonce > next).length;
      const isFar = nonce > next + this.#bounds.maxNonceGap || queued >= this.#bounds.maxQueuedPerAccount;
      if (nonce > next && isFar) return "account-limit";
    }
    const others = own.filter((one) => one !== replaced);
    const total = others.reduce((sum, one) => sum + one.cost, transaction.cost);
    if (total > (this.balances[account] as bigint)) return "insufficient-funds";
    const isLimited = this.delegated.has(account) || this.#held.some((one) => one.authority === account);
    if (isLimited && (others.length > 0 || nonce > this.#nonce(account))) return "delegated";
    const { authority } = transaction;
    if (authority !== undefined) {
      const reserved = (authority === account ? others : this.#of(authority)).length;
      if (reserved > 1) return "delegated";
    }
    const before = [...this.#held];
    const line = [...this.#line];
    if (replaced !== undefined) this.#remove(replaced);
    const added = { ...transaction, preconfirmed: false, sequence: this.#sequence++, belowSinceMs: undefined };
    this.#held.push(added);
    this.#evict();
    if (this.#held.includes(added)) return "taken";
    this.#held = before;
    this.#line = line;
    return "pool-full";
  }

  /** The head has moved: what can run no more leaves. */
  settle(baseFee: bigint, nowMs: number): void {
    for (const [account] of this.nonces.entries()) {
      for (const one of this.#of(account)) if (one.nonce < this.#nonce(account)) this.#remove(one);
      for (;;) {
        const own = this.#of(account);
        const last = own.findLast((one) => !one.preconfirmed);
        const total = own.reduce((sum, one) => sum + one.cost, 0n);
        if (last === undefined || total <= (this.balances[account] as bigint)) break;
        this.#remove(last);
      }
    }
    this.#baseFee = baseFee;
    for (const one of [...this.#held]) {
      if (one.preconfirmed || one.fee >= baseFee) one.belowSinceMs = undefined;
      else one.belowSinceMs ??= nowMs;
      if (one.belowSinceMs !== undefined && nowMs - one.belowSinceMs >= this.#bounds.maxUnpayableMs) this.#remove(one);
    }
  }

  include(transactions: readonly ModelTransaction[]): void {
    for (const { account, nonce } of transactions) this.nonces[account] = nonce + 1;
    this.#held = this.#held.filter((one) => transactions.every(({ hash }) => hash !== one.hash));
    this.#line = this.#line.filter((hash) => transactions.every((one) => one.hash !== hash));
  }

  bringBack(transactions: readonly ModelTransaction[]): void {
    for (const one of transactions) {
      const taken = this.#of(one.account).find(({ nonce }) => nonce === one.nonce);
      if (taken !== undefined) this.#remove(taken);
      this.#held.push({ ...one, preconfirmed: true, sequence: this.#sequence++, belowSinceMs: undefined });
    }
    this.#line = [...transactions.map(({ hash }) => hash), ...this.#line];
    this.#evict();
  }

  remove(hash: Hex): void {
    const one = this.#held.find((held) => held.hash === hash);
    if (one !== undefined) this.#remove(one);
  }

  /** Nothing that was never shown outlives its time. */
  expireAll(): void {
    this.#held = this.#held.filter((one) => one.preconfirmed);
  }

  next(account: number): number {
    let nonce = this.#nonce(account);
    while (this.#of(account).some((one) => one.nonce === nonce)) nonce++;
    return nonce;
  }

  pick(): Hex[] {
    const expected = [...this.nonces];
    const picked: Hex[] = [];
    const take = (one: Held): void => {
      picked.push(one.hash);
      expected[one.account] = one.nonce + 1;
    };
    for (const hash of this.#line) {
      const one = this.#held.find((held) => held.hash === hash);
      if (one?.nonce === expected[one?.account ?? -1] && one !== undefined && one.fee >= this.#baseFee) take(one);
    }
    for (;;) {
      const [best] = this.#held
        .filter((one) => one.nonce === expected[one.account] && one.fee >= this.#baseFee)
        .sort((a, b) => compare(this.#tip(b), this.#tip(a)) || a.sequence - b.sequence);
      if (best === undefined) return picked;
      take(best);
    }
  }

  #evict(): void {
    for (;;) {
      const ordinary = this.#held.filter((one) => !one.preconfirmed);
      const bytes = ordinary.reduce((sum, one) => sum + one.bytes, 0);
      if (ordinary.length <= this.#bounds.maxTransactions && bytes <= this.#bounds.maxBytes) return;
      const tails = this.nonces
        .map((_, account) => this.#of(account).findLast((one) => !one.preconfirmed))
        .filter((one) => one !== undefined);
      tails.sort(
        (a, b) =>
          Number(this.#isRunnable(a)) - Number(this.#isRunnable(b)) ||
          compare(this.#worth(a), this.#worth(b)) ||
          b.sequence - a.sequence,
      );
      if (tails[0] === undefined) return;
      this.#remove(tails[0]);
    }
  }

  /** The lowest tip on the way to it. */
  #worth(tail: Held): bigint {
    const way = this.#of(tail.account).filter((one) => one.nonce <= tail.nonce);
    return way.map((one) => this.#tip(one)).reduce((a, b) => (a < b ? a : b));
  }

  #isRunnable(one: Held): boolean {
    return one.nonce < this.next(one.account);
  }

  #tip({ fee, tip }: Held): bigint {
    return fee - this.#baseFee < tip ? fee - this.#baseFee : tip;
  }

  #nonce(account: number): number {
    return this.nonces[account] as number;
  }

  /** By nonce. */
  #of(account: number): Held[] {
    return this.#held.filter((one) => one.account === account).sort((a, b) => a.nonce - b.nonce);
  }

  #remove(gone: Held): void {
    this.#held = this.#held.filter((one) => one !== gone);
    this.#line = this.#line.filter((hash) => hash !== gone.hash);
  }
}

const compare = (a: bigint, b: bigint): number => (a < b ? -1 : a > b ? 1 : 0);
