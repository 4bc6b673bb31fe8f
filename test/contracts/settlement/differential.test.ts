import { expect } from "chai";
import fc from "fast-check";
import type { CheckpointLog } from "../../../sdk/build/log.ts";
import { buildSettlement } from "../../../sdk/build/log.ts";
import { type Budget, fund, type Pool, setReward } from "../../../sdk/rewards/budget.ts";
import { creditsOf, type RewardLog, settle } from "../../../sdk/rewards/settle.ts";
import { termsOfLanding } from "../../../sdk/rewards/terms.ts";
import type { Hex } from "../../../sdk/types/hex.ts";
import { ACCOUNTS, eventsOf, fixtureOf, logsIn, type TestRollup } from "../fixture.ts";
import { GENESIS, type Parent } from "../support/checkpoints.ts";
import { SHORT_EPOCHS } from "../support/config.ts";
import { addressOf } from "../support/l1.ts";
import { toldIn } from "../support/settling.ts";

const { bonded, unbonded, stranger, challenger, recipient } = ACCOUNTS;
const GWEI = 1_000_000_000n;
const POOL_WEI = 4n * 10n ** 16n;
const FIRST_SLOT = 3;
const NOBODY: Hex = `0x${"00".repeat(20)}`;

const load = fixtureOf({ poolWei: POOL_WEI, config: { ...SHORT_EPOCHS, governor: addressOf(stranger) } });

/** Something that happens `gap` slots after what was before. */
const anyStep = fc.record({
  gap: fc.integer({ min: 1, max: 3 }),
  second: fc.integer({ min: 0, max: 47 }),
  kind: fc.constantFrom("land", "land", "late", "late", "batch", "fund", "reward", "settle"),
  verified: fc.boolean(),
  baseFeeWei: fc.bigInt({ min: 1n, max: 400n }).map((gwei) => gwei * GWEI),
  onTimeCapBps: fc.option(fc.integer({ min: 0, max: 10_000 })),
  amountWei: fc.bigInt({ min: 1n, max: 2n * 10n ** 16n }),
});
type Step = typeof anyStep extends fc.Arbitrary<infer Value> ? Value : never;

/** The contract and the model of its rewards, side by side. */
class Pair {
  readonly #test: TestRollup;
  #logs: CheckpointLog[] = [];
  #rewardLogs: RewardLog[] = [];
  #budgets: Budget[] = [];
  #pool: Pool;
  #settled = 0;
  #landed = 0;
  #parent: Parent = GENESIS;
  #slot = FIRST_SLOT;
  #lastSlot = 0;
  readonly #credits = new Map<Hex, bigint>();

  constructor(test: TestRollup) {
    this.#test = test;
    this.#pool = { availableWei: POOL_WEI, rewardWei: test.config.rewardWei, nextBudget: 0 };
  }

  async take(step: Step): Promise<void> {
    this.#slot += step.gap;
    const timeSec = this.#test.time(this.#slot, step.second);
    if (step.kind === "land") await this.#land(step, [this.#slot], timeSec);
    else if (step.kind === "late") await this.#land(step, [this.#slot - 1], timeSec);
    else if (step.kind === "batch") await this.#land(step, [this.#slot - 1, this.#slot], timeSec);
    else if (step.kind === "settle") await this.settle(timeSec);
    else await this.#change(step, timeSec);
  }

  async #land({ verified, baseFeeWei, onTimeCapBps }: Step, slots: number[], timeSec: number): Promise<void> {
    const [first = 0] = slots;
    if (first <= this.#lastSlot || this.#logs.length + slots.length > this.#test.config.ringSize) return;
    const sharing = { onTimeRecipient: addressOf(challenger), onTimeCapBps: onTimeCapBps ?? 0 };
    const header = onTimeCapBps === null ? {} : sharing;
    const chain = this.#test.chain(slots, { parent: this.#parent, header });
    const mined = await this.#test.land(verified ? unbonded : bonded, chain, { timeSec, baseFeeWei });
    this.#logs.push(...logsIn(mined));
    for (const [index, { submission, tip }] of chain.entries()) {
      const terms = termsOfLanding(this.#test.config, {
        slot: submission.header.slot,
        timeSec,
        fees: { baseFeeWei, blobBaseFeeWei: 1n },
        blobCount: 1,
        followed: index + 1 < chain.length,
        refilled: false,
        namesRecipient: onTimeCapBps !== null,
      });
      if (!terms) throw new Error("the history lands only where the windows are");
      const { slot, coinbase, onTimeRecipient, onTimeCapBps: capBps } = submission.header;
      const parties = { coinbase, recipient: addressOf(recipient), onTimeRecipient, onTimeCapBps: capBps };
      this.#rewardLogs.push({ ...terms, ...parties, number: ++this.#landed, slot, timeSec, verified });
      this.#parent = tip;
      this.#lastSlot = slot;
    }
  }

  async #change({ kind, amountWei }: Step, timeSec: number): Promise<void> {
    const { epochSlots, rewardWei } = this.#test.config;
    const epoch = Math.floor(this.#slot / epochSlots);
    if (kind === "fund") {
      await this.#test.call(challenger, "fund", [], { valueWei: amountWei, timeSec });
      this.#budgets = fund(this.#budgets, epoch, amountWei, rewardWei);
    } else {
      await this.#test.call(stranger, "setReward", [amountWei], { timeSec });
      this.#budgets = setReward(this.#budgets, epoch, amountWei);
    }
  }

  /** Settles on both sides, and requires every amount to be the same. */
  async settle(timeSec: number): Promise<void> {
    const state = {
      settledNumber: this.#settled,
      tipNumber: this.#landed,
      provenNumber: undefined,
      pool: this.#pool,
      budgets: this.#budgets,
    };
    const expected = settle(this.#test.config, state, this.#rewardLogs, timeSec);
    const mined = await this.#test.attempt(stranger, "settle", buildSettlement(this.#logs), { timeSec });
    expect(mined.succeeded).to.equal(expected.payouts.length > 0);
    const told = mined.succeeded ? toldIn(eventsOf(mined)) : [];
    expect(
      told.map(({ number, slot, proposerWei, sharedWei, shared, missingWei = 0n }) => {
        const burnedWei = shared?.burnedWei ?? 0n;
        return { number, slot, proposerWei, sharedWei, sharedWith: shared?.account ?? NOBODY, burnedWei, missingWei };
      }),
    ).to.deep.equal(
      expected.payouts.map(({ number, slot, proposerWei, sharedWei, sharedWith = NOBODY, burnedWei, missingWei }) => {
        return { number, slot, proposerWei, sharedWei, sharedWith, burnedWei, missingWei };
      }),
    );
    this.#logs = this.#logs.slice(expected.payouts.length);
    this.#rewardLogs = this.#rewardLogs.slice(expected.payouts.length);
    this.#pool = expected.pool;
    this.#settled = expected.settledNumber;
    for (const [account, wei] of creditsOf(expected.payouts, undefined)) {
      this.#credits.set(account, (this.#credits.get(account) ?? 0n) + wei);
    }
    await this.#compare();
  }

  async #compare(): Promise<void> {
    const { rollup } = this.#test;
    const { availableWei, rewardWei, nextBudget } = this.#pool;
    // The contract's first budget is the deployment's.
    expect(await rollup.pool()).to.deep.equal([availableWei, rewardWei, BigInt(nextBudget + 1)]);
    expect((await rollup.settledTip()).number).to.equal(BigInt(this.#settled));
    for (const [account, wei] of this.#credits) expect(await rollup.creditOf(account)).to.equal(wei);
  }
}

describe("settling any history", () => {
  it("pays what the model of the rewards says, to the wei", async function () {
    this.timeout(240_000);
    await fc.assert(
      fc.asyncProperty(fc.array(anyStep, { minLength: 6, maxLength: 14 }), async (steps) => {
        const test = await load();
        const pair = new Pair(test);
        for (const step of steps) await pair.take(step);
        await pair.settle(test.time(FIRST_SLOT + 5 * steps.length + test.config.epochSlots));
      }),
      { numRuns: 20 },
    );
  });
});
