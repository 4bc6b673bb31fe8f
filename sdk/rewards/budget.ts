/** A change of the reward or of the pool. It counts from an epoch on, so that no payout before it can change. */
export interface Budget {
  fromEpoch: number;
  /** Reward T of a checkpoint from that epoch on. */
  rewardWei: bigint;
  /** Added to the pool. */
  fundedWei: bigint;
}

/** The pool as it stands at the settled tip. */
export interface Pool {
  availableWei: bigint;
  rewardWei: bigint;
  /** Index of the first budget that has not been taken in. */
  nextBudget: number;
}

/** Epochs between a change and the first checkpoint it counts for. */
const BUDGET_DELAY_EPOCHS = 2;

/** Budgets after somebody added to the pool. @param genesisRewardWei Reward in force before the first budget. */
export function fund(budgets: readonly Budget[], epoch: number, wei: bigint, genesisRewardWei: bigint): Budget[] {
  return change(budgets, epoch, genesisRewardWei, (budget) => ({ ...budget, fundedWei: budget.fundedWei + wei }));
}

/** Budgets after the governor set another reward. */
export function setReward(budgets: readonly Budget[], epoch: number, rewardWei: bigint): Budget[] {
  return change(budgets, epoch, rewardWei, (budget) => ({ ...budget, rewardWei }));
}

/** Changes made in one epoch are one budget. */
function change(
  budgets: readonly Budget[],
  epoch: number,
  genesisRewardWei: bigint,
  apply: (budget: Budget) => Budget,
): Budget[] {
  const fromEpoch = epoch + BUDGET_DELAY_EPOCHS;
  const last = budgets.at(-1);
  if (last?.fromEpoch === fromEpoch) return [...budgets.slice(0, -1), apply(last)];
  return [...budgets, apply({ fromEpoch, rewardWei: last?.rewardWei ?? genesisRewardWei, fundedWei: 0n })];
}

/** The pool once every budget that counts for an epoch is taken in. */
export function takeInBudgets(pool: Pool, budgets: readonly Budget[], epoch: number): Pool {
  let { availableWei, rewardWei, nextBudget } = pool;
  for (let budget = budgets[nextBudget]; budget && budget.fromEpoch <= epoch; budget = budgets[nextBudget]) {
    availableWei += budget.fundedWei;
    rewardWei = budget.rewardWei;
    nextBudget++;
  }
  return { availableWei, rewardWei, nextBudget };
}
