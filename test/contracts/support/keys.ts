import { bls12_381 } from "@noble/curves/bls12-381.js";
import { publicKeyOf, type SecretKey, secretKeyFromSeed } from "../../../sdk/bls/keys.ts";
import { sign } from "../../../sdk/bls/sign.ts";
import { publicKeyToSolidity, type SolidityPublicKey } from "../../../sdk/bls/solidity.ts";
import { bytesToHex, type Hex, hexToBytes } from "../../../sdk/types/hex.ts";

const ORDER = bls12_381.fields.Fr.ORDER;
const MAX_SEED = 256;

const secrets = new Map<number, SecretKey>();
const publics = new Map<number, SolidityPublicKey>();

/** The secret key of a test validator: the same for the same seed, 0 to 255. */
export function secretKey(seed: number): SecretKey {
  if (seed < 0 || seed >= MAX_SEED) throw new RangeError(`expected a seed below ${MAX_SEED}, got ${seed}`);
  const known = secrets.get(seed) ?? secretKeyFromSeed(new Uint8Array(32).fill(seed));
  secrets.set(seed, known);
  return known;
}

/** The public key of a test validator as Solidity takes it. */
export function publicKey(seed: number): SolidityPublicKey {
  const known = publics.get(seed) ?? publicKeyToSolidity(publicKeyOf(secretKey(seed)));
  publics.set(seed, known);
  return known;
}

/** The sum of the keys' signatures, made in one step: one signature by the sum of the keys. */
export function signTogether(message: Hex, seeds: readonly number[]): Hex {
  const sum = seeds.reduce((total, seed) => (total + BigInt(bytesToHex(secretKey(seed)))) % ORDER, 0n);
  return sign(message, hexToBytes(`0x${sum.toString(16).padStart(64, "0")}`));
}
