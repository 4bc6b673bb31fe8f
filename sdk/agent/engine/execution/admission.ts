import type { TypedTransaction } from "@ethereumjs/tx";
import { type Account, KECCAK256_NULL } from "@ethereumjs/util";

/** Why a transaction cannot run now: `skipped` may change with the state or the next block, `invalid` will not. */
export interface Refusal {
  outcome: "skipped" | "invalid";
  reason: string;
}

/** What a transaction meets at its place in a block. */
export interface Place {
  baseFeePerGas: bigint;
  gasLimit: bigint;
  gasUsed: bigint;
}

/** A delegation of an account to a contract (EIP-7702) starts with these bytes, which no deployed code can. */
const DELEGATION_PREFIX = "ef0100";

/** The rules a transaction must meet before it runs, in Ethereum's terms; undefined if it may run. */
export function refuse(
  tx: TypedTransaction,
  sender: Account | undefined,
  senderCode: () => Uint8Array,
  place: Place,
): Refusal | undefined {
  const nonce = sender?.nonce ?? 0n;
  const balance = sender?.balance ?? 0n;
  if (tx.nonce < nonce) return invalid(`nonce too low: account is at ${nonce}, transaction has ${tx.nonce}`);
  if (tx.gasLimit > place.gasLimit) {
    return invalid(`gas limit ${tx.gasLimit} exceeds the block's ${place.gasLimit}`);
  }
  if (sender !== undefined && !isExternal(sender, senderCode)) return invalid("sender is a contract (EIP-3607)");
  if (tx.nonce > nonce) return skipped(`nonce gap: account is at ${nonce}, transaction has ${tx.nonce}`);
  const maxFee = "maxFeePerGas" in tx ? tx.maxFeePerGas : tx.gasPrice;
  if (maxFee < place.baseFeePerGas)
    return skipped(`fee cap ${maxFee} wei is below the base fee ${place.baseFeePerGas}`);
  const cost = tx.value + tx.gasLimit * maxFee;
  // Funds may still arrive, for instance with an earlier transaction that goes back to the pool together with this one.
  if (balance < cost) return skipped(`insufficient funds: needs up to ${cost} wei, account holds ${balance}`);
  if (place.gasUsed + tx.gasLimit > place.gasLimit) {
    return skipped(`needs ${tx.gasLimit} gas, block has ${place.gasLimit - place.gasUsed} left`);
  }
  return undefined;
}

function isExternal(sender: Account, code: () => Uint8Array): boolean {
  if (Buffer.from(sender.codeHash).equals(KECCAK256_NULL)) return true;
  return Buffer.from(code().subarray(0, 3)).toString("hex") === DELEGATION_PREFIX;
}

const skipped = (reason: string): Refusal => ({ outcome: "skipped", reason });
const invalid = (reason: string): Refusal => ({ outcome: "invalid", reason });
