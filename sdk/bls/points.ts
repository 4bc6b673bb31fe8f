import { bls12_381 } from "@noble/curves/bls12-381.js";
import type { Hex } from "../types/hex.ts";
import { bytesToHex, hexToBytes } from "../types/hex.ts";
import { BlsError } from "./error.ts";

const G1 = bls12_381.G1.Point;
const G2 = bls12_381.G2.Point;

/** A signature, or an aggregate of some: on the curve, in the subgroup, not infinity. */
export type SignaturePoint = InstanceType<typeof G1>;
/** A public key, or an aggregate of some: on the curve, in the subgroup, not infinity. */
export type PublicKeyPoint = InstanceType<typeof G2>;

/** Bytes of an uncompressed signature: x then y. */
export const SIGNATURE_BYTES = 96;
/** Bytes of an uncompressed public key: x.c1, x.c0, y.c1, y.c0. */
export const PUBLIC_KEY_BYTES = 192;

/**
 * Decodes and fully checks a signature.
 * @param signature 96 bytes, uncompressed.
 * @throws BlsError naming the failed check.
 */
export function decodeSignature(signature: Hex): SignaturePoint {
  return decodePoint(G1, "signature", signature, SIGNATURE_BYTES);
}

/**
 * Decodes and fully checks a public key. Costs some milliseconds: decode a validator set once and pass the points on.
 * @param publicKey 192 bytes, uncompressed.
 * @throws BlsError naming the failed check.
 */
export function decodePublicKey(publicKey: Hex): PublicKeyPoint {
  return decodePoint(G2, "public key", publicKey, PUBLIC_KEY_BYTES);
}

/** The 96-byte form of a signature. */
export function encodeSignature(point: SignaturePoint): Hex {
  return encodePoint("signature", point);
}

/** The 192-byte form of a public key. */
export function encodePublicKey(point: PublicKeyPoint): Hex {
  return encodePoint("public key", point);
}

interface Point {
  is0(): boolean;
  toBytes(compressed: boolean): Uint8Array;
}

function decodePoint<P extends Point>(
  curve: { fromHex(hex: string): P },
  what: string,
  encoded: Hex,
  expectedBytes: number,
): P {
  const bytes = bytesOf(what, encoded, expectedBytes);
  const flags = (bytes[0] ?? 0) >> 5;
  if (flags === 2) throw infinity(what);
  if (flags !== 0)
    throw new BlsError("bad-encoding", `${what}: expected an uncompressed point, got flag bits ${flags}`);
  // The all-zero string is how the EIP-2537 precompiles write infinity.
  if (bytes.every((byte) => byte === 0)) throw infinity(what);
  try {
    return curve.fromHex(encoded.slice(2));
  } catch (cause) {
    throw notAPoint(what, cause);
  }
}

/** The library says which of its checks failed (range, curve equation, subgroup) in words only. */
function notAPoint(what: string, cause: unknown): BlsError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  if (reason.includes("equation")) return new BlsError("not-on-curve", `${what}: not on the curve (${reason})`);
  if (reason.includes("subgroup")) return new BlsError("not-in-subgroup", `${what}: not in the prime-order subgroup`);
  return new BlsError("bad-encoding", `${what}: not canonical (${reason})`);
}

function encodePoint(what: string, point: Point): Hex {
  if (point.is0()) throw infinity(what);
  return bytesToHex(point.toBytes(false));
}

function bytesOf(what: string, encoded: Hex, expected: number): Uint8Array {
  if (!/^0x[0-9a-f]*$/i.test(encoded)) throw new BlsError("bad-encoding", `${what}: expected 0x-prefixed hex`);
  const length = (encoded.length - 2) / 2;
  if (length !== expected) throw new BlsError("bad-length", `${what}: expected ${expected} bytes, got ${length}`);
  return hexToBytes(encoded);
}

const infinity = (what: string): BlsError =>
  new BlsError("infinity", `${what}: the point at infinity proves nothing and is never accepted`);
