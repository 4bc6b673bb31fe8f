import { keccak256 } from "ethers";
import { toWord } from "../abi/words.ts";
import type { Hex } from "../types/hex.ts";
import type { SignatureKind } from "../types/signature.ts";

/** Number of each signing domain; the contract holds the same. */
export const SIGNATURE_KINDS: Readonly<Record<SignatureKind, number>> = {
  block: 1,
  proposal: 2,
  attestation: 3,
  skip: 4,
};

/** Digest under a skip vote: it speaks of the slot alone. */
export const SKIP_DIGEST: Hex = `0x${"0".repeat(64)}`;

/** Binds a signature to one rollup, slot and kind, so that it means nothing anywhere else. */
export interface SigningContext {
  /** L1 chain id. */
  chainId: bigint;
  /** Address of the rollup contract. */
  rollup: Hex;
  slot: number;
}

/**
 * The 32 bytes a validator signs.
 * @param digest Of the block, the proposal or the checkpoint; `SKIP_DIGEST` for a skip.
 */
export function signingMessage(kind: SignatureKind, { chainId, rollup, slot }: SigningContext, digest: Hex): Hex {
  // What `abi.encode` gives for five values of one word each; every message an agent gets comes through here.
  const values = [BigInt(SIGNATURE_KINDS[kind]), chainId, BigInt(rollup), BigInt(slot), BigInt(digest)];
  return keccak256(`0x${values.map((value) => toWord(value).slice(2)).join("")}`) as Hex;
}
