import { hexToBytes } from "@ethereumjs/util";
import type { Hex } from "../../types/hex.ts";
import { keccak } from "../engine/crypto/keccak.ts";
import type { LogEntry, TransactionReceipt } from "../engine/interface.ts";
import { logJson } from "./encode/receipt.ts";
import type { LogMatch } from "./schema.ts";

/** A compiled filter on addresses and topics. */
export interface LogFilter {
  /** False if no log of a block with this bloom can match; spares reading the block's receipts. */
  mayMatch(logsBloom: Hex): boolean;
  matches(log: LogEntry): boolean;
}

/** Compiles a filter: any of the addresses, and at each position any of the topics; null and [] match everything. */
export function compileLogFilter({ address, topics }: LogMatch): LogFilter {
  const positions = [address ?? [], ...(topics ?? []).map((alternatives) => alternatives ?? [])];
  const addresses = new Set(address ?? []);
  const wanted = (topics ?? []).map((alternatives) => new Set(alternatives ?? []));
  const bits = positions.filter((one) => one.length > 0).map((alternatives) => alternatives.map(bloomBits));
  return {
    mayMatch(logsBloom) {
      const bloom = hexToBytes(logsBloom);
      const has = (bit: number): boolean => ((bloom[255 - (bit >> 3)] ?? 0) & (1 << (bit & 7))) !== 0;
      return bits.every((alternatives) => alternatives.some((one) => one.every(has)));
    },
    matches(log) {
      if (addresses.size > 0 && !addresses.has(log.address)) return false;
      if (log.topics.length < wanted.length) return false;
      return wanted.every((any, position) => any.size === 0 || any.has(log.topics[position] as Hex));
    },
  };
}

/** The logs of a block's receipts that match, as JSON. */
export function matchingLogs(receipts: TransactionReceipt[], filter: LogFilter, removed = false): unknown[] {
  return receipts.flatMap((receipt) =>
    receipt.logs.filter((log) => filter.matches(log)).map((log) => logJson(log, receipt, removed)),
  );
}

/** The three bits of 2,048 that a value sets in a block's bloom. */
function bloomBits(value: Hex): number[] {
  const digest = keccak(hexToBytes(value));
  return [0, 2, 4].map((at) => (((digest[at] ?? 0) << 8) | (digest[at + 1] ?? 0)) & 2047);
}
