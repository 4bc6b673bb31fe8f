import type { Hex } from "../types/hex.ts";
import { BlsError } from "./error.ts";
import { publicKeyPoint } from "./keyCache.ts";
import { decodeSignature, PUBLIC_KEY_BYTES, SIGNATURE_BYTES } from "./points.ts";

/** A signature as Solidity's `bytes32[3]`: the same 96 bytes, cut in three. */
export type SoliditySignature = [Hex, Hex, Hex];
/** A public key as Solidity's `bytes32[8]`: EIP-2537's 256 bytes, cut in eight. */
export type SolidityPublicKey = [Hex, Hex, Hex, Hex, Hex, Hex, Hex, Hex];

/** Hex digits of a 48-byte field element, and of the zeros EIP-2537 puts before each. */
const ELEMENT = 96;
const PADDING = "0".repeat(32);

/** @throws BlsError unless the signature is a valid point. */
export function signatureToSolidity(signature: Hex): SoliditySignature {
  decodeSignature(signature);
  return splitSignature(signature);
}

/** The words of a signature as it stands, which may be no point at all: to accuse a landed one. */
export function splitSignature(signature: Hex): SoliditySignature {
  return words(signature.slice(2).toLowerCase()) as SoliditySignature;
}

/** @throws BlsError unless the words are a valid point. */
export function signatureFromSolidity(value: readonly string[]): Hex {
  const signature = joinSignature(value);
  decodeSignature(signature);
  return signature;
}

/** The 96 bytes as they stand, which may be no point at all: what a bonded submitter landed was not verified. */
export function joinSignature(value: readonly string[]): Hex {
  return join("signature", value, SIGNATURE_BYTES);
}

/** @throws BlsError unless the key is a valid point. */
export function publicKeyToSolidity(publicKey: Hex): SolidityPublicKey {
  publicKeyPoint(publicKey);
  const [x1, x0, y1, y0] = elements(publicKey.slice(2).toLowerCase(), ELEMENT);
  return words([x0, x1, y0, y1].map((element) => PADDING + element).join("")) as SolidityPublicKey;
}

/** @throws BlsError unless the words are a valid, canonically padded point. */
export function publicKeyFromSolidity(value: readonly string[]): Hex {
  const padded = elements(join("public key", value, 256).slice(2), ELEMENT + PADDING.length);
  for (const element of padded) {
    if (!element.startsWith(PADDING))
      throw new BlsError("bad-encoding", "public key: field elements must start with 16 zero bytes");
  }
  const [x0, x1, y0, y1] = padded.map((element) => element.slice(PADDING.length));
  const publicKey: Hex = `0x${x1}${x0}${y1}${y0}`;
  publicKeyPoint(publicKey);
  return publicKey;
}

/** The key's 256-byte EIP-2537 form in one piece, as hashed by proofs of possession. */
export function publicKeyToEip2537(publicKey: Hex): Hex {
  return join("public key", publicKeyToSolidity(publicKey), (PUBLIC_KEY_BYTES / 3) * 4);
}

function words(digits: string): Hex[] {
  return elements(digits, 64).map((word): Hex => `0x${word}`);
}

function elements(digits: string, length: number): string[] {
  return Array.from({ length: digits.length / length }, (_, i) => digits.slice(i * length, (i + 1) * length));
}

function join(what: string, value: readonly string[], bytes: number): Hex {
  for (const word of value) {
    if (!/^0x[0-9a-f]{64}$/i.test(word))
      throw new BlsError("bad-encoding", `${what}: expected 32-byte words, got ${word}`);
  }
  if (value.length * 32 !== bytes) {
    throw new BlsError("bad-length", `${what}: expected ${bytes / 32} words, got ${value.length}`);
  }
  return `0x${value.map((word) => word.slice(2).toLowerCase()).join("")}`;
}
