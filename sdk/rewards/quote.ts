import type { RewardRules } from "./rules.ts";
import { BASIS, lesser } from "./rules.ts";

/** What L1 asks in one block. */
export interface L1Fees {
  /** Wei per gas. */
  baseFeeWei: bigint;
  /** Wei per blob gas. */
  blobBaseFeeWei: bigint;
}

const GAS_PER_BLOB = 131_072n;
/** No quote is higher: the most that fits its place in a log. */
export const MAX_QUOTE_WEI = 2n ** 96n - 1n;
/** From a fee of so many wei on, 72 million gwei, a quote is the highest one. */
const HIGHEST_FEE_WEI = 2n ** 56n;

/** Premium on the cost of a late landing, basis points. @param secondsIntoSlot Of the slot after the checkpoint's. */
export function premiumBps(rules: RewardRules, secondsIntoSlot: number): number {
  if (secondsIntoSlot < rules.successorWindowSeconds) return rules.premiumBps;
  const steps = Math.floor((secondsIntoSlot - rules.successorWindowSeconds) / rules.l1SlotSeconds) + 1;
  return Math.min(rules.premiumMaxBps, rules.premiumBps + steps * rules.premiumStepBps);
}

/** Cost of a landing with its premium, in wei, saturated at `MAX_QUOTE_WEI`. */
export function quote(rules: RewardRules, gas: number, fees: L1Fees, blobCount: number, premium: number): bigint {
  if (fees.baseFeeWei >= HIGHEST_FEE_WEI || fees.blobBaseFeeWei >= HIGHEST_FEE_WEI) return MAX_QUOTE_WEI;
  const executionWei = BigInt(gas) * (fees.baseFeeWei + rules.tipWei);
  const blobsWei = BigInt(blobCount) * GAS_PER_BLOB * fees.blobBaseFeeWei;
  return lesser(((executionWei + blobsWei) * (BASIS + BigInt(premium))) / BASIS, MAX_QUOTE_WEI);
}
