import { Interface } from "ethers";
import { ROLLUP_ABI } from "../abi/generated/rollup.ts";
import { type SoliditySignature, signatureToSolidity } from "../bls/solidity.ts";
import type { CheckpointHeader } from "../types/header.ts";
import type { Hex } from "../types/hex.ts";
import type { Submission } from "../types/submission.ts";
import { BuildError } from "./error.ts";
import type { CheckpointLog } from "./log.ts";

const rollup = new Interface(ROLLUP_ABI);

/** Arguments of `Rollup.submit`, or of `Rollup.challengeAndSubmit`. */
export interface SubmitCall {
  /** One, or a late one and the next, in the order of their slots. */
  submissions: readonly Submission[];
  /** Who is credited for landing late; explicit, so that a forwarding contract is not paid by mistake. */
  recipient: Hex;
  /** Last second (Unix) at which the transaction may do anything; later it reverts before it costs much. */
  deadlineSec: number;
  /** Logs of checkpoints to take off L1 first, because their signatures are bad; the tip first. */
  challenged?: readonly CheckpointLog[];
}

/** The Solidity struct `Submission`. */
export interface SoliditySubmission {
  header: CheckpointHeader;
  digest: Hex;
  blobCount: number;
  signers: bigint;
  signature: SoliditySignature;
}

/**
 * Calldata of `Rollup.submit`, or of `Rollup.challengeAndSubmit` where something is challenged.
 * @throws BuildError "no-submission", or BlsError for a signature that is not a point.
 */
export function buildCalldata({ submissions, recipient, deadlineSec, challenged = [] }: SubmitCall): Hex {
  if (submissions.length === 0) throw new BuildError("no-submission", "expected at least one submission, got none");
  const args = [submissions.map(toSolidity), recipient, deadlineSec];
  return (
    challenged.length === 0
      ? rollup.encodeFunctionData("submit", args)
      : rollup.encodeFunctionData("challengeAndSubmit", [challenged, ...args])
  ) as Hex;
}

/** @throws BlsError for a signature that is not a point. */
export function toSolidity({ header, digest, blobCount, attestation }: Submission): SoliditySubmission {
  const { signers, signature } = attestation;
  return { header, digest, blobCount, signers, signature: signatureToSolidity(signature) };
}
