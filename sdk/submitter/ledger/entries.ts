import type { Hex } from "../../types/hex.ts";

/** What became of a checkpoint that was bid for. */
export type LandingResult =
  /** In the canonical chain by a transaction of this account. */
  | "landed"
  /** Another's transaction landed it, or a checkpoint above it. */
  | "lost"
  /** Its window ended without it. */
  | "tooLate";

/** Written, and on disk, before the first transaction for a checkpoint is sent. */
export interface BidEntry {
  type: "bid";
  slot: number;
  digest: Hex;
  blobCount: number;
  /** Credit expected when it was decided. */
  expectedWei: bigint;
}

/** What it came to, once no L1 block that the journal waits for can change it. */
export interface ResultEntry {
  type: "result";
  digest: Hex;
  result: LandingResult;
  /** Transactions of this account in the chain, reverted ones included. */
  transactions: number;
  gasUsed: number;
  /** Their gas and blob gas at the prices paid. */
  costWei: bigint;
  /** Quoted to the recipient at the landing; 0 unless landed. */
  quotedWei: bigint;
  /** Number of the checkpoint on L1; 0 unless landed. */
  number: number;
  /** L1 block of the landing; 0 unless landed. */
  l1Block: number;
}

/** A checkpoint came into the open window and was never worth a transaction. */
export interface PassedEntry {
  type: "passed";
  slot: number;
  digest: Hex;
  reason: string;
}

/** Settling credited the landing. */
export interface SettledEntry {
  type: "settled";
  digest: Hex;
  /** To this submitter's recipient; 0 where the credit went to another. */
  creditedWei: bigint;
}

/** A transaction beside the landings. `amountWei`: claimed, or bonded. */
export interface ErrandEntry {
  type: "errand";
  purpose: "claim" | "bond";
  hash: Hex;
  gasUsed: number;
  costWei: bigint;
  amountWei: bigint;
}

/** One line of a ledger. */
export type LedgerEntry = BidEntry | ResultEntry | PassedEntry | SettledEntry | ErrandEntry;
