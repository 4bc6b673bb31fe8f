import { Interface } from "ethers";
import { ROLLUP_ABI } from "../abi/generated/rollup.ts";
import { type SoliditySignature, signatureToSolidity } from "../bls/solidity.ts";
import { SIGNATURE_KINDS, SKIP_DIGEST } from "../digest/signingMessage.ts";
import type { Hex } from "../types/hex.ts";
import type { SignatureKind } from "../types/signature.ts";
import { BuildError } from "./error.ts";

const rollup = new Interface(ROLLUP_ABI);

/** Kinds of signatures that can contradict each other on L1. */
export type StatementKind = Exclude<SignatureKind, "block">;

/** What one validator, or several together, signed for a slot: a vote or a certificate, as gossip carries them. */
export type SignedStatement = {
  kind: StatementKind;
  slot: number;
  /** Of the proposal or the checkpoint; `SKIP_DIGEST` in a skip vote. */
  digest: Hex;
  /** One signature, or the aggregate of several: an uncompressed BLS12-381 G1 point, 96 bytes. */
  signature: Hex;
} & (
  | { validatorIndex: number }
  | {
      /** Bit i is set iff the validator with index i signed. */
      signers: bigint;
    }
);

/** The Solidity struct `Statement`. */
export interface SolidityStatement {
  kind: number;
  digest: Hex;
  signers: bigint;
  signature: SoliditySignature;
}

/** The Solidity struct `Evidence`: what `slash` takes. */
export interface Evidence {
  slot: number;
  first: SolidityStatement;
  second: SolidityStatement;
}

/**
 * Evidence that some validators signed two things for one slot, by the rules of the contract. Whether the signatures are
 * theirs is left to the contract.
 * @throws BuildError "no-contradiction" when an honest validator may have signed both, "no-offender" when nobody is
 * among the signers of both; BlsError for a signature that is not a point.
 */
export function buildEvidence(first: SignedStatement, second: SignedStatement): Evidence {
  if (!contradict(first, second)) {
    throw new BuildError(
      "no-contradiction",
      `expected two proposals or two attestations of different digests, or an attestation and a skip vote, for one slot; got ${told(first)} and ${told(second)}`,
    );
  }
  if ((signersOf(first) & signersOf(second)) === 0n) {
    throw new BuildError("no-offender", `nobody signed both ${told(first)} and ${told(second)}`);
  }
  return { slot: first.slot, first: toSolidity(first), second: toSolidity(second) };
}

/** Calldata of `Rollup.slash`; whoever sends it is credited half of every stake taken. */
export function buildSlashCalldata(evidence: Evidence): Hex {
  return rollup.encodeFunctionData("slash", [evidence]) as Hex;
}

function contradict(first: SignedStatement, second: SignedStatement): boolean {
  if (first.slot !== second.slot) return false;
  if (first.kind === second.kind) return first.kind !== "skip" && first.digest !== second.digest;
  const attestation = [first, second].some(({ kind }) => kind === "attestation");
  const skip = [first, second].some(({ kind, digest }) => kind === "skip" && digest === SKIP_DIGEST);
  return attestation && skip;
}

function toSolidity(statement: SignedStatement): SolidityStatement {
  const { kind, digest, signature } = statement;
  return {
    kind: SIGNATURE_KINDS[kind],
    digest,
    signers: signersOf(statement),
    signature: signatureToSolidity(signature),
  };
}

const signersOf = (statement: SignedStatement): bigint =>
  "signers" in statement ? statement.signers : 1n << BigInt(statement.validatorIndex);

const told = ({ kind, slot, digest }: SignedStatement): string => `${kind} of ${digest} for slot ${slot}`;
