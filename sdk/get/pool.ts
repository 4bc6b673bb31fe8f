import type { BlockTag } from "ethers";
import type { Budget, Pool } from "../rewards/budget.ts";
import { type RollupRef, view } from "./view.ts";

/** What the next checkpoints to settle are paid from: what `settle` of the reward rules takes. */
export interface RewardPool {
  /** At the settled tip; `nextBudget` counts `budgets`, so it is 0. */
  pool: Pool;
  /** Those that are not in force at the settled tip yet, ascending by epoch. */
  budgets: Budget[];
}

/** The pool at the settled tip, and the budgets that will count after it. */
export async function getRewardPool(ref: RollupRef, at: BlockTag = "latest"): Promise<RewardPool> {
  const [availableWei, rewardWei, next] = (await view(ref, "pool", [], at)) as unknown as [bigint, bigint, bigint];
  const [count] = (await view(ref, "budgetCount", [], at)) as unknown as [bigint];
  const first = Number(next) - 1;
  const held = await Promise.all(
    Array.from({ length: Number(count) - first }, (_, index) => budgetAt(ref, first + index, at)),
  );
  // The contract keeps sums: what one budget adds is what it has more than the one before.
  const budgets = held.slice(1).map((budget, index) => ({
    ...budget,
    fundedWei: budget.fundedWei - (held[index]?.fundedWei ?? 0n),
  }));
  return { pool: { availableWei, rewardWei, nextBudget: 0 }, budgets };
}

/** Reward of a checkpoint of an epoch, if the pool holds as much; from two epochs ahead on it may still change. */
export async function getReward(ref: RollupRef, epoch: number, at: BlockTag = "latest"): Promise<bigint> {
  const [reward] = (await view(ref, "rewardOf", [epoch], at)) as unknown as [bigint];
  return reward;
}

async function budgetAt(ref: RollupRef, index: number, at: BlockTag): Promise<Budget> {
  const [[fromEpoch, rewardWei, fundedWei]] = (await view(ref, "budget", [index], at)) as unknown as [
    [bigint, bigint, bigint],
  ];
  return { fromEpoch: Number(fromEpoch), rewardWei, fundedWei };
}
