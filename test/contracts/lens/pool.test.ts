import { expect } from "chai";
import { parseEther } from "ethers";
import { buildSettlement } from "../../../sdk/build/log.ts";
import { getRunway, type PoolRunway } from "../../../sdk/lens/pool.ts";
import type { LensRef } from "../../../sdk/lens/view.ts";
import { ACCOUNTS, eventsOf, fixtureOf, landedIn, logsIn, type TestRollup } from "../fixture.ts";
import type { Parent } from "../support/checkpoints.ts";
import { SHORT_EPOCHS } from "../support/config.ts";
import { addressOf } from "../support/l1.ts";
import { deployLens } from "../support/lens.ts";

const { unbonded, bonded, stranger, recipient: governor } = ACCOUNTS;
const REWARD = parseEther("0.01");

const config = { ...SHORT_EPOCHS, governor: addressOf(governor), rewardWei: REWARD };
const load = fixtureOf({ config, poolWei: 5n * REWARD + 3n });
const loadPoor = fixtureOf({ config, poolWei: 2n * REWARD });

const fund = (test: TestRollup, rewards: bigint, slot: number) =>
  test.call(stranger, "fund", [], { valueWei: rewards * REWARD, timeSec: test.time(slot) });
const setReward = (test: TestRollup, rewardWei: bigint, slot: number) =>
  test.call(governor, "setReward", [rewardWei], { timeSec: test.time(slot) });

/** Lands and settles a checkpoint in every slot until a reward is short; verified ones settle at once. */
async function payUntilShort(test: TestRollup, from: number, to: number, parent?: Parent) {
  let tip = parent;
  let whole = 0;
  for (let slot = from; slot <= to; slot++) {
    const checkpoint = test.checkpoint({ slot, ...(tip && { parent: tip }) });
    const mined = await test.land(unbonded, [checkpoint], { timeSec: test.time(slot, 40) });
    const settled = await test.call(stranger, "settle", buildSettlement(logsIn(mined)));
    const events = eventsOf(settled);
    if (events.some(({ type }) => type === "reward-short")) return { slot, whole };
    if (events.some((event) => event.type === "settled" && event.payouts[0]!.proposerWei > 0n)) whole += 1;
    tip = checkpoint.tip;
  }
  return { slot: undefined, whole };
}

const runwayAt = (test: TestRollup, lens: LensRef, slot: number): Promise<PoolRunway> =>
  getRunway(lens, test.time(slot, 30));

describe("lens: runway of the pool", function () {
  this.timeout(120_000);

  it("names the first slot that is not paid in whole", async () => {
    const test = await load();
    const runway = await runwayAt(test, await deployLens(test), 3);
    expect(runway).to.deep.include({ availableWei: 5n * REWARD + 3n, queuedWei: 0n, rewardWei: REWARD, unsettled: 0 });
    expect(await payUntilShort(test, 3, 20)).to.deep.equal({ slot: runway.dryFromSlot, whole: runway.checkpoints });
    expect(runway).to.include({ checkpoints: 5, dryFromSlot: 8, epochs: 1, endless: false });
  });

  it("takes queued budgets in when they are in force", async () => {
    const test = await load();
    const lens = await deployLens(test);
    await fund(test, 4n, 0);
    await setReward(test, 2n * REWARD, 4);
    const runway = await runwayAt(test, lens, 5);
    expect(runway.queuedWei).to.equal(4n * REWARD);
    expect(await payUntilShort(test, 5, 30)).to.deep.equal({ slot: runway.dryFromSlot, whole: runway.checkpoints });
  });

  it("runs dry before a budget that comes too late", async () => {
    const test = await loadPoor();
    const lens = await deployLens(test);
    await fund(test, 100n, 3);
    const runway = await runwayAt(test, lens, 4);
    expect(runway).to.deep.include({ queuedWei: 100n * REWARD, dryFromSlot: 6, checkpoints: 2 });
    expect(await payUntilShort(test, 4, 20)).to.deep.equal({ slot: 6, whole: 2 });
  });

  it("takes the unsettled checkpoints out first", async () => {
    const test = await load();
    const lens = await deployLens(test);
    const [first, second] = test.chain([3, 4]);
    const logs = [];
    for (const one of [first!, second!]) logs.push(...logsIn(await test.land(bonded, [one])));
    const runway = await runwayAt(test, lens, 5);
    expect(runway).to.include({ unsettled: 2, checkpoints: 3, dryFromSlot: 8 });
    const timeSec = test.time(4 + test.config.epochSlots, 1);
    await test.call(stranger, "settle", buildSettlement(logs), { timeSec });
    const later = await runwayAt(test, lens, 9);
    expect(later).to.deep.include({ availableWei: 3n * REWARD + 3n, unsettled: 0, checkpoints: 3, dryFromSlot: 12 });
    expect(await payUntilShort(test, 9, 20, second!.tip)).to.deep.equal({ slot: 12, whole: 3 });
  });

  it("counts from the slot after the tip when that is later than the time", async () => {
    const test = await load();
    const lens = await deployLens(test);
    const mined = await test.land(unbonded, [test.checkpoint({ slot: 6 })]);
    expect(landedIn(mined)).to.have.length(1);
    expect(await runwayAt(test, lens, 2)).to.include({ unsettled: 1, checkpoints: 4, dryFromSlot: 11, epochs: 2 });
  });

  it("is at its end when more is unsettled than the pool holds", async () => {
    const test = await load();
    const lens = await deployLens(test);
    await test.landEach(test.chain([3, 4, 5, 6, 7, 8]));
    expect(await runwayAt(test, lens, 9)).to.include({ unsettled: 6, checkpoints: 0, dryFromSlot: 9, epochs: 0 });
  });

  it("is endless when rewards end before the pool does", async () => {
    const test = await load();
    const lens = await deployLens(test);
    await setReward(test, 0n, 0);
    const runway = await runwayAt(test, lens, 5);
    expect(runway).to.include({ endless: true, checkpoints: 0, dryFromSlot: 0, epochs: 0 });
    expect((await payUntilShort(test, 5, 14)).slot).to.equal(undefined);
    expect((await runwayAt(test, lens, 15)).rewardWei).to.equal(0n);
  });

  it("goes on after epochs without rewards", async () => {
    const test = await load();
    const lens = await deployLens(test);
    await setReward(test, 0n, 0);
    await setReward(test, REWARD, 4);
    const runway = await runwayAt(test, lens, 6);
    expect(await payUntilShort(test, 6, 30)).to.deep.equal({ slot: runway.dryFromSlot, whole: runway.checkpoints });
  });
});
