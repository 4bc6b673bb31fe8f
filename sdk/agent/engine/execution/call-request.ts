import type { BlockHeader } from "@ethereumjs/block";
import { isHex } from "../hex.ts";
import { type CallRequest, EngineError } from "../interface.ts";

const TRANSACTION_GAS = 21_000n;
const CREATION_GAS = 32_000n;
const INITCODE_WORD_GAS = 2n;
/** EIP-2930's and EIP-7702's charges before execution. */
const LISTED_ADDRESS_GAS = 2_400n;
const LISTED_KEY_GAS = 1_900n;
const AUTHORIZATION_GAS = 25_000n;

/** Gas before execution, and the least a transaction with this data pays (EIP-7623). */
export function intrinsicGas(request: CallRequest, data: Uint8Array): { base: bigint; floor: bigint } {
  const { accessList = [], authorizations = [] } = request;
  let tokens = 0n;
  for (const byte of data) tokens += byte === 0 ? 1n : 4n;
  const words = BigInt(Math.ceil(data.length / 32));
  const creation = request.to === undefined ? CREATION_GAS + INITCODE_WORD_GAS * words : 0n;
  const keys = accessList.reduce((sum, { storageKeys }) => sum + storageKeys.length, 0);
  const listed = BigInt(accessList.length) * LISTED_ADDRESS_GAS + BigInt(keys) * LISTED_KEY_GAS;
  const authorized = BigInt(authorizations.length) * AUTHORIZATION_GAS;
  return {
    base: TRANSACTION_GAS + 4n * tokens + creation + listed + authorized,
    floor: TRANSACTION_GAS + 10n * tokens,
  };
}

/** What the sender pays per gas: nothing unless it names a price; never more than base fee plus tip. */
export function gasPrice(request: CallRequest, baseFeePerGas: bigint): bigint {
  if (request.gasPrice !== undefined) return request.gasPrice;
  if (request.maxFeePerGas === undefined) return 0n;
  const offered = baseFeePerGas + (request.maxPriorityFeePerGas ?? 0n);
  return request.maxFeePerGas < offered ? request.maxFeePerGas : offered;
}

/** At most what the block has. */
export function gasCap({ gas }: CallRequest, { gasLimit }: Pick<BlockHeader, "gasLimit">): bigint {
  return gas === undefined || gas > gasLimit ? gasLimit : gas;
}

/** Throws EngineError "bad-request", naming the field at fault. */
export function checkRequest(request: CallRequest): void {
  const fail = (message: string): never => {
    throw new EngineError("bad-request", `call: ${message}`);
  };
  if (request.from !== undefined && !isHex(request.from, 20)) fail(`from is not a 20-byte address: ${request.from}`);
  if (request.to !== undefined && !isHex(request.to, 20)) fail(`to is not a 20-byte address: ${request.to}`);
  if (request.data !== undefined && !isHex(request.data)) fail("data is not whole bytes of hexadecimal");
  for (const name of ["value", "gas", "gasPrice", "maxFeePerGas", "maxPriorityFeePerGas"] as const) {
    const value = request[name];
    if (value !== undefined && (typeof value !== "bigint" || value < 0n || value >= 2n ** 256n)) {
      fail(`${name} is not a number of at most 256 bits: ${value}`);
    }
  }
}
