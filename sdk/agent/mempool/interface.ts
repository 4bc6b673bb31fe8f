import type { Hex } from "../../types/hex.ts";

/** A signed transaction that passed the static checks. */
export interface PooledTransaction {
  hash: Hex;
  raw: Hex;
  from: Hex;
  nonce: number;
  gasLimit: bigint;
  maxFeePerGas: bigint;
  maxPriorityFeePerGas: bigint;
  /** value + gasLimit * maxFeePerGas */
  maxCost: bigint;
  /** Shown in a block that was later discarded: outside the pool's bounds, and first in line. */
  preconfirmed: boolean;
}

export class MempoolError extends Error {
  readonly code:
    | "malformed"
    | "wrong-chain"
    | "unsupported-type"
    | "nonce-too-low"
    | "insufficient-funds"
    | "underpriced"
    | "replacement-underpriced"
    | "gas-limit"
    | "too-large"
    | "pool-full"
    | "account-limit"
    | "known";
  constructor(code: MempoolError["code"], message: string) {
    super(message);
    this.name = "MempoolError";
    this.code = code;
  }
}

export interface Mempool {
  /** Checks and keeps a signed transaction. Rejects with MempoolError. */
  add(raw: Hex): Promise<PooledTransaction>;
  get(hash: Hex): PooledTransaction | undefined;
  /** Runnable now, in the order a block should take them: preconfirmed first in their old order, then by effective tip. */
  pick(baseFeePerGas: bigint, limit: number): PooledTransaction[];
  /** The next nonce of an account counting its pooled run on top of the head. */
  pendingNonce(address: Hex): number | undefined;
  /** A block became part of the head chain: its transactions leave, and what it made stale leaves too. */
  onBlock(transactions: Hex[]): Promise<void>;
  /** Blocks left the head chain: their transactions come back, first in line, in their old order. */
  onDiscard(transactions: Hex[]): Promise<void>;
  /** Can never run: dropped. */
  drop(hash: Hex, reason: string): void;
  readonly size: number;
  /** Counts every change; an unchanged epoch means an unchanged pool. */
  readonly epoch: number;
}
