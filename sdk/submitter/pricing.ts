import { estimateLanding } from "../estimate/landing.ts";
import type { RollupConfig } from "../get/config.ts";
import type { RollupRef } from "../get/view.ts";
import type { Simulator } from "../simulate/simulator.ts";
import { bid, max } from "../submit/fees.ts";
import type { SubmitPolicy } from "../submit/policy.ts";
import type { Market } from "../submit/types.ts";
import type { Hex } from "../types/hex.ts";
import { creditOf } from "../watch/credit.ts";
import { landingProspects, type Prospect } from "../watch/prospects.ts";
import type { CertifiedCheckpoint } from "../watch/source.ts";
import { type LandingBlock, landingBlocks } from "../watch/window.ts";
import { type Choice, choose } from "./choose.ts";
import { rewardAtHand } from "./reward.ts";

/** The checkpoint next in line, priced for every L1 block left. */
export interface Standing {
  checkpoint: CertifiedCheckpoint;
  gas: bigint;
  prospects: Prospect[];
  choice: Choice;
}

/** Who would land, and for whom. */
export interface PricingParts {
  ref: RollupRef;
  config: RollupConfig;
  simulator: Simulator;
  /** How it would bid. */
  policy: SubmitPolicy;
  from: Hex;
  recipient: Hex;
  minProfitWei: bigint;
}

/**
 * Prices a checkpoint whose parent is the tip: its gas by one simulation, the reward by what L1 holds for it, the rest by
 * arithmetic.
 * @param nextSec Timestamp of the next L1 block, and `market` its prices.
 * @throws EstimateError when L1 as it is would not take it, SimulateError when that cannot be told.
 */
export async function priceNext(
  parts: PricingParts,
  checkpoint: CertifiedCheckpoint,
  nextSec: number,
  market: Market,
): Promise<Standing> {
  const { config, minProfitWei, policy, recipient } = parts;
  const { header, blobCount } = checkpoint.submission;
  const blocks = landingBlocks(config, header.slot, nextSec);
  const [first] = blocks;
  if (first === undefined) return { checkpoint, gas: 0n, prospects: [], choice: { action: "tooLate" } };
  const reward = await rewardAtHand(parts.ref, config, header.slot);
  const { gas } = await estimateLanding(
    { simulator: parts.simulator, config, reward },
    { ...checkpoint, from: parts.from, recipient, timeSec: first.timeSec, market },
  );
  const credit = { header, blobCount, recipient, ...reward };
  const terms = {
    gas,
    blobCount,
    minProfitWei,
    tipWei(prices: Market, creditWei: bigint, blocksLeft: number) {
      const bidTerms = { gasEstimate: gas, blobCount, valueAtStakeWei: max(0n, creditWei - minProfitWei) };
      return bid(prices, bidTerms, blocksLeft, policy).maxPriorityFeePerGasWei;
    },
    creditOf: (block: LandingBlock, prices: Market) => creditOf(config, credit, block, prices),
  };
  const ahead = Math.round((first.timeSec - nextSec) / config.l1SlotSeconds);
  const prospects = landingProspects(terms, blocks, market, ahead);
  return { checkpoint, gas, prospects, choice: choose(prospects, minProfitWei) };
}
