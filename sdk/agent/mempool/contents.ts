import type { Hex } from "../../types/hex.ts";
import type { AccountState, Entry } from "./account.ts";
import { AccountQueue } from "./account.ts";
import { CheapestTails } from "./tails.ts";

/** Stale heap entries tolerated per account before the eviction heap is rebuilt; bounds its memory. */
const STALE_TAILS_PER_ACCOUNT = 8;

/**
 * What is in the pool, and its indexes: by hash, by account, the preconfirmed line, the eviction order. Invariant: an
 * entry is in `byHash` iff it is in its account's queue, and in `line` iff it is preconfirmed too.
 */
export class Contents {
  readonly accounts = new Map<Hex, AccountQueue>();
  /** In order of arrival. */
  readonly byHash = new Map<Hex, Entry>();
  /** Sums over the ordinary entries, those that are not preconfirmed. */
  ordinaryCount = 0;
  ordinaryBytes = 0;
  preconfirmedBytes = 0;
  #line = new Map<Hex, Entry>();
  /** Signers of authorizations in the pool, with how many of its transactions carry one of theirs. */
  readonly #authorities = new Map<Hex, number>();
  readonly #tails = new CheapestTails();
  #baseFeePerGas = 0n;

  /** All entries, account by account, each account's by nonce. */
  *inOrder(): Generator<Entry> {
    for (const account of this.accounts.values()) yield* account.entries();
  }

  /** Preconfirmed transactions in the order they were shown. */
  line(): Iterable<Entry> {
    return this.#line.values();
  }

  /** A pooled transaction carries an authorization by this account (EIP-7702): it may run code soon. */
  isAuthority(address: Hex): boolean {
    return this.#authorities.has(address);
  }

  /** Puts an entry under its account, which is opened with `state` if it has none yet; its nonce must be free. */
  attach(entry: Entry, state: AccountState): void {
    let account = this.accounts.get(entry.from);
    if (account === undefined) {
      account = new AccountQueue(entry.from, state);
      this.accounts.set(entry.from, account);
    }
    account.put(entry);
    this.byHash.set(entry.hash, entry);
    this.#count(entry, 1);
    this.#touch(account);
  }

  /** Takes a held entry out; an account without entries is forgotten. */
  detach(entry: Entry): void {
    const account = this.accounts.get(entry.from);
    if (account === undefined) return;
    this.byHash.delete(entry.hash);
    account.remove(entry);
    this.#line.delete(entry.hash);
    this.#count(entry, -1);
    if (account.size === 0) this.accounts.delete(entry.from);
    this.#touch(account);
  }

  /** Puts entries, already attached as preconfirmed, before the rest of the line. */
  prependToLine(entries: Entry[]): void {
    const front = new Map(entries.map((entry) => [entry.hash, entry]));
    for (const [hash, entry] of this.#line) if (!front.has(hash)) front.set(hash, entry);
    this.#line = front;
  }

  setState(account: AccountQueue, state: AccountState): void {
    account.setState(state);
    this.#touch(account);
  }

  /** Of the next block, in wei per gas. */
  get baseFeePerGas(): bigint {
    return this.#baseFeePerGas;
  }

  setBaseFee(baseFeePerGas: bigint): void {
    this.#baseFeePerGas = baseFeePerGas;
    this.#tails.rebuild(this.accounts.values(), baseFeePerGas);
  }

  /** The ordinary entry a full pool gives up first. */
  cheapest(): Entry | undefined {
    return this.#tails.cheapest();
  }

  #touch(account: AccountQueue): void {
    if (account.size > 0) this.#tails.update(account);
    if (this.#tails.size > STALE_TAILS_PER_ACCOUNT * (this.accounts.size + 1)) this.setBaseFee(this.#baseFeePerGas);
  }

  #count(entry: Entry, sign: 1 | -1): void {
    for (const authority of entry.moves.slice(1)) {
      const count = (this.#authorities.get(authority) ?? 0) + sign;
      if (count === 0) this.#authorities.delete(authority);
      else this.#authorities.set(authority, count);
    }
    if (entry.preconfirmed) {
      this.preconfirmedBytes += sign * entry.bytes;
    } else {
      this.ordinaryCount += sign;
      this.ordinaryBytes += sign * entry.bytes;
    }
  }
}
