import { seededRandom } from "../../sdk/agent/network/seeded-random.ts";
import { costsOf } from "./costs.ts";
import { feeTrace, REGIMES, type RegimeName } from "./fees.ts";
import { mechanismsOf, RULES } from "./mechanisms.ts";
import { proposers } from "./population.ts";
import { simulate } from "./simulate.ts";
import { type Figures, Tally } from "./tally.ts";

/** By regime and mechanism. */
export type EconomicsResults = Record<RegimeName, Record<string, Figures>>;

export interface RunOptions {
  seeds: readonly number[];
  /** Slots a seed. */
  slots: number;
  /** The reward of a checkpoint. */
  rewardGwei: number;
}

/** Mean cost of a landing in the normal regime, in rewards: what operators of a live system report. */
const MEAN_COST = 0.77;
const CALIBRATION_SEED = 1;
const CALIBRATION_BLOCKS = 200_000;

/** The reward that makes a landing in the normal regime cost `MEAN_COST` of it on average; gwei. */
export function calibratedRewardGwei(): number {
  const trace = feeTrace(REGIMES.normal, CALIBRATION_BLOCKS, seededRandom(CALIBRATION_SEED));
  return trace.reduce((sum, fees) => sum + costsOf(fees, 1).alone, 0) / CALIBRATION_BLOCKS / MEAN_COST;
}

/** Runs every mechanism over the same worlds of every regime. */
export function runEconomics({ seeds, slots, rewardGwei }: RunOptions): EconomicsResults {
  const mechanisms = mechanismsOf(rewardGwei);
  const regimes = Object.entries(REGIMES).map(([name, regime]) => {
    const tallies = mechanisms.map(() => new Tally());
    for (const seed of seeds) {
      const random = seededRandom(seed);
      const fees = feeTrace(regime, (slots * RULES.slotSeconds) / RULES.l1SlotSeconds, random);
      const world = { seed, rewardGwei, fees, proposers: proposers(slots, random) };
      for (const [index, mechanism] of mechanisms.entries()) simulate(mechanism, world, tallies[index] as Tally);
    }
    const figures = mechanisms.map(({ name: of }, index) => [of, (tallies[index] as Tally).figures()] as const);
    return [name, Object.fromEntries(figures)] as const;
  });
  return Object.fromEntries(regimes) as EconomicsResults;
}
