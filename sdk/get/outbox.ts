import type { BlockTag } from "ethers";
import { type RollupRef, view } from "./view.ts";

/** Whether the withdrawal with this index was paid on L1. */
export async function isWithdrawn(ref: RollupRef, index: number, at: BlockTag = "latest"): Promise<boolean> {
  const [withdrawn] = (await view(ref, "isWithdrawn", [index], at)) as unknown as [boolean];
  return withdrawn;
}

/** Ether deposited, and neither refunded nor withdrawn, in wei: all that withdrawals can be paid from. */
export async function getBridgedWei(ref: RollupRef, at: BlockTag = "latest"): Promise<bigint> {
  const [bridged] = (await view(ref, "bridgedWei", [], at)) as unknown as [bigint];
  return bridged;
}
