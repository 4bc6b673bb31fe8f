import type { Provider } from "ethers";
import { decodeContractError } from "../../errors/decode.ts";
import type { SimulatedSending, SimulationVerdict } from "../../submit/simulation.ts";
import type { SubmitRequest } from "../../submit/types.ts";

/**
 * Whether a call of the rollup without blobs would go through now, and the gas it takes. An account that cannot pay for
 * it at today's price does not try.
 * @throws what the provider throws when L1 cannot be asked.
 */
export async function simulateCall(
  provider: Provider,
  { to, data }: SubmitRequest,
  { from, market }: Pick<SimulatedSending, "from" | "market">,
): Promise<SimulationVerdict> {
  let gas: bigint;
  try {
    gas = await provider.estimateGas({ to, data, from });
  } catch (error) {
    const reason = decodeContractError(error);
    if (reason === undefined) throw error;
    return { verdict: "stale", reason: reason.message };
  }
  const balanceWei = await provider.getBalance(from);
  const costWei = gas * (market.nextBaseFeeWei + market.priorityFeeWei);
  if (balanceWei < costWei) {
    return { verdict: "notYet", reason: `${from} holds ${balanceWei} wei, and this would cost ${costWei}` };
  }
  return { verdict: "ok", gas };
}
