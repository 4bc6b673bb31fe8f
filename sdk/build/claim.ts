import { Interface } from "ethers";
import { ROLLUP_ABI } from "../abi/generated/rollup.ts";
import type { Hex } from "../types/hex.ts";

const rollup = new Interface(ROLLUP_ABI);

/**
 * Calldata of `Rollup.claim`: pays out what the sender was credited for checkpoints, landings and evidence, save 1 wei.
 * `getCredit` tells how much that is.
 */
export function buildClaimCalldata(): Hex {
  return rollup.encodeFunctionData("claim") as Hex;
}
