import type { Hex } from "../../types/hex.ts";
import type { PooledTransaction } from "../mempool/interface.ts";
import { effectiveTip } from "../mempool/order.ts";
import type { Allowance } from "./limits.ts";
import type { Executed } from "./lineage.ts";

/** What the interval has left. */
export interface Room {
  gas: bigint;
  bytes: number;
}

export interface Selection {
  /** To be executed next, in this order. */
  batch: PooledTransaction[];
  /** The first in the pool's order that found no room in the interval; undefined while it is not full. */
  contender: PooledTransaction | undefined;
}

/**
 * Takes what fits from the pool's order. A transaction without room holds back its sender's later ones, and nobody
 * else's. Senders beyond their allowance come after everybody within theirs.
 * @param left What a sender may still use in this interval.
 * @param most Size of the batch.
 */
export function select(
  picked: readonly PooledTransaction[],
  isOut: (hash: Hex) => boolean,
  room: Room,
  left: (sender: Hex) => Allowance,
  most: number,
): Selection {
  const batch: PooledTransaction[] = [];
  const heldBack = new Set<Hex>();
  const allowances = new Map<Hex, Allowance>();
  let { gas, bytes } = room;
  let contender: PooledTransaction | undefined;
  const take = (transaction: PooledTransaction): void => {
    const size = byteLength(transaction.raw);
    if (transaction.gasLimit > gas || size > bytes) {
      contender ??= transaction;
      heldBack.add(transaction.from);
      return;
    }
    gas -= transaction.gasLimit;
    bytes -= size;
    batch.push(transaction);
  };
  const beyond: PooledTransaction[] = [];
  const isBeyond = ({ from, gasLimit, preconfirmed }: PooledTransaction): boolean => {
    if (preconfirmed) return false;
    const allowance = allowances.get(from) ?? left(from);
    const next = { gas: allowance.gas - gasLimit, computeMs: allowance.computeMs };
    allowances.set(from, next);
    return next.gas < 0n || next.computeMs <= 0;
  };
  for (const transaction of picked) {
    if (batch.length >= most) return { batch, contender };
    if (isOut(transaction.hash) || heldBack.has(transaction.from)) continue;
    if (isBeyond(transaction)) beyond.push(transaction);
    else take(transaction);
  }
  for (const transaction of beyond) {
    if (batch.length >= most) break;
    if (!heldBack.has(transaction.from)) take(transaction);
  }
  return { batch, contender };
}

/**
 * How many of the executed transactions stay when one that found no room is to come before those that pay less per gas;
 * undefined if all stay. From there on the pool's order is executed anew. What was shown or promised is never touched.
 */
export function replaceableFrom(
  entries: readonly Executed[],
  shown: number,
  contender: PooledTransaction,
  baseFeePerGas: bigint,
  room: Room,
): number | undefined {
  const tipWei = effectiveTip(contender, baseFeePerGas);
  const pays = ({ preconfirmed, tipWei: theirs }: Executed): boolean => preconfirmed || theirs >= tipWei;
  const keep = shown + entries.slice(shown).findIndex((entry) => !pays(entry));
  const tail = keep < shown ? [] : entries.slice(keep);
  // What the contender's sender has in the block may be what it has to follow.
  if (tail.some(({ preconfirmed, from }) => preconfirmed || from === contender.from)) return undefined;
  let { gas, bytes } = room;
  for (const entry of tail) {
    if (pays(entry)) continue;
    gas += entry.gasUsed;
    bytes += entry.bytes;
  }
  return tail.length > 0 && contender.gasLimit <= gas && byteLength(contender.raw) <= bytes ? keep : undefined;
}

export const byteLength = (raw: Hex): number => (raw.length - 2) / 2;
