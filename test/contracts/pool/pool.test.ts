import { expect } from "chai";
import { parseEther } from "ethers";
import { ACCOUNTS, eventsOf, fixtureOf, type TestRollup } from "../fixture.ts";
import { SHORT_EPOCHS } from "../support/config.ts";
import { addressOf } from "../support/l1.ts";
import { reverts } from "../support/reverts.ts";

const { stranger, otherBonded: governor, unbonded } = ACCOUNTS;
const POOL_WEI = parseEther("3");
const EPOCH_SLOTS = 4;
const MAX_WEI = 2n ** 96n - 1n;

const load = fixtureOf({ poolWei: POOL_WEI, config: { ...SHORT_EPOCHS, governor: addressOf(governor) } });

const inEpoch = (test: TestRollup, epoch: number): { timeSec: number } => ({ timeSec: test.time(epoch * EPOCH_SLOTS) });
const fund = (test: TestRollup, epoch: number, valueWei: bigint, from = stranger) =>
  test.call(from, "fund", [], { valueWei, ...inEpoch(test, epoch) });
const setReward = (test: TestRollup, epoch: number, rewardWei: bigint) =>
  test.call(governor, "setReward", [rewardWei], inEpoch(test, epoch));

async function budgets(test: TestRollup): Promise<bigint[][]> {
  const count = Number(await test.rollup.budgetCount());
  return Promise.all(Array.from({ length: count }, async (_, index) => [...(await test.rollup.budget(index))]));
}

describe("pool", () => {
  it("starts with what the deployment sent beyond the stakes, and the reward of the constants", async () => {
    const test = await load();
    const { rewardWei } = test.config;
    expect(await test.rollup.pool()).to.deep.equal([POOL_WEI, rewardWei, 1n]);
    expect(await budgets(test)).to.deep.equal([[0n, rewardWei, POOL_WEI]]);
  });

  describe("fund", () => {
    it("adds what is sent two epochs ahead, whoever sends it, and tells", async () => {
      const test = await load();
      const mined = await fund(test, 5, 7n);
      expect(await budgets(test)).to.deep.equal([
        [0n, test.config.rewardWei, POOL_WEI],
        [7n, test.config.rewardWei, POOL_WEI + 7n],
      ]);
      expect(eventsOf(mined)[0]).to.include({
        type: "funded",
        funder: addressOf(stranger),
        amountWei: 7n,
        fromEpoch: 7,
      });
      expect(await test.rollup.pool()).to.deep.equal([POOL_WEI, test.config.rewardWei, 1n]);
    });

    it("counts from epoch 2 on before genesis, as in epoch 0", async () => {
      const test = await load();
      await test.call(stranger, "fund", [], { valueWei: 5n });
      await fund(test, 0, 6n);
      expect(await budgets(test)).to.deep.equal([
        [0n, test.config.rewardWei, POOL_WEI],
        [2n, test.config.rewardWei, POOL_WEI + 11n],
      ]);
    });

    it("makes one budget of all that is funded in an epoch, to its last second", async () => {
      const test = await load();
      await fund(test, 3, 1n);
      await fund(test, 3, 2n, unbonded);
      await test.call(stranger, "fund", [], { valueWei: 4n, timeSec: test.time(4 * EPOCH_SLOTS, -1) });
      await fund(test, 4, 8n);
      expect(await budgets(test)).to.deep.equal([
        [0n, test.config.rewardWei, POOL_WEI],
        [5n, test.config.rewardWei, POOL_WEI + 7n],
        [6n, test.config.rewardWei, POOL_WEI + 15n],
      ]);
    });

    it("takes no call without ether", async () => {
      const test = await load();
      await reverts(test.attempt(stranger, "fund", []), "Pool__NothingFunded", {});
    });

    it("takes no more in all than fits 96 bits", async () => {
      const test = await load();
      const { networkHelpers } = test.connection;
      await networkHelpers.setBalance(stranger.address, MAX_WEI * 2n);
      const most = MAX_WEI - POOL_WEI;
      await reverts(test.attempt(stranger, "fund", [], { valueWei: most + 1n }), "Pool__FundedTooMuch", {
        fundedWei: MAX_WEI + 1n,
        maximumWei: MAX_WEI,
      });
      await test.call(stranger, "fund", [], { valueWei: most });
      expect((await test.rollup.budget(1)).fundedWei).to.equal(MAX_WEI);
    });
  });

  describe("setReward", () => {
    it("sets the reward two epochs ahead, and tells", async () => {
      const test = await load();
      const mined = await setReward(test, 5, 9n);
      expect(await budgets(test)).to.deep.equal([
        [0n, test.config.rewardWei, POOL_WEI],
        [7n, 9n, POOL_WEI],
      ]);
      expect(eventsOf(mined)[0]).to.include({ type: "reward-set", rewardWei: 9n, fromEpoch: 7 });
    });

    it("is the governor's alone", async () => {
      const test = await load();
      await reverts(test.attempt(stranger, "setReward", [9n]), "Pool__NotGovernor", {
        governor: addressOf(governor),
        actual: addressOf(stranger),
      });
    });

    it("replaces what was set in the same epoch, and keeps what was funded in it", async () => {
      const test = await load();
      await fund(test, 3, 1n);
      await setReward(test, 3, 9n);
      await setReward(test, 3, 8n);
      await fund(test, 3, 2n);
      expect(await budgets(test)).to.deep.equal([
        [0n, test.config.rewardWei, POOL_WEI],
        [5n, 8n, POOL_WEI + 3n],
      ]);
    });

    it("stays in force when later epochs are only funded", async () => {
      const test = await load();
      await setReward(test, 1, 9n);
      await fund(test, 2, 1n);
      expect((await budgets(test)).map(([, rewardWei]) => rewardWei)).to.deep.equal([test.config.rewardWei, 9n, 9n]);
    });

    it("takes zero, and the highest amount there is", async () => {
      const test = await load();
      await setReward(test, 1, 0n);
      await setReward(test, 2, MAX_WEI);
      expect((await budgets(test)).map(([, rewardWei]) => rewardWei)).to.deep.equal([
        test.config.rewardWei,
        0n,
        MAX_WEI,
      ]);
    });
  });

  it("tells the reward of every epoch", async () => {
    const test = await load();
    await setReward(test, 1, 9n);
    await setReward(test, 4, 0n);
    await setReward(test, 5, 7n);
    const rewards = await Promise.all([0, 2, 3, 5, 6, 7, 100].map((epoch) => test.rollup.rewardOf(epoch)));
    expect(rewards).to.deep.equal([test.config.rewardWei, test.config.rewardWei, 9n, 9n, 0n, 7n, 7n]);
  });

  it("tells of no budget that there is not", async () => {
    const test = await load();
    await reverts(test.rollup.budget(1), "Pool__NoSuchBudget", { index: 1n, count: 1n });
  });
});

describe("pool without a governor", () => {
  const loadUngoverned = fixtureOf({ poolWei: POOL_WEI });

  it("has the reward of the constants for ever", async () => {
    const test = await loadUngoverned();
    await reverts(test.attempt(governor, "setReward", [9n]), "Pool__NotGovernor", {
      governor: test.config.governor,
      actual: addressOf(governor),
    });
  });
});
