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
  /** When it came, or came back, to the pool. */
  addedMs: number;
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
    /** EIP-7702: an account that runs code, or is about to, has one pooled transaction at a time. */
    | "delegated"
    | "known";
  constructor(code: MempoolError["code"], message: string) {
    super(message);
    this.name = "MempoolError";
    this.code = code;
  }
}

/** Why a transaction left the pool without being included. */
export type DropReason =
  | "replaced"
  | "evicted"
  | "expired"
  | "nonce-too-low"
  | "insufficient-funds"
  /** Its fee cap was below the base fee for too long. */
  | "underpriced"
  | "invalid";

/** What the pool knows of one hash. */
export type PoolStatus =
  /** Its nonce chain starts at the head's nonce: the next block may take it. */
  | { status: "runnable"; preconfirmed: boolean }
  /** Waits for a transaction with a lower nonce. */
  | { status: "queued"; preconfirmed: boolean }
  /** Left the pool in a block. */
  | { status: "included" }
  | { status: "dropped"; reason: DropReason; detail: string };

export interface Mempool {
  /** Checks and keeps a signed transaction. Rejects with MempoolError. */
  add(raw: Hex): Promise<PooledTransaction>;
  get(hash: Hex): PooledTransaction | undefined;
  /** All that it holds, account by account, each account's by nonce. */
  all(): Iterable<PooledTransaction>;
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
  /** What happened to a hash; undefined if it was never here or is forgotten (the memory is bounded). */
  status(hash: Hex): PoolStatus | undefined;
  /** Calls `listener` with each transaction `add` accepts, until the returned function is called. What it throws is logged. */
  onAdded(listener: (transaction: PooledTransaction) => void): () => void;
  /** Stops the expiry timer; later additions are refused. */
  close(): void;
  readonly size: number;
  /** Counts every change: additions, removals, replacements, moves of the head; an unchanged epoch means an unchanged pool. */
  readonly epoch: number;
}

/** A transaction as it is kept on disk. */
export interface KeptTransaction {
  raw: Hex;
  /** When it came to the pool. */
  addedMs: number;
}

/** Keeps pooled transactions over a restart. Whatever survives a crash is a beginning of what was appended. */
export interface TransactionJournal {
  /** What is kept, in the order it was appended; what is damaged is left out. */
  read(): KeptTransaction[];
  /** Of the file. */
  readonly bytes: number;
  /** Throws if the disk refuses. */
  append(transaction: KeptTransaction): void;
  /** Keeps these alone, at once or not at all. Throws if the disk refuses. */
  replace(transactions: Iterable<KeptTransaction>): void;
  close(): void;
}
