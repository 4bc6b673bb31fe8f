import { normal } from "./random.ts";

/** What one L1 block asks. A missed one carries nothing. */
export interface BlockFees {
  baseFeeGwei: number;
  blobFeeGwei: number;
  /** Priority fee that gets a transaction in. */
  tipGwei: number;
  missed: boolean;
}

/** How fees move: what demand would pay wanders around a median, and spikes at times. */
export interface Regime {
  medianBaseFeeGwei: number;
  medianBlobFeeGwei: number;
  /** Standard deviation of the logarithm of demand, in the long run. */
  sigma: number;
  /** Chance that a spike begins in a block. */
  spikeChance: number;
  /** Mean of the logarithm by which a spike multiplies demand. */
  spikeLog: number;
  /** Blocks after which a spike is down to 1/e. */
  spikeBlocks: number;
  /** Standard deviation of a block's step that no demand explains. */
  noise: number;
}

export const REGIMES = {
  calm: {
    medianBaseFeeGwei: 3,
    medianBlobFeeGwei: 0.8,
    sigma: 0.25,
    spikeChance: 1 / 3000,
    spikeLog: 0.7,
    spikeBlocks: 30,
    noise: 0.02,
  },
  normal: {
    medianBaseFeeGwei: 8,
    medianBlobFeeGwei: 2,
    sigma: 0.5,
    spikeChance: 1 / 600,
    spikeLog: 0.9,
    spikeBlocks: 30,
    noise: 0.03,
  },
  spiky: {
    medianBaseFeeGwei: 8,
    medianBlobFeeGwei: 2,
    sigma: 0.6,
    spikeChance: 1 / 120,
    spikeLog: 1.2,
    spikeBlocks: 25,
    noise: 0.04,
  },
} satisfies Record<string, Regime>;

export type RegimeName = keyof typeof REGIMES;

/** L1 moves a base fee by at most an eighth a block (EIP-1559), and a blob base fee hardly faster. */
const MAX_STEP = Math.log(1.125);
/** Part of the way to what demand would pay that a fee goes in a block, if it may. */
const PULL = 0.25;
/** Demand forgets where it was in about an hour. */
const MEMORY_BLOCKS = 300;
/** A blob base fee is never below this part of the base fee (EIP-7918). */
const BLOB_RESERVE = 1 / 16;
const MISSED_CHANCE = 0.01;
const TIP_OF_BASE_FEE = 0.06;
const TIP_SIGMA = 0.5;

/** Fees of consecutive L1 blocks: log-normal demand with spikes, followed by the base fees as fast as L1 allows. */
export function feeTrace(regime: Regime, blocks: number, random: () => number): BlockFees[] {
  const baseFee = follower(regime, regime.medianBaseFeeGwei, random);
  const blobFee = follower(regime, regime.medianBlobFeeGwei, random);
  return Array.from({ length: blocks }, () => {
    const baseFeeGwei = baseFee();
    return {
      baseFeeGwei,
      blobFeeGwei: Math.max(blobFee(), baseFeeGwei * BLOB_RESERVE),
      tipGwei: TIP_OF_BASE_FEE * baseFeeGwei * Math.exp(TIP_SIGMA * normal(random)),
      missed: random() < MISSED_CHANCE,
    };
  });
}

/** One fee, block by block. */
function follower(regime: Regime, medianGwei: number, random: () => number): () => number {
  const memory = Math.exp(-1 / MEMORY_BLOCKS);
  const shock = regime.sigma * Math.sqrt(1 - memory ** 2);
  let demand = regime.sigma * normal(random);
  let spike = 0;
  let fee = demand;
  return () => {
    demand = memory * demand + shock * normal(random);
    spike *= 1 - 1 / regime.spikeBlocks;
    if (random() < regime.spikeChance) spike += -regime.spikeLog * Math.log(1 - random());
    const step = PULL * (demand + spike - fee) + regime.noise * normal(random);
    fee += Math.max(-MAX_STEP, Math.min(MAX_STEP, step));
    return medianGwei * Math.exp(fee);
  };
}
