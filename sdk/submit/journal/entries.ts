import type { Hex } from "../../types/hex.ts";
import type { Fees } from "../types.ts";

/** Why a transaction was made: `cancel` spends the nonce on nothing. */
export type AttemptKind = "land" | "cancel";

/** The journal's first line: whose transactions these are. */
export interface OpenEntry {
  type: "open";
  version: number;
  chainId: number;
  account: Hex;
}

/** Written, and on disk, before the transaction leaves the process. */
export interface IntentEntry {
  type: "intent";
  nonce: number;
  hash: Hex;
  kind: AttemptKind;
  content: Hex;
  checkpoints: Hex[];
  fees: Fees;
  deadlineSec: number;
  /** L1 block number at which it was decided. */
  atBlock: number;
}

/** The node took it, or was seen to hold it. */
export interface AcceptedEntry {
  type: "accepted";
  hash: Hex;
  atBlock: number;
}

/** The node said no: the transaction is not live, and its price counts for nothing. */
export interface RefusedEntry {
  type: "refused";
  hash: Hex;
  reason: string;
}

/** No answer: it may be live. */
export interface UnansweredEntry {
  type: "unanswered";
  hash: Hex;
  reason: string;
}

/** An L1 block went by without it; kept to answer "was it underpriced, and by how much". */
export interface BlockPassedEntry {
  type: "passed";
  hash: Hex;
  blockNumber: number;
  baseFeeWei: bigint;
  blobBaseFeeWei: bigint;
  priorityFeeWei: bigint;
}

/** The nonce is spent on L1 and no receipt of ours was found at this block; believed once a later block agrees. */
export interface SpentEntry {
  type: "spent";
  nonce: number;
  blockNumber: number;
}

/** In the canonical chain at this place; written again when a reorg moves it. */
export interface MinedEntry {
  type: "mined";
  nonce: number;
  hash: Hex;
  blockNumber: number;
  blockHash: Hex;
  success: boolean;
  gasUsed: number;
  gasPriceWei: bigint;
  blobGasPriceWei?: bigint;
}

/** A reorg took it out of the canonical chain. */
export interface UnminedEntry {
  type: "unmined";
  nonce: number;
}

/** Nothing will change about this nonce any more. `foreign`: spent by a transaction that is not in the journal. */
export interface ClosedEntry {
  type: "closed";
  nonce: number;
  outcome: "mined" | "foreign";
}

/** Whatever happens to one of the account's transactions. */
export type TransactionEntry =
  | IntentEntry
  | AcceptedEntry
  | RefusedEntry
  | UnansweredEntry
  | BlockPassedEntry
  | SpentEntry
  | MinedEntry
  | UnminedEntry
  | ClosedEntry;

/** One line of a journal. */
export type JournalEntry = OpenEntry | TransactionEntry;
