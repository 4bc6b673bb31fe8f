import type { BlockTag } from "ethers";
import type { Hex } from "../types/hex.ts";
import { type RollupRef, view } from "./view.ts";

/** A submitter's bond. */
export interface BondState {
  amountWei: bigint;
  /** When it can be withdrawn, Unix seconds; 0 unless it is being released. */
  releaseAtSec: number;
  /** Whether it gives the right to land without verification now. */
  active: boolean;
}

/** The bond of an account that submits; all zero for one that never bonded. */
export async function getBond(ref: RollupRef, submitter: Hex, at: BlockTag = "latest"): Promise<BondState> {
  const result = await view(ref, "bondOf", [submitter], at);
  const [amountWei, releaseAt, active] = result as unknown as [bigint, bigint, boolean];
  return { amountWei, releaseAtSec: Number(releaseAt), active };
}

/** What `claim` would pay the account, in wei. */
export async function getCredit(ref: RollupRef, account: Hex, at: BlockTag = "latest"): Promise<bigint> {
  const [credit] = (await view(ref, "creditOf", [account], at)) as unknown as [bigint];
  return credit;
}
