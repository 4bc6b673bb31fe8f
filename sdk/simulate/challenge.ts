import { buildChallengeCalldata } from "../build/challenge.ts";
import type { ContractError } from "../errors/contractError.ts";
import { decodeContractError } from "../errors/decode.ts";
import { tipOfWord } from "../get/landed.ts";
import { landingTerms } from "../get/terms.ts";
import type { SubmittedTip } from "../get/tips.ts";
import type { RollupRef } from "../get/view.ts";
import type { Hex } from "../types/hex.ts";
import type { OverrideProvider } from "./code.ts";
import { SimulateError } from "./error.ts";
import type { SimulatedCost, SimulationRequest } from "./simulator.ts";

/** What a challenge in front of a landing leaves behind, and costs. */
export type SimulatedChallenge =
  | {
      /** The tip after it. */
      tip: SubmittedTip;
      /** Gas of a transaction that only challenges; 0 if nothing is challenged. */
      gas: bigint;
      error?: undefined;
    }
  | { error: ContractError };

/** Gas of any transaction, which a challenge in front of a landing does not pay again. */
const BASE_GAS = 21_000n;
/** Keeps the contract's `gasleft` guards away from the 1/64 that a call holds back. */
const LIMIT_MARGIN_DIVISOR = 8n;

/**
 * Asks the L1 node for the challenge alone: it needs neither blobs nor a time of its own.
 * @throws SimulateError "call-failed" when the node cannot tell.
 */
export async function simulateChallenge(
  { provider, rollup }: RollupRef & { provider: OverrideProvider },
  { challenged = [], from }: Pick<SimulationRequest, "challenged" | "from">,
  onL1: SubmittedTip,
  block: string,
): Promise<SimulatedChallenge> {
  const lowest = challenged.at(-1);
  if (lowest === undefined) return { tip: onL1, gas: 0n };
  const data = buildChallengeCalldata(challenged);
  try {
    const gas = BigInt((await provider.send("eth_estimateGas", [{ from, to: rollup, data }, block])) as Hex);
    const { number } = landingTerms(lowest.facts, lowest.details.submitter, lowest.details.recipient);
    // Somebody may have removed it before: then it is passed over.
    return { tip: onL1.number >= number ? tipOfWord(lowest.details.parent) : onL1, gas };
  } catch (thrown) {
    const error = decodeContractError(thrown);
    if (error) return { error };
    throw new SimulateError("call-failed", `the challenge was not simulated: ${thrown}`, { cause: thrown });
  }
}

/** The cost of a landing with the challenge in front of it. */
export function withChallenge(cost: SimulatedCost, gas: bigint, request: SimulationRequest): SimulatedCost {
  if (gas === 0n) return cost;
  const added = gas - BASE_GAS;
  const { baseFeeWei } = request.block;
  const costWei = cost.costWei + added * (baseFeeWei + request.priorityFeeWei);
  return {
    ...cost,
    gas: cost.gas + added,
    gasLimit: cost.gasLimit + added + added / LIMIT_MARGIN_DIVISOR,
    costWei,
    profitWei: cost.quotedWei - costWei,
  };
}
