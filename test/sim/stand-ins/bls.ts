import { bls12_381 } from "@noble/curves/bls12-381.js";
import { keccak256 } from "ethers";
import { BlsError } from "../../../sdk/bls/error.ts";
import { publicKeyOf } from "../../../sdk/bls/keys.ts";
import { encodeSignature } from "../../../sdk/bls/points.ts";
import type { SignatureScheme } from "../../../sdk/bls/scheme.ts";
import type { SignedVote } from "../../../sdk/bls/votes.ts";
import { bytesToHex, type Hex } from "../../../sdk/types/hex.ts";

const { Point } = bls12_381.G1;
const ORDER = bls12_381.fields.Fr.ORDER;

/**
 * Signatures without pairings: that of a key over a message is the generator times a hash of both, so that they add up
 * and are points as real ones are, and a signature holds iff it is one that was made here. Anybody could forge them, and
 * in a simulation nobody does.
 */
export function standInBls(): SignatureScheme {
  const scalars = new Map<Hex, bigint>();
  const publicKeys = new Map<Hex, Hex>();
  const scalarOf = (message: Hex, publicKey: Hex): bigint =>
    (BigInt(keccak256(`${message}${publicKey.slice(2)}`)) % (ORDER - 1n)) + 1n;
  const encode = (scalar: bigint): Hex => {
    const signature = encodeSignature(Point.BASE.multiply(scalar));
    scalars.set(signature, scalar);
    return signature;
  };
  const known = (signature: Hex): bigint => {
    const scalar = scalars.get(signature);
    if (scalar === undefined) throw new BlsError("not-on-curve", `signature: nobody made ${signature}`);
    return scalar;
  };
  const sum = (items: bigint[]): bigint => items.reduce((total, item) => (total + item) % ORDER, 0n);
  const holds = (message: Hex, { publicKey, signature }: SignedVote): boolean =>
    typeof publicKey === "string" && scalars.get(signature) === scalarOf(message, publicKey);
  return {
    sign(message, secretKey) {
      const secret = bytesToHex(secretKey);
      const publicKey = publicKeys.get(secret) ?? publicKeyOf(secretKey);
      publicKeys.set(secret, publicKey);
      return encode(scalarOf(message, publicKey));
    },
    verify: (message, signature, publicKey) => known(signature) === scalarOf(message, publicKey),
    verifyAggregate: (message, signature, keys) => known(signature) === sum(keys.map((key) => scalarOf(message, key))),
    aggregateSignatures: (signatures) => encode(sum(signatures.map(known))),
    checkVotes(message, votes) {
      const positions = [...votes.keys()];
      const isValid = (position: number): boolean => holds(message, votes[position] as SignedVote);
      const valid = positions.filter(isValid);
      return {
        valid,
        invalid: positions.filter((position) => !isValid(position)),
        aggregate:
          valid.length === 0 ? undefined : encode(sum(valid.map((at) => known((votes[at] as SignedVote).signature)))),
      };
    },
  };
}
