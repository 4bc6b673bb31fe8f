import { ZeroAddress } from "ethers";
import type { RollupConfig } from "../get/config.ts";
import type { RewardAtHand } from "../watch/credit.ts";

/** The reward of a deployment whose pool is full and whose reward was never changed. */
export function genesisReward({ rewardWei, verifier }: RollupConfig): RewardAtHand {
  return { rewardWei, availableWei: rewardWei, proven: verifier !== ZeroAddress };
}
