import { bls12_381 } from "@noble/curves/bls12-381.js";
import type { Hex } from "../types/hex.ts";
import { hexToBytes } from "../types/hex.ts";
import { aggregatePublicKeys } from "./aggregate.ts";
import { SIGNATURE_DST } from "./domains.ts";
import { BlsError } from "./error.ts";
import { publicKeyPoint } from "./keyCache.ts";
import { checkSecretKey, type SecretKey } from "./keys.ts";
import { decodeSignature, encodeSignature, type PublicKeyPoint, type SignaturePoint } from "./points.ts";

const scheme = bls12_381.shortSignatures;

/** A key in its 192-byte form, or decoded already. */
export type PublicKey = Hex | PublicKeyPoint;
/** A signature in its 96-byte form, or decoded already. */
export type Signature = Hex | SignaturePoint;

/**
 * Signs a 32-byte message (see `signingMessage`).
 * @param domain The domain separation tag; validators' votes use the default.
 * @returns 96 bytes, uncompressed.
 * @throws BlsError for a bad key or message.
 */
export function sign(message: Hex, secretKey: SecretKey, domain: string = SIGNATURE_DST): Hex {
  return encodeSignature(scheme.sign(hashToCurve(message, domain), checkSecretKey(secretKey)));
}

/**
 * Whether `signature` is `publicKey`'s over `message`.
 * @throws BlsError for anything malformed: off the curve, outside the subgroup, infinity, wrong length.
 */
export function verify(
  message: Hex,
  signature: Signature,
  publicKey: PublicKey,
  domain: string = SIGNATURE_DST,
): boolean {
  return scheme.verify(signaturePoint(signature), hashToCurve(message, domain), publicKeyPoint(publicKey));
}

/**
 * Whether `signature` is the sum of the signatures of exactly these keys over one message. Sound against rogue keys
 * only for keys whose possession was proven, as every registered key's was.
 * @throws BlsError as `verify`, and "empty" for no keys.
 */
export function verifyAggregate(message: Hex, signature: Signature, publicKeys: readonly PublicKey[]): boolean {
  const points = publicKeys.map(publicKeyPoint);
  const sum = points.length === 1 ? points[0] : undefined;
  return verify(message, signature, sum ?? aggregatePublicKeys(points));
}

/** The message's point on G1 (RFC 9380, SSWU, SHA-256). @throws BlsError "bad-length" unless it is 32 bytes. */
export function hashToCurve(message: Hex, domain: string): SignaturePoint {
  if (!/^0x[0-9a-f]{64}$/i.test(message))
    throw new BlsError("bad-length", `message: expected 32 bytes of hex, got ${message}`);
  return scheme.hash(hexToBytes(message), domain);
}

const signaturePoint = (signature: Signature): SignaturePoint =>
  typeof signature === "string" ? decodeSignature(signature) : signature;
