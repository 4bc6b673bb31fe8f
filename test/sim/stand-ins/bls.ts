import { keccak256 } from "ethers";
import { BlsError } from "../../../sdk/bls/error.ts";
import { publicKeyOf } from "../../../sdk/bls/keys.ts";
import { BLS, type SignatureScheme } from "../../../sdk/bls/scheme.ts";
import type { SignedVote } from "../../../sdk/bls/votes.ts";
import { bytesToHex, type Hex } from "../../../sdk/types/hex.ts";
import { timesGenerator } from "./generator.ts";

/** Small scalars, as multiplying by them is quick: of some thousand hashes of 64 bits no two are the same. */
const SCALARS = 2n ** 64n;
const COORDINATE_DIGITS = 96;

/**
 * Signatures without pairings: that of a key over a message is the generator times a hash of both, so that they add up
 * and are points as real ones are, and a signature holds iff it is one that was made here. Anybody could forge them, and
 * in a simulation nobody does.
 * @param genuine Secret keys whose signatures are real ones: L1 takes no other as evidence.
 */
export function standInBls(genuine: ReadonlySet<Hex> = new Set()): SignatureScheme {
  const scalars = new Map<Hex, bigint>();
  const signatures = new Map<bigint, Hex>();
  const publicKeys = new Map<Hex, Hex>();
  const scalarOf = (message: Hex, publicKey: Hex): bigint =>
    (BigInt(keccak256(`${message}${publicKey.slice(2)}`)) % SCALARS) + 1n;
  const encode = (scalar: bigint): Hex => {
    const known = signatures.get(scalar);
    if (known !== undefined) return known;
    // A multiple of the generator needs none of the checks that encoding a point comes with.
    const { x, y } = timesGenerator(scalar).toAffine();
    const digits = [x, y].map((coordinate) => coordinate.toString(16).padStart(COORDINATE_DIGITS, "0"));
    const signature: Hex = `0x${digits.join("")}`;
    signatures.set(scalar, signature);
    scalars.set(signature, scalar);
    return signature;
  };
  const known = (signature: Hex): bigint => {
    const scalar = scalars.get(signature);
    if (scalar === undefined) throw new BlsError("not-on-curve", `signature: nobody made ${signature}`);
    return scalar;
  };
  const sum = (items: bigint[]): bigint => items.reduce((total, item) => total + item, 0n);
  const holds = (message: Hex, { publicKey, signature }: SignedVote): boolean =>
    typeof publicKey === "string" && scalars.get(signature) === scalarOf(message, publicKey);
  return {
    sign(message, secretKey) {
      const secret = bytesToHex(secretKey);
      const publicKey = publicKeys.get(secret) ?? publicKeyOf(secretKey);
      publicKeys.set(secret, publicKey);
      if (!genuine.has(secret)) return encode(scalarOf(message, publicKey));
      const signature = BLS.sign(message, secretKey);
      scalars.set(signature, scalarOf(message, publicKey));
      return signature;
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
