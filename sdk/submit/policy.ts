import type { Fees } from "./types.ts";

/** How one account bids on L1. Caps are applied last, to every transaction. */
export interface SubmitPolicy {
  l1SlotSeconds: number;
  /** True for a development node that makes a block for each transaction; false on any real L1. */
  minesOnArrival: boolean;
  /** No transaction offers more than these. */
  caps: { maxFeePerGasWei: bigint; maxPriorityFeePerGasWei: bigint; maxFeePerBlobGasWei: bigint };
  /** Tip when the node's suggestion is lower. */
  minPriorityFeeWei: bigint;
  /** Used until a fee call has succeeded once; afterwards the last known value is. */
  fallback: { priorityFeeWei: bigint; blobBaseFeeWei: bigint };
  /** How many full L1 blocks in a row a first bid must survive without a replacement. */
  headroomBlocks: number;
  /** A fairly priced transaction is left alone for this many L1 blocks before it is bumped. */
  patienceBlocks: number;
  /** L1 blocks, the one that holds it included, after which a transaction is final for the journal. */
  confirmations: number;
  /** Transactions accepted for one nonce; at the limit the manager waits. */
  maxAttempts: number;
  /** The node's refusals in a row for one content, and reverts of one content, before it is given up. */
  maxFailures: number;
  /** Gas limit = simulated gas * (1 + this / 10,000), unless the simulation names one. */
  gasMarginBps: number;
  /** Proofs in the blob sidecar: 0 = one per blob (EIP-4844), 1 = one per cell (EIP-7594). */
  blobWrapperVersion: 0 | 1;
}

const GWEI = 1_000_000_000n;

/** For a mainnet L1 with slots of 12 s. */
export const DEFAULT_POLICY: SubmitPolicy = {
  l1SlotSeconds: 12,
  minesOnArrival: false,
  caps: { maxFeePerGasWei: 500n * GWEI, maxPriorityFeePerGasWei: 100n * GWEI, maxFeePerBlobGasWei: 1_000n * GWEI },
  minPriorityFeeWei: GWEI,
  fallback: { priorityFeeWei: 2n * GWEI, blobBaseFeeWei: 10n * GWEI },
  // Six blocks of 12 s are one rollup slot: a submission on time need not be replaced for base fees alone.
  headroomBlocks: 6,
  patienceBlocks: 2,
  confirmations: 3,
  maxAttempts: 16,
  maxFailures: 2,
  gasMarginBps: 2_000,
  blobWrapperVersion: 1,
};

/** The three caps in the shape of an offer, with or without a blob. */
export function capsAsFees(policy: SubmitPolicy, blob: boolean): Fees {
  return {
    maxFeePerGasWei: policy.caps.maxFeePerGasWei,
    maxPriorityFeePerGasWei: policy.caps.maxPriorityFeePerGasWei,
    maxFeePerBlobGasWei: blob ? policy.caps.maxFeePerBlobGasWei : undefined,
  };
}
