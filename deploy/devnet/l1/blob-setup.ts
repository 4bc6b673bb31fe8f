import { Wallet } from "ethers";
import { CANCEL_GAS } from "../../../sdk/submit/decide.ts";
import { cancellation, signTransaction } from "../../../sdk/submit/transaction.ts";
import { WALLET } from "../accounts.ts";

/** Far above the prices of a fresh chain. */
const FIRST_FEE_WEI = 100_000_000_000n;

/**
 * An L1 node loads its trusted setup with the first blob transaction, which takes seconds and would make that one late.
 * So the first one is the zero blob, sent by an account that nothing else here is sent from.
 */
export async function loadBlobSetup(request: (method: string, params: unknown[]) => Promise<unknown>): Promise<void> {
  const chainId = Number(await request("eth_chainId", []));
  const fees = { maxFeePerGasWei: FIRST_FEE_WEI, maxPriorityFeePerGasWei: 1n, maxFeePerBlobGasWei: FIRST_FEE_WEI };
  const payload = cancellation(WALLET.address, true, 0);
  const unsigned = { ...payload, chainId, nonce: 0, gasLimit: CANCEL_GAS, fees, blobWrapperVersion: 0 as const };
  const { raw } = await signTransaction(new Wallet(WALLET.key), unsigned);
  await request("eth_sendRawTransaction", [raw]);
}
