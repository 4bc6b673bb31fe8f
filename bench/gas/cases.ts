import { readFileSync } from "node:fs";
import type { BondGas } from "../../deploy/bond.ts";

/** What one case costs. */
export interface GasFigures {
  /** Receipt gasUsed; per checkpoint where the case says so. */
  gas: number;
  calldataBytes: number;
  /** Gas of the same calldata alone (EIP-7623): no transaction with it can cost less. */
  floor: number;
}

/** The measured cases, in the order of the table. */
export const CASES = [
  "submit.onTime.bonded",
  "submit.late.bonded",
  "submit.batch2.bonded",
  "submit.batch2.skip",
  "submit.onTime.inbox",
  "submit.onTime.verified",
  "submit.onTime.verified33",
  "submit.onTime.verified33.spread",
  "duplicate",
  "stale",
  "challenge48",
  "challenge33",
  "challenge256",
  "challenge256.worst",
  "cure256.worst",
  "settle32.perCheckpoint",
  "allIn.perCheckpoint",
  "register",
  "withdraw",
  "prepareRing256.perWord",
] as const;

export type CaseName = (typeof CASES)[number];
export type GasResults = Record<CaseName, GasFigures>;

/** Most that a late landing may cost above one on time. */
const LATE_ALLOWANCE = 500;

const LIMITS: Partial<Record<CaseName, number>> = {
  "submit.onTime.bonded": 49_500,
  "submit.batch2.bonded": 67_000,
  "submit.batch2.skip": 55_000,
  "submit.onTime.inbox": 54_500,
  "submit.onTime.verified": 172_000,
  "submit.onTime.verified33": 235_000,
  duplicate: 36_000,
  stale: 36_000,
  challenge48: 182_000,
  challenge33: 245_000,
  "settle32.perCheckpoint": 10_700,
  "allIn.perCheckpoint": 60_200,
};

/** The cases that are held to a goal; the others are reported. */
export const CASES_WITH_GOAL = CASES.filter((name) => name === "submit.late.bonded" || LIMITS[name] !== undefined);

/** Most gas a case may cost; undefined for those that are only reported. */
export function goalOf(name: CaseName, results: GasResults): number | undefined {
  return name === "submit.late.bonded" ? results["submit.onTime.bonded"].gas + LATE_ALLOWANCE : LIMITS[name];
}

/** What the bond is sized by: the dearest answer to bad checkpoints, and the dearer of the usual landings. */
export function bondGasOf(results: GasResults): BondGas {
  return {
    answer: Math.max(results["challenge256.worst"].gas, results["cure256.worst"].gas),
    landing: Math.max(results["submit.onTime.bonded"].gas, results["submit.late.bonded"].gas),
  };
}

/** Calldata costs 10 gas a zero byte and 40 any other at least, over the base of a transaction (EIP-7623). */
export function calldataFloor(data: string): number {
  const bytes = Buffer.from(data.slice(2), "hex");
  const zeros = bytes.filter((byte) => byte === 0).length;
  return 21_000 + 10 * zeros + 40 * (bytes.length - zeros);
}

/** The committed figures that the tests hold the contracts to. */
export function readSnapshot(): GasResults {
  return JSON.parse(readFileSync(new URL("../snapshots/gas.json", import.meta.url), "utf8")) as GasResults;
}
