import { id } from "ethers";
import { splitSignature } from "../../../sdk/bls/solidity.ts";
import type { Evidence, SolidityStatement } from "../../../sdk/build/evidence.ts";
import { SIGNATURE_KINDS, SKIP_DIGEST, signingMessage } from "../../../sdk/digest/signingMessage.ts";
import type { Hex } from "../../../sdk/types/hex.ts";
import type { SignatureKind } from "../../../sdk/types/signature.ts";
import type { TestRollup } from "../fixture.ts";
import { bitmap } from "./checkpoints.ts";
import { signTogether } from "./keys.ts";

/** What some validators say, true or not. */
export interface Said {
  kind: SignatureKind;
  digest: Hex;
  /** Indices named. */
  signers: readonly number[];
  /** Seeds of the keys that sign; those of the indices if absent. */
  seeds?: readonly number[];
  /** The slot they sign for, if it is not the evidence's. */
  signedSlot?: number;
}

/** Two digests that a validator may sign one of. */
export const DIGEST = id("a checkpoint") as Hex;
export const OTHER_DIGEST = id("another checkpoint") as Hex;

export const attests = (signers: readonly number[], digest = DIGEST): Said => ({
  kind: "attestation",
  digest,
  signers,
});
export const proposes = (signers: readonly number[], digest = DIGEST): Said => ({ kind: "proposal", digest, signers });
export const skips = (signers: readonly number[]): Said => ({ kind: "skip", digest: SKIP_DIGEST, signers });

/** Evidence as the contract takes it, whether or not it shows anything. */
export function evidenceOf(test: TestRollup, slot: number, first: Said, second: Said): Evidence {
  return { slot, first: statementOf(test, slot, first), second: statementOf(test, slot, second) };
}

function statementOf({ chainId, address }: TestRollup, slot: number, said: Said): SolidityStatement {
  const { kind, digest, signers, seeds = signers, signedSlot = slot } = said;
  const message = signingMessage(kind, { chainId, rollup: address, slot: signedSlot }, digest);
  const signature = splitSignature(signTogether(message, seeds));
  return { kind: SIGNATURE_KINDS[kind], digest, signers: bitmap(signers), signature };
}
