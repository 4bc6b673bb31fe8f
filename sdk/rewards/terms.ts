import type { LandingTerms } from "../get/terms.ts";
import { type L1Fees, premiumBps, quote } from "./quote.ts";
import type { RewardRules } from "./rules.ts";

/** The part of a landing's terms that its reward depends on. */
export interface RewardTerms extends Pick<LandingTerms, "late" | "successor" | "batched" | "chargedWei" | "paidWei"> {
  /** On time, and the header names somebody to share with. */
  shared: boolean;
}

/** One checkpoint as it reaches L1. */
export interface LandingInput {
  slot: number;
  /** Timestamp of the L1 block, Unix seconds. */
  timeSec: number;
  fees: L1Fees;
  blobCount: number;
  /** Another checkpoint lands in the same call after it. */
  followed: boolean;
  /** The slot lands again after a rollback, which counts as on time. */
  refilled: boolean;
  /** The header names an on-time recipient. */
  namesRecipient: boolean;
}

/**
 * On what terms a checkpoint lands.
 * @returns undefined when it lands on none: outside its slot and its handoff window.
 */
export function termsOfLanding(rules: RewardRules, landing: LandingInput): RewardTerms | undefined {
  const { slot, timeSec, fees, blobCount, followed, refilled, namesRecipient } = landing;
  const sinceGenesis = timeSec - rules.genesisTime;
  const currentSlot = Math.floor(sinceGenesis / rules.slotSeconds);
  const secondsIntoSlot = sinceGenesis - currentSlot * rules.slotSeconds;
  const inWindow = slot + 1 === currentSlot && secondsIntoSlot < rules.handoffWindowSeconds;
  if (slot !== currentSlot && !inWindow) return undefined;

  const quoted = (gas: number, premium: number): bigint => quote(rules, gas, fees, blobCount, premium);
  if (slot === currentSlot || refilled) {
    const chargedWei = namesRecipient ? quoted(rules.gasQuota, rules.premiumBps) : 0n;
    const onTime = { late: false, successor: false, batched: false, shared: namesRecipient };
    return { ...onTime, chargedWei, paidWei: chargedWei };
  }
  const premium = premiumBps(rules, secondsIntoSlot);
  return {
    late: true,
    successor: secondsIntoSlot < rules.successorWindowSeconds,
    batched: followed,
    shared: false,
    chargedWei: quoted(rules.gasQuota, premium),
    // In a batch the premium is the next checkpoint, which lands only if this one does.
    paidWei: followed ? quoted(rules.gasQuotaBatch, 0) : quoted(rules.gasQuota, premium),
  };
}
