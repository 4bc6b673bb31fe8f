import type { RewardRules } from "../rewards/rules.ts";

/**
 * Whose landing a block is.
 * - `onTime`: the proposer's, or whoever's the header names to share with.
 * - `successor`: anybody may land it, the credit goes to the next slot's proposer.
 * - `open`: the credit goes to the recipient that the submission names.
 */
export type LandingRole = "onTime" | "successor" | "open";

/** An L1 block that can hold a checkpoint. */
export interface LandingBlock {
  /** Unix seconds. */
  timeSec: number;
  role: LandingRole;
}

/** The constants that windows follow from; a `RollupConfig` holds them. */
export type WindowRules = Pick<
  RewardRules,
  "genesisTime" | "l1SlotSeconds" | "slotSeconds" | "handoffWindowSeconds" | "successorWindowSeconds"
>;

/** First second of a slot at which the window of the checkpoint before it is over. */
export function windowEnd(rules: WindowRules, slot: number): number {
  return rules.genesisTime + (slot + 1) * rules.slotSeconds + rules.handoffWindowSeconds;
}

/**
 * The L1 blocks left in which a checkpoint of `slot` can land, in order.
 * @param fromSec Timestamp of the next L1 block, which every later one follows in L1 slots; blocks before the
 * checkpoint's slot are passed over.
 */
export function landingBlocks(rules: WindowRules, slot: number, fromSec: number): LandingBlock[] {
  const starts = rules.genesisTime + slot * rules.slotSeconds;
  const skipped = Math.max(0, Math.ceil((starts - fromSec) / rules.l1SlotSeconds));
  const blocks: LandingBlock[] = [];
  for (let timeSec = fromSec + skipped * rules.l1SlotSeconds; timeSec < windowEnd(rules, slot); ) {
    blocks.push({ timeSec, role: landingRole(rules, slot, timeSec) });
    timeSec += rules.l1SlotSeconds;
  }
  return blocks;
}

/** Whose landing of a checkpoint of `slot` an L1 block at that time would be, if it is in the window. */
export function landingRole(rules: WindowRules, slot: number, timeSec: number): LandingRole {
  const seconds = timeSec - rules.genesisTime - slot * rules.slotSeconds;
  if (seconds < rules.slotSeconds) return "onTime";
  return seconds < rules.slotSeconds + rules.successorWindowSeconds ? "successor" : "open";
}
