import type { Hex } from "../../types/hex.ts";
import type { ExecutionPayload, PayloadAttributes, Withdrawal } from "../../types/payload.ts";
import { isHex } from "./hex.ts";
import type { ForkchoiceState } from "./interface.ts";

/** Largest sum of transaction bytes in a block: twice what 30,000,000 gas of zero bytes can pay for. */
export const MAX_BLOCK_BYTES = 8 * 1024 * 1024;
/** Most transactions in a block: far above what any gas limit in use can hold at 21,000 gas each. */
export const MAX_BLOCK_TRANSACTIONS = 20_000;
/** Most withdrawals in a block: the most inbox messages a checkpoint consumes. */
export const MAX_BLOCK_WITHDRAWALS = 1_024;

const MAX_UINT64 = 2n ** 64n - 1n;
const MAX_UINT256 = 2n ** 256n - 1n;
/** Ethereum's own bound; the EVM counts gas in 63 bits. */
const MAX_GAS_LIMIT = 2n ** 63n - 1n;

/** First field of `payload` that has not the form the Engine API gives it, or undefined. Trusts nothing, not even types. */
export function payloadFormatError(payload: ExecutionPayload): string | undefined {
  if (typeof payload !== "object" || payload === null) return "payload is not an object";
  return (
    bytesError(payload, { parentHash: 32, stateRoot: 32, receiptsRoot: 32, prevRandao: 32, blockHash: 32 }) ??
    bytesError(payload, { feeRecipient: 20, logsBloom: 256 }) ??
    (isHex(payload.extraData) && payload.extraData.length <= 66 ? undefined : "extraData is not at most 32 bytes") ??
    numberError("blockNumber", payload.blockNumber) ??
    numberError("timestamp", payload.timestamp) ??
    quantityError("gasLimit", payload.gasLimit, MAX_GAS_LIMIT) ??
    quantityError("gasUsed", payload.gasUsed, payload.gasLimit) ??
    quantityError("baseFeePerGas", payload.baseFeePerGas, MAX_UINT256) ??
    transactionsError(payload.transactions) ??
    withdrawalsError(payload.withdrawals)
  );
}

/** The same for what a proposer chooses. */
export function attributesFormatError(attributes: PayloadAttributes): string | undefined {
  if (typeof attributes !== "object" || attributes === null) return "attributes are not an object";
  return (
    bytesError(attributes, { prevRandao: 32, feeRecipient: 20 }) ??
    numberError("timestamp", attributes.timestamp) ??
    quantityError("gasLimit", attributes.gasLimit, MAX_GAS_LIMIT) ??
    withdrawalsError(attributes.withdrawals) ??
    forcedFormatError(attributes.forced ?? [])
  );
}

/** Anything can be forced upon the chain, but it is bytes, and no more of it than there can be messages. */
export function forcedFormatError(forced: readonly Hex[]): string | undefined {
  if (!Array.isArray(forced) || forced.length > MAX_BLOCK_WITHDRAWALS) {
    return `forced is not a list of at most ${MAX_BLOCK_WITHDRAWALS}`;
  }
  const at = forced.findIndex((raw) => !isHex(raw));
  return at < 0 ? undefined : `forced transaction ${at} is not hexadecimal`;
}

export function forkchoiceFormatError(state: ForkchoiceState): string | undefined {
  if (typeof state !== "object" || state === null) return "forkchoice state is not an object";
  return bytesError(state, { headBlockHash: 32, safeBlockHash: 32, finalizedBlockHash: 32 });
}

function bytesError<T extends object>(value: T, lengths: { [K in keyof T]?: number }): string | undefined {
  for (const name of Object.keys(lengths) as (keyof T)[]) {
    if (!isHex(value[name], lengths[name])) return `${String(name)} is not ${lengths[name]} bytes of hexadecimal`;
  }
  return undefined;
}

function numberError(name: string, value: unknown): string | undefined {
  return Number.isSafeInteger(value) && (value as number) >= 0 ? undefined : `${name} is not a whole number: ${value}`;
}

function quantityError(name: string, value: unknown, max: bigint): string | undefined {
  if (typeof value !== "bigint" || value < 0n) return `${name} is not a non-negative bigint`;
  return value > max ? `${name} ${value} exceeds ${max}` : undefined;
}

function transactionsError(transactions: unknown): string | undefined {
  if (!Array.isArray(transactions)) return "transactions is not a list";
  if (transactions.length > MAX_BLOCK_TRANSACTIONS) {
    return `${transactions.length} transactions, at most ${MAX_BLOCK_TRANSACTIONS} are taken`;
  }
  let size = 0;
  for (const [index, raw] of transactions.entries()) {
    if (typeof raw !== "string") return `transaction ${index} is not a string`;
    size += (raw.length - 2) / 2;
    if (size > MAX_BLOCK_BYTES) return `transactions exceed ${MAX_BLOCK_BYTES} bytes`;
    if (!isHex(raw)) return `transaction ${index} is not hexadecimal`;
  }
  return undefined;
}

function withdrawalsError(withdrawals: unknown): string | undefined {
  if (!Array.isArray(withdrawals)) return "withdrawals is not a list";
  if (withdrawals.length > MAX_BLOCK_WITHDRAWALS) {
    return `${withdrawals.length} withdrawals, at most ${MAX_BLOCK_WITHDRAWALS} are taken`;
  }
  for (const [index, withdrawal] of withdrawals.entries()) {
    const error = withdrawalError(withdrawal);
    if (error !== undefined) return `withdrawal ${index}: ${error}`;
  }
  return undefined;
}

function withdrawalError(withdrawal: Withdrawal): string | undefined {
  if (typeof withdrawal !== "object" || withdrawal === null) return "not an object";
  return (
    numberError("index", withdrawal.index) ??
    numberError("validatorIndex", withdrawal.validatorIndex) ??
    bytesError(withdrawal, { address: 20 }) ??
    quantityError("amountGwei", withdrawal.amountGwei, MAX_UINT64)
  );
}
