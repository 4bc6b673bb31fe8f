import type { Hex } from "../../types/hex.ts";

/** Storage slots that a transaction says it will touch, by account (EIP-2930). */
export interface AccessListEntry {
  address: Hex;
  /** 32 bytes each. */
  storageKeys: Hex[];
}

/** A signed authorization to run code for its signer (EIP-7702). */
export interface Authorization {
  /** Zero for any chain. */
  chainId: bigint;
  address: Hex;
  nonce: bigint;
  yParity: bigint;
  r: bigint;
  s: bigint;
}

/** What an account is for the length of a call. */
export interface AccountOverride {
  balance?: bigint;
  nonce?: bigint;
  code?: Hex;
  /** In place of all its storage; slots and words of 32 bytes. Excludes `stateDiff`. */
  state?: Record<Hex, Hex>;
  /** On top of its storage. */
  stateDiff?: Record<Hex, Hex>;
}

/** What the block around a call is; the rest is as in the block it runs at. */
export interface BlockOverrides {
  number?: bigint;
  /** Unix seconds. */
  time?: bigint;
  gasLimit?: bigint;
  feeRecipient?: Hex;
  prevRandao?: Hex;
  baseFeePerGas?: bigint;
}

/** How a call's world differs from the chain's. */
export interface CallOverrides {
  state?: Record<Hex, AccountOverride>;
  block?: BlockOverrides;
}

/** Which slots a call touches, and what it costs with them declared; `error` if it fails all the same. */
export interface AccessListResult {
  accessList: AccessListEntry[];
  gasUsed: bigint;
  error?: string;
}

/** An account and some of its storage under a block's state root, with the trie nodes that show it (EIP-1186). */
export interface AccountProof {
  address: Hex;
  balance: bigint;
  nonce: number;
  codeHash: Hex;
  storageHash: Hex;
  /** From the root down. */
  accountProof: Hex[];
  storageProof: { key: Hex; value: bigint; proof: Hex[] }[];
}
