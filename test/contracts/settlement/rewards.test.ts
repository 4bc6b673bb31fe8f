import { expect } from "chai";
import { parseEther } from "ethers";
import type { Hex } from "../../../sdk/types/hex.ts";
import { ACCOUNTS, fixtureOf, logsIn, type TestRollup } from "../fixture.ts";
import { addressOf } from "../support/l1.ts";
import { land, landLate, settle } from "../support/settling.ts";

const load = fixtureOf();

const { unbonded, bonded, stranger, recipient } = ACCOUNTS;
const SLOT = 5;
const REWARD_WEI = parseEther("0.01");
/** A tenth, and nine tenths: what lateness burns, and the most that a landing is paid. */
const BURN_WEI = REWARD_WEI / 10n;
const CAP_WEI = REWARD_WEI - BURN_WEI;

const GWEI = 1_000_000_000n;
/** At 7 gwei a landing with a blob at 1 wei is quoted 48,000 * 8 gwei + 131,072 wei, and the premium. */
const CHEAP = { baseFeeWei: 7n * GWEI };
const COST_WEI = 384_000_000_131_072n;
/** 10 % in the successor's window, and on time. */
const QUOTE_WEI = 422_400_000_144_179n;
/** 15 % in the first L1 slot after it. */
const OPEN_QUOTE_WEI = 441_600_000_150_732n;
/** As part of a batch: 17,000 * 8 gwei + 131,072 wei, without a premium. */
const BATCH_QUOTE_WEI = 136_000_000_131_072n;
/** At 180 gwei a quote is above the cap, although the landing costs less than the reward. */
const DEAR = { baseFeeWei: 180n * GWEI };
const SUCCESSOR = 0;
const OPEN = 24;

const sharing = (onTimeCapBps: number) => ({ onTimeRecipient: addressOf(stranger), onTimeCapBps });
const coinbaseOf = ({ log }: { log: { coinbase: Hex } }): Hex => log.coinbase;

/** What accounts can claim, by the accounts given. */
const credits = (test: TestRollup, ...accounts: Hex[]): Promise<bigint[]> =>
  Promise.all(accounts.map((account) => test.rollup.creditOf(account)));

/** Requires the parts of a reward to be the whole of it. */
function addsUp(told: { proposerWei: bigint; sharedWei: bigint; shared?: { burnedWei: bigint } } | undefined): void {
  expect(told && told.proposerWei + told.sharedWei + (told.shared?.burnedWei ?? 0n)).to.equal(REWARD_WEI);
}

describe("rewards", () => {
  it("are quoted at the amounts that these tests name", () => {
    expect([QUOTE_WEI, OPEN_QUOTE_WEI]).to.deep.equal([(COST_WEI * 11n) / 10n, (COST_WEI * 115n) / 100n]);
  });

  describe("on time", () => {
    it("are the proposer's, all of them, and nothing is told besides", async () => {
      const test = await load();
      const landing = await land(test, { slot: SLOT });
      expect(await settle(test, [landing.log], test.time(SLOT))).to.deep.equal([
        { number: 1, slot: SLOT, proposerWei: REWARD_WEI, sharedWei: 0n },
      ]);
      expect(await credits(test, coinbaseOf(landing), addressOf(recipient))).to.deep.equal([REWARD_WEI, 0n]);
    });

    it("pay the one whom the header names what the landing was quoted at, whoever sent it", async () => {
      const test = await load();
      const landing = await land(test, { slot: SLOT, header: sharing(5_000), options: CHEAP });
      const proposerWei = REWARD_WEI - QUOTE_WEI;
      expect(await settle(test, [landing.log])).to.deep.equal([
        {
          number: 1,
          slot: SLOT,
          proposerWei,
          sharedWei: QUOTE_WEI,
          shared: { account: addressOf(stranger), burnedWei: 0n },
        },
      ]);
      const accounts = [coinbaseOf(landing), addressOf(stranger), addressOf(unbonded), addressOf(recipient)];
      expect(await credits(test, ...accounts)).to.deep.equal([proposerWei, QUOTE_WEI, 0n, 0n]);
    });

    for (const capBps of [0, 1, 422, 10_000]) {
      it(`pay it no more than the header's cap of ${capBps} basis points`, async () => {
        const test = await load();
        const options = { baseFeeWei: 7_000n * GWEI };
        const landing = await land(test, { slot: SLOT, header: sharing(capBps), options });
        const [told] = await settle(test, [landing.log]);
        const sharedWei = BigInt(capBps) * 10n ** 12n;
        expect(told).to.include({ proposerWei: REWARD_WEI - sharedWei, sharedWei });
        expect(told?.shared).to.deep.equal({ account: addressOf(stranger), burnedWei: 0n });
      });
    }

    it("are not shared late: the header's promise is for its own slot", async () => {
      const test = await load();
      const landing = await landLate(test, OPEN, { slot: SLOT, header: sharing(5_000), options: CHEAP });
      const [told] = await settle(test, [landing.log]);
      expect(told?.shared?.account).to.equal(addressOf(recipient));
      expect(await credits(test, addressOf(stranger))).to.deep.equal([0n]);
    });
  });

  describe("late, in the successor's window", () => {
    it("pay the successor the quote, whoever sent it and for whomever, and the proposer what is left", async () => {
      const test = await load();
      const late = await landLate(test, SUCCESSOR, { slot: SLOT, options: CHEAP });
      const child = await land(test, {
        slot: SLOT + 1,
        parent: late.checkpoint.tip,
        options: { timeSec: test.time(SLOT + 1, 12) },
      });
      const [told, own] = await settle(test, [late.log, child.log]);
      const proposerWei = REWARD_WEI - BURN_WEI - QUOTE_WEI;
      expect(told).to.deep.equal({
        number: 1,
        slot: SLOT,
        proposerWei,
        sharedWei: QUOTE_WEI,
        shared: { account: coinbaseOf(child), burnedWei: BURN_WEI },
      });
      addsUp(told);
      expect(own).to.deep.equal({ number: 2, slot: SLOT + 1, proposerWei: REWARD_WEI, sharedWei: 0n });
      const accounts = [coinbaseOf(late), coinbaseOf(child), addressOf(recipient), addressOf(unbonded)];
      expect(await credits(test, ...accounts)).to.deep.equal([proposerWei, QUOTE_WEI + REWARD_WEI, 0n, 0n]);
    });

    it("pay its last second as its first", async () => {
      const test = await load();
      const late = await landLate(test, OPEN - 1, { slot: SLOT, options: CHEAP });
      const child = await land(test, {
        slot: SLOT + 1,
        parent: late.checkpoint.tip,
        options: { timeSec: test.time(SLOT + 1, OPEN) },
      });
      const [told] = await settle(test, [late.log, child.log]);
      expect(told).to.include({ sharedWei: QUOTE_WEI });
      expect(told?.shared?.account).to.equal(coinbaseOf(child));
    });

    for (const [what, childSlot] of [
      ["without a child", undefined],
      ["with a child for a later slot", SLOT + 2],
    ] as const) {
      it(`pay the recipient, and burn the proposer's part, ${what}`, async () => {
        const test = await load();
        const late = await landLate(test, SUCCESSOR, { slot: SLOT, options: CHEAP });
        const logs = [late.log];
        if (childSlot) logs.push((await land(test, { slot: childSlot, parent: late.checkpoint.tip })).log);
        const [told] = await settle(test, logs);
        expect(told).to.deep.equal({
          number: 1,
          slot: SLOT,
          proposerWei: 0n,
          sharedWei: QUOTE_WEI,
          shared: { account: addressOf(recipient), burnedWei: REWARD_WEI - QUOTE_WEI },
        });
        expect(await credits(test, coinbaseOf(late), addressOf(recipient))).to.deep.equal([0n, QUOTE_WEI]);
      });
    }
  });

  describe("late, after the successor's window", () => {
    it("pay the recipient, also when the checkpoint is confirmed", async () => {
      const test = await load();
      const late = await landLate(test, OPEN, { slot: SLOT, options: CHEAP });
      const child = await land(test, {
        slot: SLOT + 1,
        parent: late.checkpoint.tip,
        options: { timeSec: test.time(SLOT + 1, OPEN + 12) },
      });
      const [told] = await settle(test, [late.log, child.log]);
      expect(told).to.deep.equal({
        number: 1,
        slot: SLOT,
        proposerWei: REWARD_WEI - BURN_WEI - OPEN_QUOTE_WEI,
        sharedWei: OPEN_QUOTE_WEI,
        shared: { account: addressOf(recipient), burnedWei: BURN_WEI },
      });
      addsUp(told);
      expect(await credits(test, coinbaseOf(child), addressOf(recipient))).to.deep.equal([REWARD_WEI, OPEN_QUOTE_WEI]);
    });

    it("burn the proposer's part when it is not", async () => {
      const test = await load();
      const late = await landLate(test, OPEN, { slot: SLOT, options: CHEAP });
      const [told] = await settle(test, [late.log]);
      expect(told).to.include({ proposerWei: 0n, sharedWei: OPEN_QUOTE_WEI });
      addsUp(told);
    });
  });

  describe("late, landed together with the next checkpoint", () => {
    it("charge the proposer the whole quote, pay the quote of a batch, and burn the difference", async () => {
      const test = await load();
      const [late, own] = test.chain([SLOT, SLOT + 1]);
      const logs = logsIn(await test.land(unbonded, [late!, own!], CHEAP));
      const [told] = await settle(test, logs);
      expect(told).to.deep.equal({
        number: 1,
        slot: SLOT,
        proposerWei: REWARD_WEI - BURN_WEI - QUOTE_WEI,
        sharedWei: BATCH_QUOTE_WEI,
        shared: { account: logs[1]!.coinbase, burnedWei: BURN_WEI + QUOTE_WEI - BATCH_QUOTE_WEI },
      });
      addsUp(told);
    });

    it("pay the quote of a batch also where the charge is capped", async () => {
      const test = await load();
      const [late, own] = test.chain([SLOT, SLOT + 1]);
      const logs = logsIn(await test.land(unbonded, [late!, own!], DEAR));
      const [told] = await settle(test, logs);
      const paidWei = 17_000n * 181n * GWEI + 131_072n;
      expect(told).to.include({ proposerWei: 0n, sharedWei: paidWei });
      expect(told?.shared?.burnedWei).to.equal(REWARD_WEI - paidWei);
    });

    it("pay besides what landing one costs more than the reward and its premium", async () => {
      const test = await load();
      const [late, own] = test.chain([SLOT, SLOT + 1]);
      const logs = logsIn(await test.land(unbonded, [late!, own!], { baseFeeWei: 217n * GWEI }));
      const [told] = await settle(test, logs);
      const quotedWei = ((48_000n * 218n * GWEI + 131_072n) * 11n) / 10n;
      const shortfallWei = quotedWei - (REWARD_WEI * 11n) / 10n;
      expect(shortfallWei).to.equal(510_400_000_144_179n);
      const paidWei = 17_000n * 218n * GWEI + 131_072n + shortfallWei;
      expect(told).to.include({ proposerWei: 0n, sharedWei: paidWei });
      addsUp(told);
    });

    it("pay no more than the cap, however dear L1 is", async () => {
      const test = await load();
      const [late, own] = test.chain([SLOT, SLOT + 1]);
      const logs = logsIn(await test.land(unbonded, [late!, own!], { baseFeeWei: 7_000n * GWEI }));
      const [told] = await settle(test, logs);
      expect(told).to.include({ proposerWei: 0n, sharedWei: CAP_WEI });
      expect(told?.shared?.burnedWei).to.equal(BURN_WEI);
    });
  });

  describe("late, when L1 is dear", () => {
    it("pay the cap, which with the burn takes all", async () => {
      const test = await load();
      const late = await landLate(test, OPEN, { slot: SLOT, options: DEAR });
      const child = await land(test, {
        slot: SLOT + 1,
        parent: late.checkpoint.tip,
        options: { timeSec: test.time(SLOT + 1, OPEN + 12) },
      });
      const [told] = await settle(test, [late.log, child.log]);
      expect(told).to.include({ proposerWei: 0n, sharedWei: CAP_WEI });
      expect(told?.shared?.burnedWei).to.equal(BURN_WEI);
    });
  });

  it("of a refilled slot are paid as on time, though it landed in the next", async () => {
    const test = await load();
    const forged = await test.land(bonded, [test.forged({ slot: SLOT })]);
    await test.call(stranger, "challenge", [logsIn(forged)]);
    const landing = await landLate(test, OPEN, { slot: SLOT, options: CHEAP });
    const [told] = await settle(test, [landing.log]);
    expect(told).to.deep.equal({ number: 1, slot: SLOT, proposerWei: REWARD_WEI, sharedWei: 0n });
  });
});

describe("rewards of other sizes", () => {
  for (const [rewardWei, burnedWei, capWei] of [
    [0n, 0n, 0n],
    [1n, 0n, 0n],
    [9n, 0n, 8n],
    [19n, 1n, 17n],
  ] as const) {
    const loadSmall = fixtureOf({ config: { rewardWei } });

    it(`of ${rewardWei} wei are split to the wei, each part rounded down for the proposer's good`, async () => {
      const test = await loadSmall();
      const late = await landLate(test, OPEN, { slot: SLOT });
      const child = await land(test, {
        slot: SLOT + 1,
        parent: late.checkpoint.tip,
        options: { timeSec: test.time(SLOT + 1, OPEN + 12) },
      });
      const [told, onTime] = await settle(test, [late.log, child.log]);
      expect(told).to.include({ proposerWei: rewardWei - burnedWei - capWei, sharedWei: capWei });
      expect(told?.shared?.burnedWei).to.equal(burnedWei);
      expect(onTime).to.include({ proposerWei: rewardWei, sharedWei: 0n });
      expect(await credits(test, coinbaseOf(child))).to.deep.equal([rewardWei]);
    });
  }
});
