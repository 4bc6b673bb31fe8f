import { expect } from "chai";
import { type Budget, fund, setReward, takeInBudgets } from "../../../sdk/rewards/budget.ts";

describe("budgets", () => {
  const pool = { availableWei: 5n, rewardWei: 10n, nextBudget: 0 };

  it("count two epochs after the call that made them", () => {
    const budgets = fund([], 3, 100n, 10n);
    expect(takeInBudgets(pool, budgets, 4)).to.deep.equal(pool);
    expect(takeInBudgets(pool, budgets, 5)).to.deep.equal({ availableWei: 105n, rewardWei: 10n, nextBudget: 1 });
  });

  it("of one epoch are one, whatever the order of the calls", () => {
    const merged: Budget[] = [{ fromEpoch: 5, rewardWei: 20n, fundedWei: 130n }];
    expect(fund(setReward(fund([], 3, 100n, 10n), 3, 20n), 3, 30n, 10n)).to.deep.equal(merged);
    expect(setReward(fund(fund([], 3, 100n, 10n), 3, 30n, 10n), 3, 20n)).to.deep.equal(merged);
  });

  it("keep the reward last set when money comes later", () => {
    const budgets = fund(setReward([], 1, 20n), 4, 7n, 10n);
    expect(budgets.at(-1)).to.deep.equal({ fromEpoch: 6, rewardWei: 20n, fundedWei: 7n });
  });

  it("are taken in once each, several at a time", () => {
    const budgets = setReward(fund(fund([], 0, 1n, 10n), 1, 2n, 10n), 9, 30n);
    const after = takeInBudgets(pool, budgets, 8);
    expect(after).to.deep.equal({ availableWei: 8n, rewardWei: 10n, nextBudget: 2 });
    expect(takeInBudgets(after, budgets, 8)).to.deep.equal(after);
    expect(takeInBudgets(after, budgets, 11)).to.deep.equal({ availableWei: 8n, rewardWei: 30n, nextBudget: 3 });
  });
});
