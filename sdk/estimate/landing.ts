import type { ContractError } from "../errors/contractError.ts";
import type { RollupConfig } from "../get/config.ts";
import type { Simulator } from "../simulate/simulator.ts";
import type { Market } from "../submit/types.ts";
import type { Hex } from "../types/hex.ts";
import type { Submission } from "../types/submission.ts";
import { creditOf, type RewardAtHand } from "../watch/credit.ts";
import { landingRole } from "../watch/window.ts";

/** L1 as it is would not take the checkpoint; `reason` is what the contract would say. */
export class EstimateError extends Error {
  readonly reason: ContractError;

  constructor(slot: number, reason: ContractError) {
    super(`slot ${slot} would not land: ${reason.message}`);
    this.name = "EstimateError";
    this.reason = reason;
  }
}

/** One checkpoint, and the L1 block it would land in. */
export interface LandingPlan {
  submission: Submission;
  /** Versioned hashes of its blobs, in order. */
  blobHashes: readonly Hex[];
  /** Who would send it. */
  from: Hex;
  /** Whom the submission would name. */
  recipient: Hex;
  /** Timestamp of the L1 block, Unix seconds. */
  timeSec: number;
  /** Prices of that block. */
  market: Market;
}

/** What landing would come to. */
export interface LandingEstimate {
  gas: bigint;
  /** Gas, priority fee and blob gas. */
  costWei: bigint;
  /** What settling would credit to the recipient. */
  rewardWei: bigint;
  /** `rewardWei - costWei`. */
  profitWei: bigint;
}

/**
 * Gas, cost, reward and profit of landing one checkpoint on the tip that L1 has.
 * @throws EstimateError when it would not land, SimulateError when that cannot be told.
 */
export async function estimateLanding(
  { simulator, config, reward }: { simulator: Simulator; config: RollupConfig; reward: RewardAtHand },
  { submission, blobHashes, from, recipient, timeSec, market }: LandingPlan,
): Promise<LandingEstimate> {
  const { header, blobCount } = submission;
  const result = await simulator.simulate({
    submissions: [submission],
    recipient,
    deadlineSec: timeSec,
    from,
    blobHashes,
    block: { timeSec, baseFeeWei: market.nextBaseFeeWei, blobBaseFeeWei: market.blobBaseFeeWei },
    priorityFeeWei: market.priorityFeeWei,
    assumed: [],
  });
  if (result.verdict !== "ok") throw new EstimateError(header.slot, result.error);
  const { gas, costWei } = result.cost;
  const block = { timeSec, role: landingRole(config, header.slot, timeSec) };
  const rewardWei = creditOf(config, { header, blobCount, recipient, ...reward }, block, market);
  return { gas, costWei, rewardWei, profitWei: rewardWei - costWei };
}
