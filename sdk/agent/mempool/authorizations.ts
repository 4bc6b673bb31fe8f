import { RLP } from "@ethereumjs/rlp";
import { bytesToBigInt, bytesToHex, concatBytes, type EOACode7702AuthorizationListBytesItem } from "@ethereumjs/util";
import type { Hex } from "../../types/hex.ts";
import { keccak } from "../engine/crypto/keccak.ts";
import { recoverPublicKey } from "../engine/crypto/recovery.ts";

/** EIP-7702: what an authorization's signature begins with. */
const MAGIC = Uint8Array.of(0x05);
const SECP256K1_N = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n;
const MAX_NONCE = 2n ** 64n - 1n;

/**
 * The account whose code an authorization sets; undefined for one that the EVM passes over whatever the state: another
 * chain's, one beyond the last nonce, one that nobody signed.
 */
export function authorityOf(authorization: EOACode7702AuthorizationListBytesItem, chainId: bigint): Hex | undefined {
  const [signedFor, address, nonce, yParity, r, s] = authorization;
  const chain = bytesToBigInt(signedFor);
  if (chain !== 0n && chain !== chainId) return undefined;
  if (bytesToBigInt(nonce) >= MAX_NONCE || bytesToBigInt(s) > SECP256K1_N / 2n) return undefined;
  const message = keccak(concatBytes(MAGIC, RLP.encode([signedFor, address, nonce])));
  try {
    const key = recoverPublicKey(message, bytesToBigInt(yParity), r, s);
    return bytesToHex(keccak(key).subarray(12));
  } catch {
    return undefined;
  }
}
