import { expect } from "chai";
import fc from "fast-check";
import { MAX_QUOTE_WEI } from "../../../sdk/rewards/quote.ts";
import { shareOf } from "../../../sdk/rewards/rules.ts";
import { splitReward } from "../../../sdk/rewards/split.ts";
import { type RewardTerms, termsOfLanding } from "../../../sdk/rewards/terms.ts";
import { anyFees, anyLanding, anyRules, anySplitInput, landing, RULES } from "./rules.ts";

const LATE: RewardTerms = {
  late: true,
  successor: false,
  batched: false,
  shared: false,
  chargedWei: 300n,
  paidWei: 300n,
};
const INPUT = { rewardWei: 1000n, availableWei: 5000n, onTimeCapBps: 0, confirmed: true, proven: false };

describe("split of a reward", () => {
  const late = (terms: Partial<RewardTerms>, input: Partial<typeof INPUT> = {}) => {
    const { proposerWei, sharedWei, burnedWei } = splitReward(RULES, { ...LATE, ...terms }, { ...INPUT, ...input });
    return [proposerWei, sharedWei, burnedWei];
  };

  it("burns a slice of a late one and charges the proposer the quote", () => {
    expect(late({})).to.deep.equal([600n, 300n, 100n]);
  });

  it("E4 charges the proposer no more than the cap", () => {
    expect(late({ chargedWei: 5000n, paidWei: 5000n })).to.deep.equal([0n, 900n, 100n]);
  });

  it("burns what a landing in a batch costs less", () => {
    expect(late({ batched: true, paidWei: 120n })).to.deep.equal([600n, 120n, 280n]);
  });

  it("covers in a batch what landing the next checkpoint costs above its reward, up to the cap", () => {
    const batch = (chargedWei: bigint): bigint => late({ batched: true, chargedWei, paidWei: 500n })[1] as bigint;
    expect([1100n, 1101n, 1400n, 1500n, 1501n, 2n ** 96n - 1n].map(batch)).to.deep.equal([
      500n,
      501n,
      800n,
      900n,
      900n,
      900n,
    ]);
    expect(late({ chargedWei: 1400n, paidWei: 500n })[1]).to.equal(500n);
  });

  it("leaves nothing to the proposer of a checkpoint that the next one does not confirm", () => {
    expect(late({}, { confirmed: false })).to.deep.equal([0n, 300n, 700n]);
  });

  it("splits what the pool has when it has too little, and says what is missing", () => {
    const split = splitReward(RULES, LATE, { ...INPUT, availableWei: 400n });
    expect(split).to.include({ effectiveWei: 400n, missingWei: 600n, burnedWei: 40n, sharedWei: 300n });
    expect(split.proposerWei).to.equal(60n);
    expect(splitReward(RULES, LATE, { ...INPUT, availableWei: 0n }).sharedWei).to.equal(0n);
  });

  it("pays the prover first, and splits the rest", () => {
    const split = splitReward({ ...RULES, proverBps: 2000 }, LATE, { ...INPUT, proven: true });
    expect(split).to.include({ proverWei: 200n, burnedWei: 80n, sharedWei: 300n, proposerWei: 420n });
    expect(splitReward({ ...RULES, proverBps: 2000 }, LATE, INPUT).proverWei).to.equal(0n);
  });

  it("shares an on-time reward up to the header's cap, and burns nothing", () => {
    const shared = { ...LATE, late: false, shared: true };
    const split = splitReward(RULES, shared, { ...INPUT, onTimeCapBps: 2500 });
    expect(split).to.include({ proposerWei: 750n, sharedWei: 250n, burnedWei: 0n });
    expect(splitReward(RULES, shared, { ...INPUT, onTimeCapBps: 10_000 }).sharedWei).to.equal(300n);
  });
});

describe("any split of a reward", () => {
  const termsOf = fc
    .tuple(anyRules, anyLanding)
    .map(([rules, input]) => ({ rules, terms: termsOfLanding(rules, input) }));
  const anySplit = fc
    .tuple(
      termsOf.filter(({ terms }) => terms !== undefined),
      anySplitInput,
    )
    .map(([{ rules, terms }, input]) => ({ rules, terms: terms as RewardTerms, input }));

  it("E1 adds up to the reward, to the wei, and takes nothing away from anybody", () => {
    fc.assert(
      fc.property(anySplit, ({ rules, terms, input }) => {
        const split = splitReward(rules, terms, input);
        const { proposerWei, sharedWei, burnedWei, proverWei } = split;
        expect(proverWei + proposerWei + sharedWei + burnedWei).to.equal(split.effectiveWei);
        expect(split.effectiveWei + split.missingWei).to.equal(input.rewardWei);
        expect([proposerWei, sharedWei, burnedWei, proverWei].every((wei) => wei >= 0n)).to.equal(true);
      }),
    );
  });

  it("E2 leaves an on-time reward whole to a proposer that shares with nobody", () => {
    fc.assert(
      fc.property(anyRules, anyFees, anySplitInput, (rules, fees, input) => {
        const terms = termsOfLanding(rules, landing(-60, { fees }))!;
        const split = splitReward(rules, terms, { ...input, proven: false });
        expect(split.proposerWei).to.equal(split.effectiveWei);
      }),
    );
  });

  it("E3 and E4 keep the burn from proposer and submitter together, and the charge below the cap", () => {
    let late = 0;
    fc.assert(
      fc.property(anySplit, ({ rules, terms, input }) => {
        if (!terms.late) return;
        late++;
        const split = splitReward(rules, terms, input);
        const left = split.effectiveWei - split.proverWei;
        expect(split.proposerWei + split.sharedWei <= left - shareOf(left, rules.burnBps)).to.equal(true);
        expect(split.sharedWei <= shareOf(left, rules.capBps)).to.equal(true);
        if (!input.confirmed) return;
        const charged = left - shareOf(left, rules.burnBps) - split.proposerWei;
        expect(charged >= split.sharedWei && charged <= shareOf(left, rules.capBps)).to.equal(true);
      }),
    );
    expect(late).to.be.greaterThan(10);
  });

  it("E5 and E6 at equal fees charge no less later, and give away the same in all", () => {
    const seconds = fc.tuple(fc.nat({ max: 59 }), fc.nat({ max: 59 }));
    let pairs = 0;
    fc.assert(
      fc.property(anyRules, anyFees, anySplitInput, seconds, fc.boolean(), (rules, fees, input, [a, b], followed) => {
        const at = (second: number) => termsOfLanding(rules, landing(second, { fees, followed }));
        const [early, later] = [at(Math.min(a, b)), at(Math.max(a, b))];
        if (early === undefined || later === undefined) return;
        pairs++;
        expect(later.chargedWei >= early.chargedWei).to.equal(true);
        const [first, second] = [splitReward(rules, early, input), splitReward(rules, later, input)];
        expect(second.proposerWei <= first.proposerWei).to.equal(true);
        const total = (split: typeof first): bigint => split.proposerWei + split.sharedWei + split.burnedWei;
        expect(total(second)).to.equal(total(first));
      }),
    );
    expect(pairs).to.be.greaterThan(10);
  });

  it("E12 pays no more than the cap at fees beyond all bounds", () => {
    const fees = { baseFeeWei: 2n ** 256n - 1n, blobBaseFeeWei: 2n ** 256n - 1n };
    const terms = termsOfLanding(RULES, landing(0, { fees }))!;
    expect(terms.chargedWei).to.equal(MAX_QUOTE_WEI);
    const { sharedWei, proposerWei, burnedWei } = splitReward(RULES, terms, INPUT);
    expect([proposerWei, sharedWei, burnedWei]).to.deep.equal([0n, 900n, 100n]);
  });
});
