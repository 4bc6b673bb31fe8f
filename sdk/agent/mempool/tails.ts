import type { AccountQueue, Entry } from "./account.ts";
import { Heap } from "./heap.ts";
import { effectiveTip } from "./order.ts";

interface Tail {
  account: AccountQueue;
  version: number;
  entry: Entry;
  /** Has every lower nonce pooled; what waits for a gap is worth less than anything runnable. */
  runnable: boolean;
  /** The lowest tip on the way to it: it cannot be earned without the ones before. */
  worth: bigint;
}

/** Which account tail a full pool gives up first. Only tails are given up, so no chain is ever torn. */
export class CheapestTails {
  readonly #heap = new Heap<Tail>(cheaper);
  #baseFeePerGas = 0n;

  /** Re-values everything for a new base fee, in wei per gas. */
  rebuild(accounts: Iterable<AccountQueue>, baseFeePerGas: bigint): void {
    this.#baseFeePerGas = baseFeePerGas;
    this.#heap.clear();
    for (const account of accounts) this.update(account);
  }

  /** To be called after each change of an account; what the heap held of it before is passed over from now on. */
  update(account: AccountQueue): void {
    const tail = tailOf(account, this.#baseFeePerGas);
    if (tail !== undefined) this.#heap.push(tail);
  }

  /** Entries held, stale ones included; the pool rebuilds when they outgrow the accounts. */
  get size(): number {
    return this.#heap.size;
  }

  /** The entry to give up first. */
  cheapest(): Entry | undefined {
    for (;;) {
      const tail = this.#heap.peek();
      if (tail === undefined || tail.version === tail.account.version) return tail?.entry;
      this.#heap.pop();
    }
  }
}

function cheaper(a: Tail, b: Tail): boolean {
  if (a.runnable !== b.runnable) return !a.runnable;
  if (a.worth !== b.worth) return a.worth < b.worth;
  return a.entry.sequence > b.entry.sequence;
}

function tailOf(account: AccountQueue, baseFeePerGas: bigint): Tail | undefined {
  const entries = account.entries();
  const last = entries.findLast((entry) => !entry.preconfirmed);
  if (last === undefined) return undefined;
  let worth = effectiveTip(last, baseFeePerGas);
  for (const entry of entries) {
    if (entry.nonce >= last.nonce) break;
    const tip = effectiveTip(entry, baseFeePerGas);
    if (tip < worth) worth = tip;
  }
  return { account, version: account.version, entry: last, runnable: last.nonce < account.nextNonce(), worth };
}
