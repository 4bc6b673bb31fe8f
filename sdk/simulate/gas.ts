import { getBytes } from "ethers";
import type { Hex } from "../types/hex.ts";

const BASE_GAS = 21_000n;
const TOKEN_GAS = 4n;
/** Tokens of a calldata byte that is not zero; a zero byte is one (EIP-7623). */
const NONZERO_TOKENS = 4n;
const FLOOR_TOKEN_GAS = 10n;
/** Gas of one blob (EIP-4844). */
const GAS_PER_BLOB = 131_072n;

/** A seed, a ring word or a credit that was warm when simulated can be written for the first time when mined. */
const FRESH_WORDS_GAS = 2n * 22_100n;
/** Keeps the contract's `gasleft` guards away from the 1/64 that a call holds back. */
const LIMIT_MARGIN_DIVISOR = 8n;

/**
 * How far an estimate can be from the receipt, either way: the simulator is compiled from the same source with other
 * hooks, measures its own bookkeeping and does not see the dispatch. The differential test holds this to account.
 */
export const GAS_ACCURACY = 6_000n;

/** What a transaction pays, in gas. */
export interface TransactionGas {
  /** `gasUsed` of the receipt, within `GAS_ACCURACY`. */
  gas: bigint;
  /** A limit to send it with: unused gas costs nothing. */
  gasLimit: bigint;
  /** Blob gas, which has a price of its own. */
  blobGas: bigint;
}

/** @param simulatedGas Gas of the submission path as the simulator measured it. */
export function transactionGas(data: Hex, simulatedGas: bigint, blobCount: number): TransactionGas {
  const tokens = calldataTokens(data);
  const floor = calldataFloor(data);
  const used = BASE_GAS + tokens * TOKEN_GAS + simulatedGas;
  const gas = used > floor ? used : floor;
  return {
    gas,
    gasLimit: gas + gas / LIMIT_MARGIN_DIVISOR + FRESH_WORDS_GAS,
    blobGas: GAS_PER_BLOB * BigInt(blobCount),
  };
}

/** The least a transaction with this calldata pays, reverted or not. */
export function calldataFloor(data: Hex): bigint {
  return BASE_GAS + calldataTokens(data) * FLOOR_TOKEN_GAS;
}

function calldataTokens(data: Hex): bigint {
  const bytes = getBytes(data);
  const nonzero = BigInt(bytes.filter((byte) => byte !== 0).length);
  return BigInt(bytes.length) - nonzero + nonzero * NONZERO_TOKENS;
}
