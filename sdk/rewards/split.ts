import { lesser, type RewardRules, shareOf } from "./rules.ts";
import type { RewardTerms } from "./terms.ts";

/** Where one checkpoint's reward goes, in wei; the parts add up to `effectiveWei`. */
export interface Split {
  /** T_eff: the reward, or what was left of the pool. */
  effectiveWei: bigint;
  /** What the pool lacked of the reward. */
  missingWei: bigint;
  proverWei: bigint;
  proposerWei: bigint;
  /** To whoever the landing is credited to: the submitter's recipient, the successor, or the one the header names. */
  sharedWei: bigint;
  burnedWei: bigint;
}

/** What a split depends on besides the terms of the landing. */
export interface SplitInput {
  /** Reward of the checkpoint's epoch. */
  rewardWei: bigint;
  availableWei: bigint;
  /** The header's bound on an on-time share. */
  onTimeCapBps: number;
  /** The next checkpoint is for the next slot and past its challenge. */
  confirmed: boolean;
  /** A verifier is set, so that there is somebody who proved it. */
  proven: boolean;
}

/** Splits the reward of one checkpoint. */
export function splitReward(rules: RewardRules, terms: RewardTerms, input: SplitInput): Split {
  const effectiveWei = lesser(input.rewardWei, input.availableWei);
  const missingWei = input.rewardWei - effectiveWei;
  const proverWei = input.proven ? shareOf(effectiveWei, rules.proverBps) : 0n;
  const left = effectiveWei - proverWei;
  const split = terms.late ? splitLate(rules, terms, left, input.confirmed) : splitOnTime(terms, left, input);
  return { effectiveWei, missingWei, proverWei, ...split };
}

type Shares = Pick<Split, "proposerWei" | "sharedWei" | "burnedWei">;

function splitOnTime({ shared, chargedWei }: RewardTerms, wei: bigint, { onTimeCapBps }: SplitInput): Shares {
  const sharedWei = shared ? lesser(chargedWei, shareOf(wei, onTimeCapBps)) : 0n;
  return { proposerWei: wei - sharedWei, sharedWei, burnedWei: 0n };
}

/** The proposer is charged the quote, whatever the submitter is paid of it; not confirmed, nothing is left to it. */
function splitLate(rules: RewardRules, terms: RewardTerms, wei: bigint, confirmed: boolean): Shares {
  const lateness = shareOf(wei, rules.burnBps);
  const charge = lesser(terms.chargedWei, shareOf(wei, rules.capBps));
  const sharedWei = lesser(terms.paidWei + (terms.batched ? shortfall(rules, terms, wei) : 0n), charge);
  const proposerWei = confirmed ? wei - lateness - charge : 0n;
  return { proposerWei, sharedWei, burnedWei: wei - sharedWei - proposerWei };
}

/**
 * What a landing is quoted at above a reward and its premium: with fees that high, the next checkpoint in the call is
 * landed at a loss, and nobody would land either.
 */
function shortfall({ premiumBps }: RewardRules, { chargedWei }: RewardTerms, wei: bigint): bigint {
  const enough = wei + shareOf(wei, premiumBps);
  return chargedWei > enough ? chargedWei - enough : 0n;
}
