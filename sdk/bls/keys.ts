import { bls12_381 } from "@noble/curves/bls12-381.js";
import { expand, extract } from "@noble/hashes/hkdf.js";
import { sha256 } from "@noble/hashes/sha2.js";
import type { Hex } from "../types/hex.ts";
import { bytesToHex } from "../types/hex.ts";
import { BlsError } from "./error.ts";
import { encodePublicKey } from "./points.ts";

/** A secret scalar, 32 bytes big endian, in [1, r - 1]. */
export type SecretKey = Uint8Array;

const ORDER = bls12_381.fields.Fr.ORDER;
const OKM_BYTES = 48;
const MIN_SEED_BYTES = 32;

/**
 * Derives a secret key from a seed with the IETF BLS KeyGen (the root key of EIP-2333).
 * @param seed At least 32 bytes of entropy.
 * @throws BlsError "bad-length" for a shorter seed.
 */
export function secretKeyFromSeed(seed: Uint8Array): SecretKey {
  if (seed.length < MIN_SEED_BYTES) {
    throw new BlsError("bad-length", `seed: expected at least ${MIN_SEED_BYTES} bytes, got ${seed.length}`);
  }
  const ikm = new Uint8Array([...seed, 0]);
  const info = new Uint8Array([0, OKM_BYTES]);
  let salt = new TextEncoder().encode("BLS-SIG-KEYGEN-SALT-");
  for (;;) {
    salt = new Uint8Array(sha256(salt));
    const okm = expand(sha256, extract(sha256, ikm, salt), info, OKM_BYTES);
    const scalar = BigInt(bytesToHex(okm)) % ORDER;
    if (scalar !== 0n) return scalarToBytes(scalar);
  }
}

/**
 * Public key of a secret key, 192 bytes uncompressed.
 * @throws BlsError "bad-secret-key".
 */
export function publicKeyOf(secretKey: SecretKey): Hex {
  return encodePublicKey(bls12_381.shortSignatures.getPublicKey(checkSecretKey(secretKey)));
}

/**
 * Checks that a secret key is 32 bytes and in [1, r - 1]; the value never appears in the error.
 * @throws BlsError "bad-secret-key".
 */
export function checkSecretKey(secretKey: SecretKey): SecretKey {
  if (secretKey.length !== 32) {
    throw new BlsError("bad-secret-key", `secret key: expected 32 bytes, got ${secretKey.length}`);
  }
  const scalar = BigInt(bytesToHex(secretKey));
  if (scalar === 0n || scalar >= ORDER) {
    throw new BlsError("bad-secret-key", "secret key: expected a scalar from 1 to the group order less 1");
  }
  return secretKey;
}

function scalarToBytes(scalar: bigint): Uint8Array {
  return Uint8Array.from(Buffer.from(scalar.toString(16).padStart(64, "0"), "hex"));
}
