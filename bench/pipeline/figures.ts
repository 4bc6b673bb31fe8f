import type { Hex } from "../../sdk/types/hex.ts";
import type { Recording } from "./recording.ts";

/** Slots among these whose checkpoint is not on L1. */
export function lostSlots({ landed }: Recording, slots: readonly number[]): number[] {
  const onL1 = new Set(landed.map(({ slot }) => slot));
  return slots.filter((slot) => !onL1.has(slot));
}

/** The slots that count. */
export const countedSlots = ({ slots }: Recording): number[] => Array.from({ length: slots }, (_, i) => i + 1);

/** L2 blocks of a slot on the chain that all follow in the end. */
export const blocksIn = ({ chain }: Recording, slot: number): number =>
  chain.filter((block) => block.slot === slot).length;

/** Mean over the slots that count. */
export const blocksPerSlot = (recording: Recording): number =>
  mean(countedSlots(recording).map((slot) => blocksIn(recording, slot)));

/** The longest time from the last seal of a slot to the moment at which the next proposer begins its first block. */
export function deadZoneSeconds(recording: Recording): number {
  const { chain, sealed, begun } = recording;
  const zones = countedSlots(recording).flatMap((slot) => {
    const last = chain.findLast((block) => block.slot === slot);
    const seal = sealed.find(({ hash }) => hash === last?.hash);
    const next = begun.find((block) => block.slot === slot + 1 && block.parentHash === last?.hash);
    return seal === undefined || next === undefined ? [] : [next.atMs - seal.atMs];
  });
  return zones.length === 0 ? Number.POSITIVE_INFINITY : Math.max(...zones) / 1000;
}

export interface Latency {
  p50Seconds: number;
  p99Seconds: number;
}

/**
 * From sending a transaction to seeing it at the agent it was sent to, in an executed block of the chain that lasted.
 * One that is in no such block took for ever.
 */
export function txLatency({ chain, seen, sent }: Recording): Latency {
  const blockOf = new Map(chain.flatMap(({ hash, transactions }) => transactions.map((tx): [Hex, Hex] => [tx, hash])));
  const seenMs = new Map<string, number>();
  for (const { agent, hash, atMs } of seen) {
    const key = `${agent}/${hash}`;
    if (!seenMs.has(key)) seenMs.set(key, atMs);
  }
  const latencies = sent.map(({ hash, agent, atMs }) => {
    const atAgentMs = seenMs.get(`${agent}/${blockOf.get(hash)}`);
    return ((atAgentMs ?? Number.POSITIVE_INFINITY) - atMs) / 1000;
  });
  return { p50Seconds: quantile(latencies, 0.5), p99Seconds: quantile(latencies, 0.99) };
}

/** Transactions that were sent and are in no block of the chain in the end. */
export function lostTransactions({ chain, sent }: Recording): number {
  const kept = new Set(chain.flatMap(({ transactions }) => transactions));
  return sent.filter(({ hash }) => !kept.has(hash)).length;
}

/** Share of these slots for which more than one transaction with the checkpoint was mined, whatever became of it. */
export function doubleSends({ mined }: Recording, slots: readonly number[]): number {
  const doubled = slots.filter((slot) => mined.filter((one) => one.slots.includes(slot)).length > 1);
  return doubled.length / slots.length;
}

/**
 * The longest time from the moment at which an agent discards what is dead to the seal of the first block, by whoever
 * is to build, that brings back a transaction which was discarded. Infinite if nothing was, or none came back.
 */
export function secondsToFirstReplayedBlock({ discards, chain, sealed }: Recording): number {
  const dead = discards.filter(({ reason }) => reason === "dead");
  const waits = [...Map.groupBy(dead, ({ slot }) => slot)].map(([, ofSlot]) => {
    const firstMs = Math.min(...ofSlot.map(({ atMs }) => atMs));
    const gone = new Set(ofSlot.flatMap(({ transactions }) => transactions));
    const replayed = chain.find(({ transactions }) => transactions.some((hash) => gone.has(hash)));
    const seal = sealed.find(({ hash }) => hash === replayed?.hash);
    return ((seal?.atMs ?? Number.POSITIVE_INFINITY) - firstMs) / 1000;
  });
  return waits.length === 0 ? Number.POSITIVE_INFINITY : Math.max(...waits);
}

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

/** Of no values: infinite, as nothing was seen. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.POSITIVE_INFINITY;
}
