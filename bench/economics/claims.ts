import { costsOf, GAS } from "./costs.ts";
import { REGIMES, type RegimeName } from "./fees.ts";
import { playHandoff } from "./handoff.ts";
import { hindsightOf } from "./hindsight.ts";
import { OURS, ours, RULES } from "./mechanisms.ts";
import { FIRST_BLOCK, ownValues } from "./own.ts";
import { SABOTAGE } from "./population.ts";
import type { EconomicsResults } from "./run.ts";
import type { Figures } from "./tally.ts";

/** Something the mechanism is said to do, and what came out. */
export interface Claim {
  id: "E13" | "E14";
  regime: RegimeName | "any";
  claim: string;
  found: string;
  ok: boolean;
}

const MOST_SYBIL_PROFITABLE = 0.05;
const MOST_DELIBERATELY_LATE = 0.005;
const MOST_DOUBLE_SENDS = 0.05;
const MOST_UNSERVED = 0.01;
/** Where two mechanisms land nearly everything, neither can land more. */
const NEARLY_ALL = 0.995;

/**
 * Every claim about our mechanism, held against the figures.
 * @param landedError By how much a run of this length may miss what lands.
 */
export function claims(results: EconomicsResults, rewardGwei: number, landedError: number): Claim[] {
  const regimes = Object.entries(results) as [RegimeName, Record<string, Figures>][];
  return [
    ...[false, true].map((sameOperator) => prefersOnTime(rewardGwei, sameOperator)),
    ...regimes.flatMap(([regime, mechanisms]) => claimsOf(regime, mechanisms, landedError)),
  ];
}

function claimsOf(regime: RegimeName, mechanisms: Record<string, Figures>, landedError: number): Claim[] {
  const figures = mechanisms[OURS] as Figures;
  const atMost = (claim: string, value: number, bound: number): Claim => ({
    id: "E13",
    regime,
    claim,
    found: `${value} <= ${bound}`,
    ok: value <= bound,
  });
  const gain = SABOTAGE.least / SABOTAGE.works;
  return [
    atMost("lateness pays with hindsight in few fee states", figures.sybilProfitable, MOST_SYBIL_PROFITABLE),
    atMost(
      "proposers that know the fees to come are late on purpose",
      figures.deliberatelyLate,
      MOST_DELIBERATELY_LATE,
    ),
    atMost("late checkpoints that pay somebody find nobody", figures.unserved, MOST_UNSERVED),
    atMost("a successor gains less than delaying its predecessor costs", figures.successorGainP99, gain),
    atMost("successors that keep their predecessor off L1", figures.sabotaged, 0),
    atMost("handoffs with a second transaction", figures.doubleSends, MOST_DOUBLE_SENDS),
    landsMost(regime, mechanisms, landedError),
    {
      id: "E14",
      regime,
      claim: "costs nothing outside",
      found: `${figures.outsideCost}`,
      ok: figures.outsideCost === 0,
    },
  ];
}

function landsMost(regime: RegimeName, mechanisms: Record<string, Figures>, landedError: number): Claim {
  const own = (mechanisms[OURS] as Figures).landed;
  const rivals = Object.entries(mechanisms).filter(
    ([name, { outsideCost }]) => outsideCost === 0 && !name.includes(OURS),
  );
  const highest = Math.max(...rivals.map(([, { landed }]) => landed));
  const ok = own + landedError > highest || (own >= highest && own >= NEARLY_ALL);
  return {
    id: "E14",
    regime,
    claim: "lands more than all that cost nothing outside, or as much where that is all",
    found: `${own} against ${highest}`,
    ok,
  };
}

/** Costs that are tried, in hundredths of the reward. */
const COST_STEPS = 100;

/**
 * At fees that stay what they are, every cost up to the reward, with quotas that are what landing takes: what a quota
 * is too high comes on top.
 */
function prefersOnTime(rewardGwei: number, sameOperator: boolean): Claim {
  const rules = { ...RULES, gasQuota: GAS.alone, gasQuotaBatch: GAS.batch };
  const mechanism = ours(OURS, rules, rewardGwei, { rescueBondBps: 0, onTimeShare: true });
  const publisher = { inclusion: 1, offline: 0 };
  let upTo = 0;
  for (let step = 1; step <= COST_STEPS; step++) {
    const blocks = blocksAt(step / COST_STEPS, rewardGwei);
    const own = ownValues(mechanism, blocks, { operator: { publisher, strategic: true }, online: true });
    const handoff = {
      mechanism,
      blocks: blocks.slice(0, RULES.handoffWindowSeconds / RULES.l1SlotSeconds),
      own,
      successor: { inclusion: 1, strategic: true },
      proposer: { inclusion: 0, strategic: false },
      sameOperator,
      spite: 0,
    };
    if (hindsightOf(handoff, playHandoff(handoff), blocks, FIRST_BLOCK).lateIsBetter) break;
    upTo = step / COST_STEPS;
  }
  const claim = sameOperator
    ? "so does an operator of both slots, up to"
    : "a proposer prefers on time at every steady cost, up to";
  return { id: "E13", regime: "any", claim, found: `${upTo} T >= 1 T`, ok: upTo >= 1 };
}

/** Blocks in which landing costs that part of a reward, fees in their usual proportion and a tip as quotes assume. */
function blocksAt(cost: number, rewardGwei: number) {
  const { medianBaseFeeGwei, medianBlobFeeGwei } = REGIMES.normal;
  const tipGwei = Number(RULES.tipWei) / 1e9;
  const feesAt = (scale: number) => ({
    baseFeeGwei: medianBaseFeeGwei * scale,
    blobFeeGwei: medianBlobFeeGwei * scale,
    tipGwei,
    missed: false,
  });
  const tipCost = costsOf(feesAt(0), rewardGwei).alone;
  const fees = feesAt(Math.max(0, cost - tipCost) / (costsOf(feesAt(1), rewardGwei).alone - tipCost));
  return Array.from({ length: RULES.slotSeconds / RULES.l1SlotSeconds }, (_, index) => ({
    fees,
    costs: costsOf(fees, rewardGwei),
    seconds: index * RULES.l1SlotSeconds,
  }));
}
