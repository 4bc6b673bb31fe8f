import { expect } from "chai";
import fc from "fast-check";
import type { RewardRules } from "../../../sdk/rewards/rules.ts";
import { marketCost, nextBaseFee } from "../../../sdk/submit/fees.ts";
import type { Market } from "../../../sdk/submit/types.ts";
import { choose } from "../../../sdk/submitter/choose.ts";
import type { CheckpointHeader } from "../../../sdk/types/header.ts";
import type { Hex } from "../../../sdk/types/hex.ts";
import { type CreditTerms, creditOf } from "../../../sdk/watch/credit.ts";
import { forecastFees } from "../../../sdk/watch/forecast.ts";
import { landingProspects } from "../../../sdk/watch/prospects.ts";
import { type LandingBlock, landingBlocks, windowEnd } from "../../../sdk/watch/window.ts";

const GWEI = 10n ** 9n;
const US: Hex = `0x${"11".repeat(20)}`;
const NOBODY: Hex = `0x${"00".repeat(20)}`;

const RULES: RewardRules = {
  genesisTime: 12_000,
  l1SlotSeconds: 12,
  slotSeconds: 72,
  epochSlots: 32,
  handoffWindowSeconds: 48,
  successorWindowSeconds: 24,
  challengeWindowEpochs: 1,
  gasQuota: 48_000,
  gasQuotaBatch: 17_000,
  tipWei: GWEI,
  premiumBps: 1_000,
  premiumStepBps: 0,
  premiumMaxBps: 5_000,
  burnBps: 1_000,
  capBps: 9_000,
  proverBps: 0,
};

const header = (slot: number, onTimeRecipient = NOBODY, onTimeCapBps = 0): CheckpointHeader => ({
  slot,
  lastBlockHash: `0x${"00".repeat(32)}`,
  lastBlockNumber: 1,
  inboxCount: 0,
  outboxRoot: `0x${"00".repeat(32)}`,
  coinbase: NOBODY,
  onTimeRecipient,
  onTimeCapBps,
});

const credit = (changes: Partial<CreditTerms> = {}): CreditTerms => ({
  header: header(5),
  blobCount: 1,
  recipient: US,
  rewardWei: 10n ** 16n,
  availableWei: 10n ** 18n,
  proven: false,
  ...changes,
});

const gwei = (max: number) => fc.bigInt({ min: 1n, max: BigInt(max) * GWEI });
const markets: fc.Arbitrary<Market> = fc.record({
  nextBaseFeeWei: gwei(500),
  priorityFeeWei: gwei(5),
  blobBaseFeeWei: gwei(100),
});

describe("the L1 blocks left in a checkpoint's window", () => {
  it("follow each other in L1 slots, in its slot and in the handoff window, and in no other", () => {
    const start = RULES.genesisTime + 5 * RULES.slotSeconds;
    const all = landingBlocks(RULES, 5, start);
    expect(all.map(({ timeSec }) => timeSec - start)).to.deep.equal([0, 12, 24, 36, 48, 60, 72, 84, 96, 108]);
    const roles = all.map(({ role }) => role);
    expect(roles).to.deep.equal([...Array(6).fill("onTime"), "successor", "successor", "open", "open"]);
    expect(landingBlocks(RULES, 5, windowEnd(RULES, 5))).to.deep.equal([]);
    expect(landingBlocks(RULES, 5, windowEnd(RULES, 5) - 1)).to.have.length(1);
  });

  it("whenever asked, are those that a look from the start would still have, on the asker's grid", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1_000 }), fc.integer({ min: -500, max: 500 }), (slot, offset) => {
        const start = RULES.genesisTime + slot * RULES.slotSeconds;
        const blocks = landingBlocks(RULES, slot, start + offset);
        for (const [i, { timeSec }] of blocks.entries()) {
          expect(timeSec).to.be.within(start, windowEnd(RULES, slot) - 1);
          expect(timeSec).to.be.at.least(start + offset);
          if (i > 0) expect(timeSec - (blocks[i - 1] as LandingBlock).timeSec).to.equal(RULES.l1SlotSeconds);
        }
        const last = blocks.at(-1)?.timeSec ?? start + offset - RULES.l1SlotSeconds;
        expect(last + RULES.l1SlotSeconds, "none is missing at the end").to.be.at.least(windowEnd(RULES, slot));
      }),
    );
  });
});

describe("a forecast of fees", () => {
  it("is exact for the next block, and holds every path that full and empty blocks can take", () => {
    fc.assert(
      fc.property(markets, fc.array(fc.integer({ min: 0, max: 30 }), { maxLength: 12 }), (market, fullness) => {
        expect(forecastFees(market, 0)).to.deep.equal({ expected: market, lowest: market, highest: market });
        let fee = market.nextBaseFeeWei;
        for (const part of fullness) fee = nextBaseFee(fee, BigInt(part) * 1_000_000n, 30_000_000n);
        const { lowest, highest } = forecastFees(market, fullness.length);
        expect(fee >= lowest.nextBaseFeeWei && fee <= highest.nextBaseFeeWei, `${fee}`).to.equal(true);
      }),
    );
  });
});

describe("the credit of a landing", () => {
  const at = (timeSec: number): LandingBlock => {
    const [block] = landingBlocks(RULES, 5, timeSec);
    if (block === undefined) throw new Error("outside the window");
    return block;
  };
  const late = RULES.genesisTime + 6 * RULES.slotSeconds;
  const market: Market = { nextBaseFeeWei: 10n * GWEI, priorityFeeWei: GWEI, blobBaseFeeWei: GWEI };

  it("is nothing in the proposer's slot and in the successor's window, and the quote in the open window", () => {
    const quote = ((48_000n * 11n * GWEI + 131_072n * GWEI) * 11n) / 10n;
    expect(creditOf(RULES, credit(), at(late - 12), market)).to.equal(0n);
    expect(creditOf(RULES, credit(), at(late), market)).to.equal(0n);
    expect(creditOf(RULES, credit(), at(late + 24), market)).to.equal(quote);
  });

  it("is the share on time where the header names the recipient, up to its cap, and nobody else's", () => {
    const named = (capBps: number) => credit({ header: header(5, US, capBps) });
    const share = creditOf(RULES, named(10_000), at(late - 12), market);
    expect(share > 0n).to.equal(true);
    expect(creditOf(RULES, named(100), at(late - 12), market)).to.equal(10n ** 14n);
    expect(creditOf(RULES, { ...named(10_000), recipient: NOBODY }, at(late - 12), market)).to.equal(0n);
  });

  it("never exceeds the cap of what the pool can pay", () => {
    fc.assert(
      fc.property(markets, fc.bigInt({ min: 0n, max: 10n ** 17n }), (prices, availableWei) => {
        const paid = creditOf(RULES, credit({ availableWei }), at(late + 36), prices);
        const effective = availableWei < 10n ** 16n ? availableWei : 10n ** 16n;
        expect(paid <= (effective * 9_000n) / 10_000n).to.equal(true);
      }),
    );
  });
});

describe("prospects", () => {
  const start = RULES.genesisTime + 6 * RULES.slotSeconds;
  const terms = (gas: bigint, minProfitWei: bigint) => ({
    gas,
    blobCount: 1,
    minProfitWei,
    tipWei: ({ priorityFeeWei }: Market) => priorityFeeWei,
    creditOf: (block: LandingBlock, market: Market) => creditOf(RULES, credit(), block, market),
  });
  const draws = [markets, fc.bigInt({ min: 20_000n, max: 300_000n }), fc.bigInt({ min: 0n, max: 10n ** 15n })] as const;

  it("are credit less cost at the prices expected, never below the worst, and sure only where the worst pays", () => {
    fc.assert(
      fc.property(...draws, (market, gas, minProfitWei) => {
        const prospects = landingProspects(terms(gas, minProfitWei), landingBlocks(RULES, 5, start), market);
        expect(prospects).to.have.length(4);
        for (const { creditWei, costWei, profitWei, worstProfitWei, confidence } of prospects) {
          expect(costWei).to.equal(marketCost(market, { gasEstimate: gas, blobCount: 1 }));
          expect(profitWei).to.equal(creditWei - costWei);
          expect(worstProfitWei <= profitWei).to.equal(true);
          expect(confidence === 1).to.equal(worstProfitWei >= minProfitWei);
          expect(confidence).to.be.within(0, 1);
        }
      }),
    );
  });

  it("count the tip that would be offered", () => {
    const market: Market = { nextBaseFeeWei: 10n * GWEI, priorityFeeWei: GWEI, blobBaseFeeWei: 1n };
    const [cheap] = landingProspects(terms(48_000n, 0n), landingBlocks(RULES, 5, start + 24), market);
    const seen: [bigint, number][] = [];
    const generous = {
      ...terms(48_000n, 0n),
      tipWei(_prices: Market, creditWei: bigint, blocksLeft: number) {
        seen.push([creditWei, blocksLeft]);
        return 2n * GWEI;
      },
    };
    const [dear] = landingProspects(generous, landingBlocks(RULES, 5, start + 24), market);
    expect((dear?.costWei ?? 0n) - (cheap?.costWei ?? 0n)).to.equal(48_000n * GWEI);
    expect(seen).to.deep.include([cheap?.creditWei, 2]);
  });

  it("hold at every price within the bounds: what is sure to pay does, whatever blocks come", () => {
    const part = fc.integer({ min: 0, max: 1_000 });
    fc.assert(
      fc.property(...draws, part, part, (market, gas, minProfitWei, basePart, blobPart) => {
        const prospects = landingProspects(terms(gas, minProfitWei), landingBlocks(RULES, 5, start + 24), market);
        for (const [ahead, { worstProfitWei, ...block }] of prospects.entries()) {
          const { lowest, highest } = forecastFees(market, ahead);
          const between = (low: bigint, high: bigint, at: number): bigint => low + ((high - low) * BigInt(at)) / 1_000n;
          const prices: Market = {
            ...market,
            nextBaseFeeWei: between(lowest.nextBaseFeeWei, highest.nextBaseFeeWei, basePart),
            blobBaseFeeWei: between(lowest.blobBaseFeeWei, highest.blobBaseFeeWei, blobPart),
          };
          const cost = marketCost(prices, { gasEstimate: gas, blobCount: 1 });
          // The credit's division rounds down, by less than a wei.
          expect(creditOf(RULES, credit(), block, prices) - cost >= worstProfitWei - 1n).to.equal(true);
        }
      }),
    );
  });

  it("are sent for exactly when the next block brings enough, and given up only when no block is left", () => {
    const from = fc.integer({ min: -100, max: 120 });
    fc.assert(
      fc.property(...draws, from, (market, gas, minProfitWei, offset) => {
        const blocks = landingBlocks(RULES, 5, start + offset);
        const prospects = landingProspects(terms(gas, minProfitWei), blocks, market);
        const choice = choose(prospects, minProfitWei);
        const [next] = prospects;
        expect(choice.action === "tooLate").to.equal(start + offset >= windowEnd(RULES, 5));
        const pays = next !== undefined && next.role === "open" && next.profitWei >= minProfitWei;
        expect(choice.action === "land").to.equal(pays);
        if (choice.action !== "hold" || next === undefined) return;
        const reasons = { onTime: "proposers-slot", successor: "successors-credit", open: "unprofitable" };
        expect(choice.reason).to.equal(reasons[next.role]);
      }),
    );
  });
});
