import { BlsError } from "../bls/error.ts";
import { verifyAggregate } from "../bls/sign.ts";
import { checkpointDigest } from "../digest/checkpoint.ts";
import { signingMessage } from "../digest/signingMessage.ts";
import type { RegisteredValidator } from "../get/validators.ts";
import type { Hex } from "../types/hex.ts";
import type { CertifiedCheckpoint } from "./source.ts";

/** The rollup a checkpoint is for. */
export interface CheckpointContext {
  /** L1 chain id. */
  chainId: bigint;
  rollup: Hex;
}

/**
 * Holds a checkpoint from a stranger against the validator set of its epoch, as the contract would: a bonded submitter
 * that lands one without a true quorum loses its bond.
 * @param members The set of the checkpoint's epoch, as L1 has it.
 * @returns what is wrong with it; undefined if a quorum signed exactly this.
 */
export function checkCertificate(
  { submission, parentDigest, inboxHash, blobHashes }: CertifiedCheckpoint,
  context: CheckpointContext,
  members: readonly RegisteredValidator[],
): string | undefined {
  const { header, digest, attestation } = submission;
  const expected = checkpointDigest({ ...context, header, parentDigest, inboxHash, blobHashes });
  if (digest !== expected) return `digest: its content's is ${expected}, found ${digest}`;
  const { signers, signature } = attestation;
  const keys = members.filter(({ index }) => (signers >> BigInt(index)) & 1n).map(({ publicKey }) => publicKey);
  if (bitCount(signers) !== keys.length) return `signers: ${bitCount(signers)} signed, ${keys.length} are in the set`;
  if (3 * keys.length <= 2 * members.length) {
    return `quorum: expected more than two thirds of ${members.length}, found ${keys.length}`;
  }
  const message = signingMessage("attestation", { ...context, slot: header.slot }, digest);
  return isSigned(message, signature, keys) ? undefined : "signature: not that of its signers over its digest";
}

function isSigned(message: Hex, signature: Hex, keys: readonly Hex[]): boolean {
  try {
    return verifyAggregate(message, signature, keys);
  } catch (error) {
    // A signature that is no point is no signature.
    if (error instanceof BlsError) return false;
    throw error;
  }
}

function bitCount(bits: bigint): number {
  let count = 0;
  for (let rest = bits; rest > 0n; rest &= rest - 1n) count++;
  return count;
}
