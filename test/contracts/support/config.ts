import { parseEther, ZeroAddress } from "ethers";
import type { RollupConfig } from "../../../sdk/get/config.ts";
import type { Hex } from "../../../sdk/types/hex.ts";

/** Start of slot 0 in the tests, Unix seconds: far ahead of any clock, so that every block's time is the test's. */
export const GENESIS_TIME = 2_100_000_000;

/** Mainnet timing, with bounds small enough to be reached. */
export const TEST_CONFIG: RollupConfig = {
  l2ChainId: 777,
  genesisTime: GENESIS_TIME,
  l1SlotSeconds: 12,
  slotSeconds: 72,
  epochSlots: 32,
  handoffWindowSeconds: 48,
  successorWindowSeconds: 24,
  challengeWindowEpochs: 1,
  evidenceWindowEpochs: 2,
  ringSize: 8,
  inboxLagSlots: 3,
  maxMessages: 4,
  maxBlobsPerCheckpoint: 3,
  minValidators: 1,
  maxValidators: 256,
  stakeWei: parseEther("1"),
  bondWei: parseEther("2"),
  minDepositWei: 1_000_000_000n,
  rewardWei: parseEther("0.01"),
  gasQuota: 48_000,
  gasQuotaBatch: 17_000,
  tipWei: 1_000_000_000n,
  premiumBps: 1_000,
  premiumStepBps: 500,
  premiumMaxBps: 1_800,
  burnBps: 1_000,
  capBps: 9_000,
  proverBps: 0,
  proofWindowEpochs: 0,
  refundWindowEpochs: 4,
  maxForced: 3,
  maxForcedBytes: 1_024,
  governor: ZeroAddress as Hex,
  verifier: ZeroAddress as Hex,
};

/** Four slots to an epoch: for tests that cross epochs. */
export const SHORT_EPOCHS: Partial<RollupConfig> = { epochSlots: 4, evidenceWindowEpochs: 1 };
