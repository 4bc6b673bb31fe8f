import type { TransactionEntry } from "../../../sdk/submit/journal/entries.ts";
import { EMPTY_STATE, type JournalState, reduce } from "../../../sdk/submit/journal/state.ts";
import { DEFAULT_POLICY, type SubmitPolicy } from "../../../sdk/submit/policy.ts";
import type { Fees, NetworkView, RequestTerms } from "../../../sdk/submit/types.ts";
import type { Hex } from "../../../sdk/types/hex.ts";

export const GWEI = 1_000_000_000n;

/** A 32-byte word that can be told from others. */
export const word = (n: number): Hex => `0x${n.toString(16).padStart(64, "0")}`;

export const POLICY: SubmitPolicy = { ...DEFAULT_POLICY, confirmations: 3, maxFailures: 2, patienceBlocks: 2 };

/** L1 at block 100, time 1,200, prices 10 gwei, tip 1 gwei, blob 3 gwei; the account has sent 5 transactions. */
export function networkView(changes: Partial<NetworkView> = {}): NetworkView {
  return {
    blockNumber: 100,
    blockTimeSec: 1_200,
    blockBaseFeeWei: 10n * GWEI,
    market: { nextBaseFeeWei: 10n * GWEI, priorityFeeWei: GWEI, blobBaseFeeWei: 3n * GWEI },
    latestNonce: 5,
    pendingNonce: 5,
    pooled: new Set(),
    receipts: new Map(),
    ...changes,
  };
}

/** One checkpoint with one blob, wanted in the six L1 blocks from 1,212 to 1,272. */
export function terms(changes: Partial<RequestTerms> = {}): RequestTerms {
  return {
    content: word(0xa),
    checkpoints: [word(1)],
    blobCount: 1,
    gasEstimate: 50_000n,
    notBeforeSec: 1_212,
    deadlineSec: 1_272,
    valueAtStakeWei: undefined,
    intent: "land",
    ...changes,
  };
}

/** What the bid for `terms` was when it went out in a cheap market. */
export const BLOB_FEES: Fees = {
  maxFeePerGasWei: 20n * GWEI,
  maxPriorityFeePerGasWei: GWEI,
  maxFeePerBlobGasWei: 6n * GWEI,
};

/** Entries of one transaction, accepted at the block it was sent at. */
export function sent(
  nonce: number,
  hash: number,
  changes: Partial<Extract<TransactionEntry, { type: "intent" }>> = {},
): TransactionEntry[] {
  const intent: Extract<TransactionEntry, { type: "intent" }> = {
    type: "intent",
    nonce,
    hash: word(hash),
    kind: "land",
    content: word(0xa),
    checkpoints: [word(1)],
    fees: BLOB_FEES,
    deadlineSec: 1_272,
    atBlock: 99,
    ...changes,
  };
  return [intent, { type: "accepted", hash: intent.hash, atBlock: intent.atBlock }];
}

export function mined(nonce: number, hash: number, blockNumber: number, success = true): TransactionEntry {
  const place = { blockNumber, blockHash: word(0xb000 + blockNumber) };
  return { type: "mined", nonce, hash: word(hash), ...place, success, gasUsed: 48_000, gasPriceWei: 11n * GWEI };
}

export const stateOf = (...entries: TransactionEntry[]): JournalState => entries.reduce(reduce, EMPTY_STATE);
