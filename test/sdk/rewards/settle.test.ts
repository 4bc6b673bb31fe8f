import { expect } from "chai";
import fc from "fast-check";
import { type Budget, fund, setReward } from "../../../sdk/rewards/budget.ts";
import { creditsOf, type RewardLog, type SettlementState, settle } from "../../../sdk/rewards/settle.ts";
import { termsOfLanding } from "../../../sdk/rewards/terms.ts";
import type { Hex } from "../../../sdk/types/hex.ts";
import { anyFees, landing, RULES, startOf } from "./rules.ts";

const account = (index: number): Hex => `0x${index.toString(16).padStart(40, "0")}`;
const RECIPIENT = account(0xbeef);
const PARTNER = account(0xfade);
const CHALLENGE_SECONDS = RULES.challengeWindowEpochs * RULES.epochSlots * RULES.slotSeconds;

/** A verified checkpoint whose coinbase is the address of its slot. */
function log(number: number, slot: number, secondsIntoNext: number, overrides: Partial<RewardLog> = {}): RewardLog {
  const timeSec = startOf(slot + 1) + secondsIntoNext;
  return {
    ...termsOfLanding(RULES, landing(secondsIntoNext, { slot, timeSec }))!,
    number,
    slot,
    timeSec,
    verified: true,
    coinbase: account(slot),
    recipient: RECIPIENT,
    onTimeRecipient: PARTNER,
    onTimeCapBps: 10_000,
    ...overrides,
  };
}

const ETH = 10n ** 18n;
const state = (overrides: Partial<SettlementState> = {}): SettlementState => ({
  settledNumber: 0,
  tipNumber: 10,
  provenNumber: undefined,
  pool: { availableWei: 100n * ETH, rewardWei: ETH, nextBudget: 0 },
  budgets: [],
  ...overrides,
});

describe("settlement", () => {
  const LATER = startOf(1000);

  it("pays the proposer of each checkpoint that landed on time", () => {
    const { payouts, pool, settledNumber } = settle(RULES, state(), [log(1, 1, -60), log(2, 3, -60)], LATER);
    expect(settledNumber).to.equal(2);
    expect(pool.availableWei).to.equal(98n * ETH);
    expect([...creditsOf(payouts, undefined)]).to.deep.equal([
      [account(1), ETH],
      [account(3), ETH],
    ]);
  });

  it("E7 credits the successor in its window, whoever sent and whatever recipient it named", () => {
    const pays = (late: RewardLog, child: RewardLog) => settle(RULES, state(), [late, child], LATER).payouts[0];
    expect(pays(log(1, 1, 23), log(2, 2, -60))?.sharedWith).to.equal(account(2));
    expect(pays(log(1, 1, 24), log(2, 2, -40))?.sharedWith).to.equal(RECIPIENT);
    expect(pays(log(1, 1, 12), log(2, 3, -60))?.sharedWith).to.equal(RECIPIENT);
  });

  it("E7 credits the recipient when no checkpoint followed, and the proposer loses its part", () => {
    const [payout] = settle(RULES, state({ tipNumber: 1 }), [log(1, 1, 12)], LATER).payouts;
    expect(payout).to.include({ sharedWith: RECIPIENT, proposerWei: 0n });
  });

  it("gives an on-time share to the one the header names", () => {
    const shared = { shared: true, chargedWei: 7n };
    const [payout] = settle(RULES, state(), [log(1, 1, -60, shared)], LATER).payouts;
    expect(payout).to.include({ sharedWith: PARTNER, sharedWei: 7n, proposerWei: ETH - 7n });
  });

  it("E11 waits until nothing can change: challenge, the successor's window, the successor's own challenge", () => {
    const settledAt = (logs: RewardLog[], nowSec: number, tipNumber = 10): number =>
      settle(RULES, state({ tipNumber }), logs, nowSec).settledNumber;
    const open = log(1, 1, -60, { verified: false });
    expect(settledAt([open], open.timeSec + CHALLENGE_SECONDS - 1)).to.equal(0);
    expect(settledAt([open], open.timeSec + CHALLENGE_SECONDS)).to.equal(1);

    const windowEnds = startOf(3) + RULES.handoffWindowSeconds;
    expect(settledAt([log(1, 1, 12)], windowEnds - 1, 1)).to.equal(0);
    expect(settledAt([log(1, 1, 12)], windowEnds, 1)).to.equal(1);
    expect(settledAt([log(1, 1, 12)], windowEnds, 2)).to.equal(0);

    const child = log(2, 2, -40, { verified: false });
    expect(settledAt([log(1, 1, 12), child], child.timeSec + CHALLENGE_SECONDS - 1)).to.equal(0);
    expect(settledAt([log(1, 1, 12), child], child.timeSec + CHALLENGE_SECONDS)).to.equal(2);
    const unrelated = log(2, 3, -40, { verified: false });
    expect(settledAt([log(1, 1, 12), unrelated], windowEnds)).to.equal(1);
  });

  it("stops at the last proven checkpoint, and pays the prover of each", () => {
    const prover = account(0x9999);
    const rules = { ...RULES, proverBps: 1000 };
    const { payouts } = settle(rules, state({ provenNumber: 1 }), [log(1, 1, -60), log(2, 2, -60)], LATER);
    expect(payouts.map(({ number }) => number)).to.deep.equal([1]);
    expect(creditsOf(payouts, prover).get(prover)).to.equal(ETH / 10n);
  });

  it("E11 takes a late one for confirmed only once the one after it is proven, too: until then it may be pruned", () => {
    const logs = [log(1, 1, 12), log(2, 2, -40)];
    expect(settle(RULES, state({ provenNumber: 1 }), logs, LATER).settledNumber).to.equal(0);
    expect(settle(RULES, state({ provenNumber: 2 }), logs, LATER).settledNumber).to.equal(2);
  });

  it("takes each budget in at its epoch, and goes on when the pool is empty", () => {
    const budgets = setReward(fund([], 0, 3n * ETH, ETH), 1, 2n * ETH);
    const pool = { availableWei: ETH, rewardWei: ETH, nextBudget: 0 };
    const logs = [log(1, 1, -60), log(2, 2, -60), log(3, 64, -60), log(4, 96, -60), log(5, 97, -60)];
    const { payouts, pool: after } = settle(RULES, state({ pool, budgets }), logs, LATER);
    expect(payouts.map(({ effectiveWei, missingWei }) => [effectiveWei, missingWei])).to.deep.equal([
      [ETH, 0n],
      [0n, ETH],
      [ETH, 0n],
      [2n * ETH, 0n],
      [0n, 2n * ETH],
    ]);
    expect(after).to.deep.equal({ availableWei: 0n, rewardWei: 2n * ETH, nextBudget: 2 });
  });
});

describe("any settlement", () => {
  const anyLanded = fc.record({
    gap: fc.integer({ min: 1, max: 3 }),
    seconds: fc.integer({ min: -72, max: 47 }),
    verified: fc.boolean(),
    followed: fc.boolean(),
    namesRecipient: fc.boolean(),
    onTimeCapBps: fc.nat({ max: 10_000 }),
    fees: anyFees,
  });
  const anyChange = fc.record({
    epoch: fc.nat({ max: 6 }),
    fundWei: fc.option(fc.bigInt({ min: 1n, max: 10n * ETH }), { nil: undefined }),
    rewardWei: fc.bigInt({ min: 0n, max: 5n * ETH }),
  });

  const build = (landed: (typeof anyLanded extends fc.Arbitrary<infer T> ? T : never)[]): RewardLog[] => {
    let slot = 0;
    return landed.map(({ gap, seconds, verified, onTimeCapBps, ...rest }, index) => {
      slot += gap;
      const timeSec = startOf(slot + 1) + seconds;
      const terms = termsOfLanding(RULES, landing(seconds, { slot, timeSec, ...rest }))!;
      return log(index + 1, slot, seconds, { ...terms, verified, onTimeCapBps });
    });
  };

  const anyHistory = fc.record({
    logs: fc.array(anyLanded, { minLength: 1, maxLength: 40 }).map(build),
    changes: fc.array(anyChange, { maxLength: 5 }).map((changes) => changes.sort((a, b) => a.epoch - b.epoch)),
    proverBps: fc.nat({ max: 5000 }),
  });

  const budgetsOf = (changes: (typeof anyChange extends fc.Arbitrary<infer T> ? T : never)[]): Budget[] =>
    changes.reduce<Budget[]>(
      (budgets, { epoch, fundWei, rewardWei }) =>
        fundWei === undefined ? setReward(budgets, epoch, rewardWei) : fund(budgets, epoch, fundWei, ETH),
      [],
    );

  it("E1 keeps what was funded: credits, burned and the pool", () => {
    fc.assert(
      fc.property(anyHistory, ({ logs, changes, proverBps }) => {
        const budgets = budgetsOf(changes);
        const tipNumber = logs.length;
        const start = state({ tipNumber, budgets, provenNumber: tipNumber });
        const { payouts, pool } = settle({ ...RULES, proverBps }, start, logs, startOf(1000));
        expect(payouts.length).to.equal(tipNumber);
        const credited = [...creditsOf(payouts, account(0x9999)).values()].reduce((sum, wei) => sum + wei, 0n);
        const burned = payouts.reduce((sum, { burnedWei }) => sum + burnedWei, 0n);
        const taken = budgets.slice(0, pool.nextBudget).reduce((sum, { fundedWei }) => sum + fundedWei, 0n);
        expect(credited + burned + pool.availableWei).to.equal(100n * ETH + taken);
      }),
    );
  });

  it("E11 pays the same in one run, or in many at any times", () => {
    const anyTimes = fc.array(fc.nat({ max: 300 }), { maxLength: 6 });
    fc.assert(
      fc.property(anyHistory, anyTimes, ({ logs, changes, proverBps }, slots) => {
        const rules = { ...RULES, proverBps };
        let current = state({ tipNumber: logs.length, budgets: budgetsOf(changes) });
        const whole = settle(rules, current, logs, startOf(1000));
        const payouts = [];
        for (const slot of [...slots.sort((a, b) => a - b), 1000]) {
          const part = settle(rules, current, logs.slice(current.settledNumber), startOf(slot));
          payouts.push(...part.payouts);
          current = { ...current, pool: part.pool, settledNumber: part.settledNumber };
        }
        expect(payouts).to.deep.equal(whole.payouts);
        expect(current.pool).to.deep.equal(whole.pool);
      }),
    );
  });
});
