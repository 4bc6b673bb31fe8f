/** Bounds of the pool; every one of them is enforced on `add`. */
export interface MempoolOptions {
  chainId: number;
  /** Gas limit of an L2 block: a transaction that asks for more can never be included. */
  blockGasLimit: bigint;
  /** Transactions in the pool, preconfirmed ones not counted. */
  maxTransactions: number;
  /** Sum of encoded transaction sizes, preconfirmed ones not counted. */
  maxBytes: number;
  maxPerAccount: number;
  /** Transactions of one account that wait for a lower nonce. */
  maxQueuedPerAccount: number;
  /** How far beyond the account's next nonce a waiting transaction may be. */
  maxNonceGap: number;
  maxTransactionBytes: number;
  /** A replacement must raise both fees, cap and tip, by at least this, rounded up. */
  replacementBumpPercent: bigint;
  /** A tip below this is refused, in wei per gas. */
  minPriorityFeePerGas: bigint;
  /** A transaction never shown in a block expires after this. */
  lifetimeMs: number;
  /** One whose fee cap stayed below the base fee of every block for this long leaves. */
  maxUnpayableMs: number;
  /** Authorizations (EIP-7702) in one transaction: the signer of each is recovered before anything is paid. */
  maxAuthorizations: number;
  /** Hashes whose fate is remembered after they left. */
  maxRemembered: number;
  /** Returned preconfirmed transactions beyond this many bytes come back as ordinary ones. */
  maxPreconfirmedBytes: number;
  /** Additions that wait for the engine's answer at one time; more are refused as "pool-full". */
  maxConcurrentAdds: number;
  /** Accounts not touched by a block that are re-read after it, in turn: their balance may fall without a nonce change. */
  refreshPerBlock: number;
}

export const DEFAULT_MEMPOOL_OPTIONS: Omit<MempoolOptions, "chainId"> = {
  blockGasLimit: 30_000_000n,
  maxTransactions: 10_000,
  maxBytes: 32 * 1024 * 1024,
  maxPerAccount: 64,
  maxQueuedPerAccount: 16,
  maxNonceGap: 64,
  maxTransactionBytes: 128 * 1024,
  replacementBumpPercent: 10n,
  minPriorityFeePerGas: 0n,
  lifetimeMs: 3 * 60 * 60 * 1000,
  // The base fee falls by an eighth a block at most: a cap it does not reach in ten minutes is far below it.
  maxUnpayableMs: 10 * 60 * 1000,
  maxAuthorizations: 64,
  maxRemembered: 16_384,
  // Three checkpoints of three blobs are about 1.1 MB compressed; this leaves room for a ratio of fifty.
  maxPreconfirmedBytes: 64 * 1024 * 1024,
  maxConcurrentAdds: 1024,
  refreshPerBlock: 64,
};
