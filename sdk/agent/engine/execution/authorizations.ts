import { RLP } from "@ethereumjs/rlp";
import { Account, concatBytes, type EOACode7702AuthorizationListBytesItem } from "@ethereumjs/util";
import type { Hex } from "../../../types/hex.ts";
import type { Authorization } from "../../types/calls.ts";
import { keccak } from "../crypto/keccak.ts";
import { recoverPublicKey } from "../crypto/recovery.ts";
import { toBytes, toHex, toQuantity } from "../hex.ts";
import type { StateLayer } from "../state/state-layer.ts";

/** EIP-7702: what is signed begins with this, and so does the code of a delegated account. */
const MAGIC = Uint8Array.of(0x05);
const DELEGATION = Uint8Array.of(0xef, 0x01, 0x00);
const DELEGATION_LENGTH = 23;
const SECP256K1_N = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n;
const MAX_NONCE = 2n ** 64n - 1n;

/** An authorization as a transaction carries it. */
export function toAuthorization(item: EOACode7702AuthorizationListBytesItem): Authorization {
  const [chainId, address, nonce, yParity, r, s] = item;
  return {
    chainId: toQuantity(chainId),
    address: toHex(address),
    nonce: toQuantity(nonce),
    yParity: toQuantity(yParity),
    r: toQuantity(r),
    s: toQuantity(s),
  };
}

/**
 * The account whose code an authorization sets; undefined for one that the EVM passes over whatever the state: another
 * chain's, one beyond the last nonce, one that nobody signed.
 */
export function authorityOf({ chainId, address, nonce, yParity, r, s }: Authorization, chain: bigint): Hex | undefined {
  if (chainId !== 0n && chainId !== chain) return undefined;
  if (nonce >= MAX_NONCE || s > SECP256K1_N / 2n) return undefined;
  const message = keccak(concatBytes(MAGIC, RLP.encode([chainId, toBytes(address), nonce])));
  try {
    return toHex(keccak(recoverPublicKey(message, yParity, word(r), word(s))).subarray(12));
  } catch {
    return undefined;
  }
}

/** Sets the code of those who signed, as a transaction of `sender` does before it runs. Returns who did. */
export function delegate(
  layer: StateLayer,
  authorizations: readonly Authorization[],
  { chainId, sender }: { chainId: bigint; sender: Hex },
): Hex[] {
  return authorizations.flatMap((authorization) => {
    const authority = authorityOf(authorization, chainId);
    if (authority === undefined) return [];
    const address = toBytes(authority);
    const account = layer.account(address) ?? new Account();
    const code = account.isContract() ? layer.code(account.codeHash) : undefined;
    // The sender's nonce has moved by the time its transaction comes to this.
    const nonce = account.nonce + (authority === sender ? 1n : 0n);
    if ((code !== undefined && delegationOf(code) === undefined) || nonce !== authorization.nonce) return [authority];
    account.codeHash = layer.addCode(concatBytes(DELEGATION, toBytes(authorization.address)));
    account.nonce += 1n;
    layer.setAccount(address, account);
    return [authority];
  });
}

/** The account whose code runs in place of this one; undefined if it is no delegation. */
export function delegationOf(code: Uint8Array): Uint8Array | undefined {
  const isDelegation = code.length === DELEGATION_LENGTH && DELEGATION.every((byte, i) => code[i] === byte);
  return isDelegation ? code.subarray(DELEGATION.length) : undefined;
}

const word = (value: bigint): Uint8Array => toBytes(`0x${value.toString(16).padStart(64, "0")}`);
