import type { LandingTerms } from "../get/terms.ts";
import type { Hex } from "../types/hex.ts";
import { type Budget, type Pool, takeInBudgets } from "./budget.ts";
import type { RewardRules } from "./rules.ts";
import { type Split, splitReward } from "./split.ts";
import type { RewardTerms } from "./terms.ts";

/** What settling needs of a landed checkpoint. */
export interface RewardLog extends RewardTerms, Pick<LandingTerms, "number" | "slot" | "timeSec" | "verified"> {
  coinbase: Hex;
  /** Paid for a late landing, unless the credit is the successor's. */
  recipient: Hex;
  /** Whom the header names for an on-time landing. */
  onTimeRecipient: Hex;
  onTimeCapBps: number;
}

/** What settling finds on L1. */
export interface SettlementState {
  settledNumber: number;
  /** Number of the last checkpoint landed. */
  tipNumber: number;
  /** Number of the last checkpoint proven; undefined where no verifier is set. */
  provenNumber: number | undefined;
  pool: Pool;
  budgets: readonly Budget[];
}

/** What one checkpoint pays to whom. */
export interface Payout extends Split {
  number: number;
  slot: number;
  proposer: Hex;
  /** Who gets `sharedWei`; undefined when nothing is shared. */
  sharedWith: Hex | undefined;
}

/** What a settlement comes to. */
export interface Settlement {
  payouts: Payout[];
  pool: Pool;
  settledNumber: number;
}

/**
 * Walks landed checkpoints from the settled tip and pays each one that can settle; stops at the first that cannot.
 * @param logs Consecutive numbers, the first of them the one after the settled tip. The last may be there only to tell
 * whether the one before it is confirmed.
 */
export function settle(
  rules: RewardRules,
  state: SettlementState,
  logs: readonly RewardLog[],
  nowSec: number,
): Settlement {
  let { pool, settledNumber } = state;
  const payouts: Payout[] = [];
  for (const [index, log] of logs.entries()) {
    const child = logs[index + 1];
    if (!canSettle(rules, state, log, child, nowSec)) break;
    pool = takeInBudgets(pool, state.budgets, Math.floor(log.slot / rules.epochSlots));
    const payout = payOne(rules, pool, log, child, state.provenNumber !== undefined);
    pool = { ...pool, availableWei: pool.availableWei - payout.effectiveWei };
    payouts.push(payout);
    settledNumber = log.number;
  }
  return { payouts, pool, settledNumber };
}

/** What payouts add to each account. @param prover Whoever proved these checkpoints; undefined where nobody does. */
export function creditsOf(payouts: readonly Payout[], prover: Hex | undefined): Map<Hex, bigint> {
  const credits = new Map<Hex, bigint>();
  const add = (account: Hex | undefined, wei: bigint): void => {
    if (account !== undefined && wei > 0n) credits.set(account, (credits.get(account) ?? 0n) + wei);
  };
  for (const { proposer, proposerWei, sharedWith, sharedWei, proverWei } of payouts) {
    add(proposer, proposerWei);
    add(sharedWith, sharedWei);
    add(prover, proverWei);
  }
  return credits;
}

function payOne(
  rules: RewardRules,
  { rewardWei, availableWei }: Pool,
  log: RewardLog,
  child: RewardLog | undefined,
  proven: boolean,
): Payout {
  const confirmed = child !== undefined && child.slot === log.slot + 1;
  const { number, slot, coinbase, onTimeCapBps } = log;
  const split = splitReward(rules, log, { rewardWei, availableWei, onTimeCapBps, confirmed, proven });
  return { number, slot, proposer: coinbase, sharedWith: sharedWith(log, confirmed ? child : undefined), ...split };
}

/** In the successor's window the share belongs to the successor, whoever sent the transaction. */
function sharedWith(log: RewardLog, confirming: RewardLog | undefined): Hex | undefined {
  if (log.late) return log.successor && confirming ? confirming.coinbase : log.recipient;
  return log.shared ? log.onTimeRecipient : undefined;
}

/** Final against challenge, proven where that is asked, and nothing can change any more whether it is confirmed. */
function canSettle(
  rules: RewardRules,
  { tipNumber, provenNumber }: SettlementState,
  log: RewardLog,
  child: RewardLog | undefined,
  nowSec: number,
): boolean {
  if (provenNumber !== undefined && log.number > provenNumber) return false;
  if (!isFinal(rules, log, nowSec)) return false;
  if (!log.late) return true;
  const windowOfChildEnds = rules.genesisTime + (log.slot + 2) * rules.slotSeconds + rules.handoffWindowSeconds;
  if (nowSec < windowOfChildEnds) return false;
  if (log.number === tipNumber) return true;
  if (child === undefined) return false;
  const childStays = isFinal(rules, child, nowSec) && (provenNumber === undefined || child.number <= provenNumber);
  return child.slot !== log.slot + 1 || childStays;
}

/** Past its challenge, or never open to one. */
function isFinal(rules: RewardRules, { verified, timeSec }: RewardLog, nowSec: number): boolean {
  const windowSeconds = rules.challengeWindowEpochs * rules.epochSlots * rules.slotSeconds;
  return verified || nowSec >= timeSec + windowSeconds;
}
