import { Interface, type Log, type Provider } from "ethers";
import { ROLLUP_ABI } from "../abi/generated/rollup.ts";
import { buildClaimCalldata } from "../build/claim.ts";
import { decodeContractError } from "../errors/decode.ts";
import { submitRequest } from "../submit/content.ts";
import type { SimulationVerdict } from "../submit/simulation.ts";
import type { SubmitRequest } from "../submit/types.ts";
import type { Hex } from "../types/hex.ts";

const abi = new Interface(ROLLUP_ABI);

/** A transaction beside the landings. It has no window. */
export type ErrandPurpose = "claim" | "bond";

export interface ErrandRequest extends SubmitRequest {
  purpose: ErrandPurpose;
}

/** Gas of either errand, rounded up: used until an estimate is there. */
const ERRAND_GAS = 60_000n;

/**
 * The request for an errand.
 * @param amountWei To bond, or expected of a claim.
 * @param count How many of its kind were done before: claims are alike to the byte, and each is to be done.
 */
export function errandRequest(rollup: Hex, purpose: ErrandPurpose, amountWei: bigint, count: number): ErrandRequest {
  const request = submitRequest({
    to: rollup,
    data: purpose === "claim" ? buildClaimCalldata() : (abi.encodeFunctionData("bond") as Hex),
    valueWei: purpose === "bond" ? amountWei : 0n,
    checkpoints: [],
    gasEstimate: ERRAND_GAS,
    notBeforeSec: 0,
    deadlineSec: Number.MAX_SAFE_INTEGER,
    valueAtStakeWei: purpose === "claim" ? amountWei : undefined,
    occasion: `${purpose} ${count}`,
  });
  return { ...request, purpose };
}

/** What an errand's transaction moved: claimed, or added to the bond; wei. */
export function errandAmount(logs: readonly Log[]): bigint {
  const event = logs.map((log) => abi.parseLog(log)).find((e) => e?.name === "Claimed" || e?.name === "Bonded");
  const [, amountWei] = (event?.args ?? []) as unknown as [string, bigint?];
  return amountWei ?? 0n;
}

/** Whether an errand would go through now, and its gas. Throws only when the node cannot be asked. */
export async function simulateErrand(
  provider: Provider,
  { to, data, valueWei }: SubmitRequest,
  from: Hex,
): Promise<SimulationVerdict> {
  try {
    return { verdict: "ok", gas: await provider.estimateGas({ to, data, value: valueWei, from }) };
  } catch (error) {
    const reason = decodeContractError(error);
    if (reason === undefined) throw error;
    return { verdict: "stale", reason: reason.message };
  }
}
