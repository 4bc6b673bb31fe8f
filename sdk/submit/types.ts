import type { BlobSidecar } from "../blob/kzg.ts";
import type { Hex } from "../types/hex.ts";

/** What one transaction offers. `maxFeePerBlobGasWei` is undefined exactly when it carries no blob. */
export interface Fees {
  maxFeePerGasWei: bigint;
  /** Never above `maxFeePerGasWei`: nodes refuse that. */
  maxPriorityFeePerGasWei: bigint;
  maxFeePerBlobGasWei: bigint | undefined;
}

/** What the decision needs to know of a submission; `SubmitRequest` adds the bytes. */
export interface RequestTerms {
  /**
   * Identity of the content: equal for two requests exactly when destination, calldata, value, blobs and, where one is
   * given, the occasion are equal.
   */
  content: Hex;
  /** Digests of the checkpoints that this transaction lands, 32 bytes each; empty for anything but a submission. */
  checkpoints: Hex[];
  blobCount: number;
  /** Expected gas, used to price the bid; the limit sent comes from the simulation. */
  gasEstimate: bigint;
  /** First second (Unix) at which an L1 block may hold it without a revert. */
  notBeforeSec: number;
  /** Last second (Unix) at which an L1 block may hold it. */
  deadlineSec: number;
  /** What landing is worth to the sender: no bid is expected to pay more. Undefined: only the caps bind. */
  valueAtStakeWei: bigint | undefined;
  /** `withdraw` takes the transaction back: nothing is sent for it any more, and what is live is cancelled. */
  intent: "land" | "withdraw";
}

/** A transaction that the caller wants on L1. */
export interface SubmitRequest extends RequestTerms {
  to: Hex;
  data: Hex;
  valueWei: bigint;
  blobs: BlobSidecar[];
}

/** L1 prices for the next block. */
export interface Market {
  /** Exact by EIP-1559 from the latest block. */
  nextBaseFeeWei: bigint;
  priorityFeeWei: bigint;
  blobBaseFeeWei: bigint;
}

/** Where a hash of ours was found in the canonical L1 chain. */
export interface MinedReceipt {
  hash: Hex;
  blockNumber: number;
  blockHash: Hex;
  /** False if the transaction reverted, or if it succeeded without landing what it was to land. */
  success: boolean;
  gasUsed: number;
  gasPriceWei: bigint;
  /** Undefined without blobs. */
  blobGasPriceWei: bigint | undefined;
}

/** L1 as one step sees it. The nonces are read before the receipts, so that a consumed nonce has its receipt. */
export interface NetworkView {
  blockNumber: number;
  /** Timestamp of that block, Unix seconds. */
  blockTimeSec: number;
  /** Base fee that transactions in that block paid. */
  blockBaseFeeWei: bigint;
  market: Market;
  /** Transactions of the account in the canonical chain. */
  latestNonce: number;
  /** The same, those in the node's pool included. */
  pendingNonce: number;
  /** Hashes of ours that the node holds in its pool. */
  pooled: ReadonlySet<Hex>;
  /** Receipts of all our hashes that are in the canonical chain. */
  receipts: ReadonlyMap<Hex, MinedReceipt>;
}
