import { marketCost, min } from "../submit/fees.ts";
import type { Market } from "../submit/types.ts";
import { type Forecast, forecastFees } from "./forecast.ts";
import type { LandingBlock } from "./window.ts";

/** What landing a checkpoint in one L1 block would come to. */
export interface Prospect extends LandingBlock {
  /** Prices expected in that block. */
  market: Market;
  /** What settling would credit to the recipient, wei. */
  creditWei: bigint;
  costWei: bigint;
  /** `creditWei - costWei`. */
  profitWei: bigint;
  /** The least profit that the block's fees can lead to: they are bounded, the further away the wider. */
  worstProfitWei: bigint;
  /** How sure it is to pay: the part, 0 to 1, of the fees within those bounds at which it does. */
  confidence: number;
}

/** What pricing needs to know of a landing. */
export interface ProspectTerms {
  /** As a simulation or an estimate gives it. */
  gas: bigint;
  blobCount: number;
  /** The credit in a block at given prices. */
  creditOf(block: LandingBlock, market: Market): bigint;
  /** The priority fee that would be offered, wei per gas: a bid may share a part of what landing brings. */
  tipWei(market: Market, creditWei: bigint, blocksLeft: number): bigint;
  /** Landing is worth it from this profit on, wei. */
  minProfitWei: bigint;
}

/** Fees looked at between the bounds, for each of the two. */
const GRID = 5n;

/**
 * What landing would come to in each of these L1 blocks.
 * @param blocks In order, the first of them the `firstAhead`-th after the next L1 block.
 * @param next Prices of the next L1 block.
 */
export function landingProspects(
  terms: ProspectTerms,
  blocks: readonly LandingBlock[],
  next: Market,
  firstAhead = 0,
): Prospect[] {
  return blocks.map((block, index) => {
    const forecast = forecastFees(next, firstAhead + index);
    return prospectAt(terms, block, forecast, blocks.length - index);
  });
}

/** @param blocksLeft L1 blocks from this one to the last. */
function prospectAt(
  terms: ProspectTerms,
  block: LandingBlock,
  { expected, lowest, highest }: Forecast,
  blocksLeft: number,
): Prospect {
  const atPrices = (market: Market): { creditWei: bigint; costWei: bigint; profitWei: bigint } => {
    const creditWei = terms.creditOf(block, market);
    const priorityFeeWei = terms.tipWei(market, creditWei, blocksLeft);
    const costWei = marketCost({ ...market, priorityFeeWei }, { gasEstimate: terms.gas, blobCount: terms.blobCount });
    return { creditWei, costWei, profitWei: creditWei - costWei };
  };
  const found = grid(lowest, highest).map((market) => atPrices(market).profitWei);
  const now = atPrices(expected);
  const paying = found.filter((profit) => profit >= terms.minProfitWei).length;
  return {
    ...block,
    market: expected,
    ...now,
    // A credit is the lesser of amounts that are linear in the fees: the worst profit is at one of their bounds.
    worstProfitWei: found.reduce(min, now.profitWei),
    confidence: paying / found.length,
  };
}

function grid(lowest: Market, highest: Market): Market[] {
  const steps = (low: bigint, high: bigint): bigint[] =>
    Array.from({ length: Number(GRID) }, (_, i) => low + ((high - low) * BigInt(i)) / (GRID - 1n));
  return steps(lowest.nextBaseFeeWei, highest.nextBaseFeeWei).flatMap((nextBaseFeeWei) =>
    steps(lowest.blobBaseFeeWei, highest.blobBaseFeeWei).map((blobBaseFeeWei) => ({
      ...lowest,
      nextBaseFeeWei,
      blobBaseFeeWei,
    })),
  );
}
