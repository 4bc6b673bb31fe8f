import { AbiCoder, keccak256 } from "ethers";
import type { Hex } from "../types/hex.ts";
import { POSSESSION_DST } from "./domains.ts";
import { publicKeyOf, type SecretKey } from "./keys.ts";
import { sign, verify } from "./sign.ts";
import { publicKeyToEip2537 } from "./solidity.ts";

/** Where, and for whom, a key is being registered; a proof for one is worth nothing elsewhere. */
export interface PossessionContext {
  chainId: bigint;
  /** Address of the contract that keeps the validators. */
  registry: Hex;
  /** Address that will own the validator. */
  owner: Hex;
}

/**
 * Proves that the owner of a validator holds its secret key, which is what keeps rogue keys out of aggregates.
 * @returns 96 bytes, uncompressed.
 */
export function provePossession(context: PossessionContext, secretKey: SecretKey): Hex {
  return sign(possessionMessage(context, publicKeyOf(secretKey)), secretKey, POSSESSION_DST);
}

/** @throws BlsError for a malformed key or proof. */
export function verifyPossession(context: PossessionContext, publicKey: Hex, proof: Hex): boolean {
  return verify(possessionMessage(context, publicKey), proof, publicKey, POSSESSION_DST);
}

/** What a proof of possession signs. */
export function possessionMessage({ chainId, registry, owner }: PossessionContext, publicKey: Hex): Hex {
  const keyHash = keccak256(publicKeyToEip2537(publicKey));
  const encoded = AbiCoder.defaultAbiCoder().encode(
    ["uint256", "address", "address", "bytes32"],
    [chainId, registry, owner, keyHash],
  );
  return keccak256(encoded) as Hex;
}
