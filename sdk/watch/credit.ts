import type { RewardRules } from "../rewards/rules.ts";
import { splitReward } from "../rewards/split.ts";
import { termsOfLanding } from "../rewards/terms.ts";
import type { Market } from "../submit/types.ts";
import type { CheckpointHeader } from "../types/header.ts";
import type { Hex } from "../types/hex.ts";
import type { LandingRole } from "./window.ts";

/** The reward of a checkpoint, and what the pool has to pay it from. */
export interface RewardAtHand {
  /** Reward of the epoch of the checkpoint's slot, wei. */
  rewardWei: bigint;
  /** What the pool will hold when the checkpoint settles, wei. */
  availableWei: bigint;
  /** A verifier is set, and whoever proves is paid first. */
  proven: boolean;
}

/** Whose credit is asked for, and of which checkpoint. */
export interface CreditTerms extends RewardAtHand {
  header: CheckpointHeader;
  blobCount: number;
  /** Whom the submission names. */
  recipient: Hex;
}

/**
 * What settling will credit to the recipient if the checkpoint lands, alone, in an L1 block with that time and those
 * prices: nothing on time unless the header names it, nothing in the successor's window.
 */
export function creditOf(
  rules: RewardRules,
  terms: CreditTerms,
  block: { timeSec: number; role: LandingRole },
  market: Market,
): bigint {
  const { header, blobCount, recipient } = terms;
  const namesRecipient = BigInt(header.onTimeRecipient) !== 0n;
  const isOurs = block.role === "open" || (block.role === "onTime" && header.onTimeRecipient === recipient);
  if (!isOurs) return 0n;
  const landing = termsOfLanding(rules, {
    slot: header.slot,
    timeSec: block.timeSec,
    fees: { baseFeeWei: market.nextBaseFeeWei, blobBaseFeeWei: market.blobBaseFeeWei },
    blobCount,
    followed: false,
    refilled: false,
    namesRecipient,
  });
  if (landing === undefined) return 0n;
  // Whether the next checkpoint confirms it changes what the proposer gets, not this.
  return splitReward(rules, landing, { ...terms, onTimeCapBps: header.onTimeCapBps, confirmed: false }).sharedWei;
}
