import { getBytes } from "ethers";
import type { LandingTerms } from "../get/terms.ts";
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
 * hooks and does not see the dispatch. The differential test holds this to account.
 */
export const GAS_ACCURACY = 100n;

/**
 * What the simulator spends on its hooks and on measuring where the contract reads the block: of a call, of each further
 * landing in it, of each blob, and of what depends on the terms. Found by the differential test, which says when they are no longer so.
 */
const HOOKS_GAS = { call: 300n, further: 560n, blob: 70n, bonded: 275n, late: 490n, shared: 260n, batched: 260n };

/** What of the terms the gas depends on. */
type SimulatedTerms = Pick<LandingTerms, "late" | "shared" | "batched" | "verified" | "blobCount">;

/** What a transaction pays, in gas. */
export interface TransactionGas {
  /** `gasUsed` of the receipt, within `GAS_ACCURACY`. */
  gas: bigint;
  /** A limit to send it with: unused gas costs nothing. */
  gasLimit: bigint;
  /** Blob gas, which has a price of its own. */
  blobGas: bigint;
}

/** The part of a simulation's gas that a transaction does not pay. */
export function hooksGas(landings: readonly SimulatedTerms[]): bigint {
  const { call, further, blob, bonded, late, shared, batched } = HOOKS_GAS;
  const ofTerms = (terms: SimulatedTerms): bigint =>
    blob * BigInt(terms.blobCount) +
    (terms.late ? late : 0n) +
    (terms.shared ? shared : 0n) +
    (terms.batched ? batched : 0n) +
    (terms.verified ? 0n : bonded);
  const calls = call + further * BigInt(Math.max(0, landings.length - 1));
  return landings.reduce((sum, terms) => sum + ofTerms(terms), calls);
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
