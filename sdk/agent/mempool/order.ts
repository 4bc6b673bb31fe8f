import type { Hex } from "../../types/hex.ts";
import type { AccountQueue, Entry } from "./account.ts";
import { Heap } from "./heap.ts";
import type { PooledTransaction } from "./interface.ts";

/** What a block's proposer earns per gas at this base fee; negative if the transaction cannot pay the base fee. */
export function effectiveTip(
  transaction: { maxFeePerGas: bigint; maxPriorityFeePerGas: bigint },
  baseFeePerGas: bigint,
): bigint {
  const room = transaction.maxFeePerGas - baseFeePerGas;
  return room < transaction.maxPriorityFeePerGas ? room : transaction.maxPriorityFeePerGas;
}

interface Candidate {
  entry: Entry;
  account: AccountQueue;
  tip: bigint;
}

/**
 * The order a block takes transactions in: the preconfirmed line first, as it stood; then, among each account's lowest
 * nonce, the highest effective tip, the earlier arrival on a tie. A transaction that cannot pay the base fee holds back
 * its account's later ones. Costs O(accounts + limit * log accounts).
 */
export function inBlockOrder(
  line: Iterable<Entry>,
  accounts: ReadonlyMap<Hex, AccountQueue>,
  baseFeePerGas: bigint,
  limit: number,
): PooledTransaction[] {
  const picked: PooledTransaction[] = [];
  const next = new Map<Hex, number>();

  for (const entry of line) {
    if (picked.length >= limit) return picked;
    const account = accounts.get(entry.from);
    const nonce = next.get(entry.from) ?? account?.state.nonce;
    if (entry.nonce !== nonce || entry.maxFeePerGas < baseFeePerGas) continue;
    picked.push(entry);
    next.set(entry.from, nonce + 1);
  }

  const heads = new Heap<Candidate>((a, b) => (a.tip === b.tip ? a.entry.sequence < b.entry.sequence : a.tip > b.tip));
  const offer = (account: AccountQueue, nonce: number): void => {
    const entry = account.get(nonce);
    if (entry === undefined || entry.maxFeePerGas < baseFeePerGas) return;
    heads.push({ entry, account, tip: effectiveTip(entry, baseFeePerGas) });
  };
  for (const account of accounts.values()) offer(account, next.get(account.address) ?? account.state.nonce);
  while (picked.length < limit) {
    const best = heads.pop();
    if (best === undefined) break;
    picked.push(best.entry);
    offer(best.account, best.entry.nonce + 1);
  }
  return picked;
}
