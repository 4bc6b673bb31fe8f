import type { BlockTag } from "ethers";
import type { Hex } from "../types/hex.ts";
import type { AnswerOf } from "./answers.ts";
import { type LensRef, look } from "./view.ts";

/**
 * A submitter's bond.
 * @interface
 */
export type BondStatus = AnswerOf<"bonds">[number];

/** Bonds, in the order of the submitters. */
export function getBonds(ref: LensRef, submitters: readonly Hex[], at: BlockTag = "latest"): Promise<BondStatus[]> {
  return look(ref, "bonds", [submitters], at);
}

/** What each account could claim, wei, in the order of the accounts. */
export function getCredits(ref: LensRef, accounts: readonly Hex[], at: BlockTag = "latest"): Promise<bigint[]> {
  return look(ref, "credits", [accounts], at);
}

/** Whether each withdrawal was paid, in the order of the indices. */
export function getWithdrawn(ref: LensRef, indices: readonly number[], at: BlockTag = "latest"): Promise<boolean[]> {
  return look(ref, "withdrawn", [indices], at);
}
