import { ZeroAddress } from "ethers";
import type { RollupConfig } from "../get/config.ts";
import { getReward, getRewardPool } from "../get/pool.ts";
import { getSettledTip, getTips } from "../get/tips.ts";
import type { RollupRef } from "../get/view.ts";
import { takeInBudgets } from "../rewards/budget.ts";
import { max } from "../submit/fees.ts";
import type { RewardAtHand } from "../watch/credit.ts";

/**
 * What will be there to pay a checkpoint for a slot that lands next: the reward of its epoch, and what the pool holds
 * then, after every unsettled checkpoint before it has been paid as much.
 */
export async function rewardAtHand(ref: RollupRef, config: RollupConfig, slot: number): Promise<RewardAtHand> {
  const epoch = Math.floor(slot / config.epochSlots);
  const [rewardWei, { pool, budgets }, tip, settled] = await Promise.all([
    getReward(ref, epoch),
    getRewardPool(ref),
    getTips(ref),
    getSettledTip(ref),
  ]);
  const { availableWei } = takeInBudgets(pool, budgets, epoch);
  const before = BigInt(tip.number - settled.number) * rewardWei;
  return { rewardWei, availableWei: max(0n, availableWei - before), proven: config.verifier !== ZeroAddress };
}
