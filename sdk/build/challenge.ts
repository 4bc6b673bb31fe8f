import { Interface } from "ethers";
import { ROLLUP_ABI } from "../abi/generated/rollup.ts";
import { signatureToSolidity } from "../bls/solidity.ts";
import type { Hex } from "../types/hex.ts";
import type { Attestation } from "../types/submission.ts";
import type { CheckpointLog } from "./log.ts";

const rollup = new Interface(ROLLUP_ABI);

/**
 * Calldata of `Rollup.challenge`; whoever sends it is credited half of each submitter's bond.
 * @param logs As they landed, the tip first.
 */
export function buildChallengeCalldata(logs: readonly CheckpointLog[]): Hex {
  return rollup.encodeFunctionData("challenge", [logs]) as Hex;
}

/**
 * Calldata of `Rollup.cure`; whoever sends it is credited half of the submitter's bond.
 * @param landed As it landed, with the bad signature.
 * @param good Of more than two thirds of the slot's set, for the same digest.
 * @throws BlsError for a signature that is not a point.
 */
export function buildCureCalldata(landed: CheckpointLog, { signers, signature }: Attestation): Hex {
  return rollup.encodeFunctionData("cure", [landed, [signers, signatureToSolidity(signature)]]) as Hex;
}
