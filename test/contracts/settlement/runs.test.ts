import { expect } from "chai";
import { buildLogHead, buildSettlement, type CheckpointLog } from "../../../sdk/build/log.ts";
import { EMPTY_INBOX_HASH } from "../../../sdk/digest/inbox.ts";
import { getReward, getRewardPool } from "../../../sdk/get/pool.ts";
import { ACCOUNTS, fixtureOf, type TestRollup } from "../fixture.ts";
import { SHORT_EPOCHS, TEST_CONFIG } from "../support/config.ts";
import { addressOf } from "../support/l1.ts";
import { reverts } from "../support/reverts.ts";
import { land, landAll, landLate, settle } from "../support/settling.ts";

const { stranger, otherBonded: governor, recipient } = ACCOUNTS;
const SLOT = 5;
const T = TEST_CONFIG.rewardWei;

const onTime = (...slots: number[]) => slots.map((slot) => ({ slot }));

describe("settling from a pool that runs out", () => {
  for (const poolWei of [0n, 1n, T - 1n, T, T + 1n, 2n * T - 1n, 2n * T, 2n * T + 1n]) {
    const load = fixtureOf({ poolWei });

    it(`of ${poolWei} wei pays two checkpoints what it holds, in their order, and tells what is missing`, async () => {
      const test = await load();
      const logs = await landAll(test, onTime(SLOT, SLOT + 1));
      const first = poolWei < T ? poolWei : T;
      const second = poolWei - first < T ? poolWei - first : T;
      expect(await settle(test, logs)).to.deep.equal(
        [first, second].map((proposerWei, index) => ({
          number: index + 1,
          slot: SLOT + index,
          proposerWei,
          sharedWei: 0n,
          ...(proposerWei < T && { missingWei: T - proposerWei }),
        })),
      );
      expect((await test.rollup.pool()).availableWei).to.equal(poolWei - first - second);
    });
  }

  const loadShort = fixtureOf({ poolWei: 19n });

  it("splits what it holds as if that were the reward", async () => {
    const test = await loadShort();
    const late = await landLate(test, 24, { slot: SLOT });
    const [told] = await settle(test, [late.log]);
    expect(told).to.include({ proposerWei: 0n, sharedWei: 17n, missingWei: T - 19n });
    expect(told?.shared).to.deep.equal({ account: addressOf(recipient), burnedWei: 2n });
  });

  const loadExact = fixtureOf({ poolWei: T });

  it("misses nothing for a shared reward that it holds exactly", async () => {
    const test = await loadExact();
    const late = await landLate(test, 24, { slot: SLOT });
    const [told] = await settle(test, [late.log]);
    expect(told).not.to.have.property("missingWei");
    expect((await test.rollup.pool()).availableWei).to.equal(0n);
  });
});

describe("settling across budgets", () => {
  const load = fixtureOf({ poolWei: 10n, config: { ...SHORT_EPOCHS, rewardWei: 3n, governor: addressOf(governor) } });

  /** Rewards of 3, then of 5 from epoch 2 on with 20 wei more, then of 0 from epoch 3 on. */
  async function history(test: TestRollup): Promise<CheckpointLog[]> {
    await test.call(governor, "setReward", [5n]);
    await test.call(stranger, "fund", [], { valueWei: 20n, timeSec: test.time(1) });
    const first = await land(test, { slot: 2 });
    await test.call(governor, "setReward", [0n], { timeSec: test.time(4) });
    let parent = first.checkpoint.tip;
    const logs = [first.log];
    for (const slot of [7, 8, 11, 12]) {
      const { checkpoint, log } = await land(test, { slot, parent });
      parent = checkpoint.tip;
      logs.push(log);
    }
    return logs;
  }

  it("pays each checkpoint the reward of its own slot's epoch, in one run or in many", async () => {
    const test = await load();
    const logs = await history(test);
    const snapshot = await test.connection.networkHelpers.takeSnapshot();
    const told = await settle(test, logs);
    expect(told.map(({ proposerWei }) => proposerWei)).to.deep.equal([3n, 3n, 5n, 5n, 0n]);
    expect(await test.rollup.pool()).to.deep.equal([14n, 0n, 3n]);
    await snapshot.restore();
    const parts = [];
    for (const log of logs) parts.push(...(await settle(test, [log], test.time(20 + parts.length))));
    expect(parts).to.deep.equal(told);
  });

  it("pays what landed the same, whatever is funded or set after it", async () => {
    const test = await load();
    const logs = await landAll(test, onTime(2, 3));
    await test.call(governor, "setReward", [1n]);
    await test.call(stranger, "fund", [], { valueWei: 20n });
    const told = await settle(test, logs, test.time(40));
    expect(told.map(({ proposerWei }) => proposerWei)).to.deep.equal([3n, 3n]);
    expect((await test.rollup.pool()).availableWei).to.equal(4n);
  });

  it("takes in any number of budgets by reading a few words", async () => {
    const test = await load();
    for (let epoch = 0; epoch < 64; epoch++) {
      await test.call(stranger, "fund", [], { valueWei: 1n, timeSec: test.time(4 * epoch) });
    }
    const logs = await landAll(test, onTime(4 * 65));
    const mined = await test.call(stranger, "settle", buildSettlement(logs));
    expect(await test.rollup.pool()).to.deep.equal([10n + 64n - 3n, 3n, 65n]);
    expect(mined.gasUsed).to.be.lessThan(140_000);
  });

  it("shows a client what the next ones are paid from", async () => {
    const test = await load();
    const logs = await history(test);
    await settle(test, logs.slice(0, 3), test.time(20));
    const ref = { provider: test.connection.ethers.provider, rollup: test.address };
    expect(await getRewardPool(ref)).to.deep.equal({
      pool: { availableWei: 19n, rewardWei: 5n, nextBudget: 0 },
      budgets: [{ fromEpoch: 3, rewardWei: 0n, fundedWei: 0n }],
    });
    expect(await Promise.all([1, 2, 3].map((epoch) => getReward(ref, epoch)))).to.deep.equal([3n, 5n, 0n]);
  });
});

describe("rests of shared rewards", () => {
  const load = fixtureOf();

  /** A late one, two on time, and a shared one. */
  async function history(test: TestRollup): Promise<CheckpointLog[]> {
    const late = await landLate(test, 24, { slot: SLOT });
    const plain = await land(test, { slot: SLOT + 2, parent: late.checkpoint.tip });
    const second = await land(test, { slot: SLOT + 3, parent: plain.checkpoint.tip });
    const header = { onTimeRecipient: addressOf(stranger), onTimeCapBps: 100 };
    const shared = await land(test, { slot: SLOT + 4, parent: second.checkpoint.tip, header });
    return [late.log, plain.log, second.log, shared.log];
  }
  const later = (test: TestRollup) => ({ timeSec: test.time(SLOT + 9) });

  it("are taken in the order of their heads, those of settled ones skipped", async () => {
    const test = await load();
    const logs = await history(test);
    await settle(test, logs.slice(0, 3));
    const [told] = await settle(test, logs, test.time(SLOT + 9));
    expect(told).to.include({ number: 4, slot: SLOT + 4 });
    expect(told?.shared?.account).to.equal(addressOf(stranger));
  });

  it("are asked for", async () => {
    const test = await load();
    const logs = await history(test);
    const [heads, rests] = buildSettlement(logs);
    await reverts(
      test.attempt(stranger, "settle", [heads, rests.slice(0, 1)], later(test)),
      "Settlement__RestMismatch",
      {
        number: 4n,
        expected: buildLogHead(logs[3]!).inner,
        actual: EMPTY_INBOX_HASH,
      },
    );
  });

  it("are each the one that its head names", async () => {
    const test = await load();
    const logs = await history(test);
    const [heads, rests] = buildSettlement(logs);
    await reverts(test.attempt(stranger, "settle", [heads, rests.slice(1)], later(test)), "Settlement__RestMismatch", {
      number: 1n,
      expected: buildLogHead(logs[0]!).inner,
      actual: buildLogHead(logs[3]!).inner,
    });
  });

  it("may be left out of heads that cannot settle yet", async () => {
    const test = await load();
    const { checkpoint, log } = await land(test, { slot: SLOT });
    const late = await landLate(test, 24, { slot: SLOT + 1, parent: checkpoint.tip });
    const [heads] = buildSettlement([log, late.log]);
    await test.call(stranger, "settle", [heads, []]);
    expect((await test.rollup.settledTip()).number).to.equal(1n);
  });
});

describe("credits", () => {
  const load = fixtureOf();

  it("add up, are paid out once, and go on after a claim as before it", async () => {
    const test = await load();
    const header = { coinbase: addressOf(recipient) };
    const first = await land(test, { slot: SLOT, header });
    const second = await land(test, { slot: SLOT + 1, header, parent: first.checkpoint.tip });
    await settle(test, [first.log, second.log]);
    expect(await test.rollup.creditOf(recipient.address)).to.equal(2n * T);
    const { provider } = test.connection.ethers;
    const held = await provider.getBalance(test.address);
    await test.call(recipient, "claim", [], { timeSec: test.time(SLOT + 5) });
    expect(await provider.getBalance(test.address)).to.equal(held - 2n * T);
    await reverts(test.attempt(recipient, "claim", []), "Bonds__NothingToClaim", { account: addressOf(recipient) });
    const third = await land(test, { slot: SLOT + 6, header, parent: second.checkpoint.tip });
    await settle(test, [third.log]);
    expect(await test.rollup.creditOf(recipient.address)).to.equal(T);
  });
});
