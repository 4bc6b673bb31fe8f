/** The constants of a deployment that rewards depend on; a `RollupConfig` is one. */
export interface RewardRules {
  /** Start of slot 0, Unix seconds. */
  genesisTime: number;
  l1SlotSeconds: number;
  slotSeconds: number;
  epochSlots: number;
  /** A checkpoint lands late while fewer seconds of the next slot have passed. */
  handoffWindowSeconds: number;
  /** Seconds of the handoff window whose credit is the successor's. */
  successorWindowSeconds: number;
  challengeWindowEpochs: number;
  /** Gas a late landing is quoted at, alone and in one call with the next checkpoint. */
  gasQuota: number;
  gasQuotaBatch: number;
  /** Priority fee a quote assumes, wei per gas. */
  tipWei: bigint;
  /** Premium on a quote in the successor's window, its growth per L1 slot after it, and its bound. */
  premiumBps: number;
  premiumStepBps: number;
  premiumMaxBps: number;
  /** Slice of the reward that a late landing burns. */
  burnBps: number;
  /** Most that a late landing may cost the proposer; with `burnBps` at most 10,000. */
  capBps: number;
  /** Share of whoever proves, where a verifier is set. */
  proverBps: number;
}

/** Basis points of the whole. */
export const BASIS = 10_000n;

/** A share of an amount, rounded down. */
export const shareOf = (wei: bigint, bps: number): bigint => (wei * BigInt(bps)) / BASIS;

/** The lesser of two amounts. */
export const lesser = (a: bigint, b: bigint): bigint => (a < b ? a : b);
