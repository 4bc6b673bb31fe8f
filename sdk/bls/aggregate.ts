import { bls12_381 } from "@noble/curves/bls12-381.js";
import type { Hex } from "../types/hex.ts";
import { BlsError } from "./error.ts";
import { publicKeyPoint } from "./keyCache.ts";
import { decodeSignature, encodeSignature, type PublicKeyPoint, type SignaturePoint } from "./points.ts";

/**
 * Sum of signatures over one message.
 * @returns 96 bytes, uncompressed.
 * @throws BlsError for a malformed signature, "empty" for none, "infinity" when they cancel out.
 */
export function aggregateSignatures(signatures: readonly (Hex | SignaturePoint)[]): Hex {
  if (signatures.length === 0) throw new BlsError("empty", "no signature to aggregate");
  const points = signatures.map((signature) =>
    typeof signature === "string" ? decodeSignature(signature) : signature,
  );
  return encodeSignature(points.reduce((sum, point) => sum.add(point), bls12_381.G1.Point.ZERO));
}

/**
 * Sum of public keys.
 * @throws BlsError for a malformed key, "empty" for none, "infinity" when they cancel out.
 */
export function aggregatePublicKeys(publicKeys: readonly (Hex | PublicKeyPoint)[]): PublicKeyPoint {
  if (publicKeys.length === 0) throw new BlsError("empty", "no public key to aggregate");
  const points = publicKeys.map(publicKeyPoint);
  const sum = points.reduce((total, point) => total.add(point), bls12_381.G2.Point.ZERO);
  if (sum.is0()) throw new BlsError("infinity", "the public keys cancel out; no signature can be checked against them");
  return sum;
}
