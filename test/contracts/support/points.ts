import { bls12_381 } from "@noble/curves/bls12-381.js";
import { type SolidityPublicKey, type SoliditySignature, splitSignature } from "../../../sdk/bls/solidity.ts";
import type { Hex } from "../../../sdk/types/hex.ts";
import { publicKey } from "./keys.ts";

const P = bls12_381.fields.Fp.ORDER;
const ZERO: Hex = `0x${"00".repeat(32)}`;

const hex48 = (value: bigint): string => value.toString(16).padStart(96, "0");
const g1 = (x: bigint, y: bigint): SoliditySignature => splitSignature(`0x${hex48(x)}${hex48(y)}`);

/** Points of the curve outside the prime-order subgroup: the cofactor makes nearly every point one. */
function outsideG1(): { x: bigint; y: bigint } {
  const { Fp } = bls12_381.fields;
  for (let x = 1n; ; x++) {
    const square = Fp.add(Fp.pow(x, 3n), 4n);
    try {
      const y = Fp.sqrt(square);
      const point = bls12_381.G1.Point.fromAffine({ x, y });
      if (!point.isTorsionFree()) return { x, y };
    } catch {
      // x is on no point; the next one.
    }
  }
}

/** Signatures that are no points a validator could have made, by what is wrong with them. */
export function malformedSignatures(): Record<string, SoliditySignature> {
  const { x, y } = bls12_381.G1.Point.BASE.toAffine();
  const outside = outsideG1();
  return {
    "the point at infinity": [ZERO, ZERO, ZERO],
    "a point off the curve": g1(x, y + 1n),
    "a point outside the subgroup": g1(outside.x, outside.y),
    "a coordinate that is not below the modulus": g1(x + P, y),
    "all ones": splitSignature(`0x${"ff".repeat(96)}`),
    "a compressed point's flag": splitSignature(`0x80${hex48(x).slice(2)}${hex48(y)}`),
  };
}

/** Keys that are no points a validator could have, by what is wrong with them. */
export function malformedKeys(seed: number): Record<string, SolidityPublicKey> {
  const good = publicKey(seed);
  const replaced = (position: number, word: Hex): SolidityPublicKey =>
    good.map((value, index) => (index === position ? word : value)) as SolidityPublicKey;
  const last = BigInt(good[7]);
  return {
    "a point off the curve": replaced(7, `0x${(last ^ 1n).toString(16).padStart(64, "0")}`),
    "a point outside the subgroup": outsideG2(),
    "a padding byte that is not zero": replaced(0, `0x01${good[0].slice(4)}`),
    "the last padding byte not zero": replaced(4, `0x${good[4].slice(2, 32)}01${good[4].slice(34)}`),
    "a coordinate that is not below the modulus": plusModulus(good),
  };
}

function words(values: readonly bigint[]): SolidityPublicKey {
  const digits = values.map((value) => value.toString(16).padStart(128, "0")).join("");
  return Array.from({ length: 8 }, (_, i): Hex => `0x${digits.slice(64 * i, 64 * (i + 1))}`) as SolidityPublicKey;
}

/** A key whose first coordinate is written as itself plus the modulus: the same residue, another encoding. */
function plusModulus(key: SolidityPublicKey): SolidityPublicKey {
  const first = BigInt(`${key[0]}${key[1].slice(2)}`) + P;
  const [high, low] = words([first, 0n, 0n, 0n]);
  return [high, low, ...key.slice(2)] as SolidityPublicKey;
}

function outsideG2(): SolidityPublicKey {
  const { Fp2 } = bls12_381.fields;
  for (let c0 = 1n; ; c0++) {
    const x = Fp2.create({ c0, c1: 0n });
    // y^2 = x^3 + 4 (1 + i)
    const square = Fp2.add(Fp2.pow(x, 3n), Fp2.create({ c0: 4n, c1: 4n }));
    try {
      const y = Fp2.sqrt(square);
      if (!bls12_381.G2.Point.fromAffine({ x, y }).isTorsionFree()) return words([x.c0, x.c1, y.c0, y.c1]);
    } catch {
      // As above.
    }
  }
}
