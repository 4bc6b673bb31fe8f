import { RLP } from "@ethereumjs/rlp";
import secp256k1 from "secp256k1";
import { keccak } from "../../sdk/agent/engine/crypto/keccak.ts";
import type { Hex } from "../../sdk/types/hex.ts";

/** A fee-market (type 2) transaction before it is signed. */
export interface UnsignedTransfer {
  chainId: number;
  nonce: number;
  to: Hex;
  valueWei: bigint;
  data?: Hex;
  gasLimit: number;
  maxFeePerGas: bigint;
  maxPriorityFeePerGas: bigint;
}

/** Signs thousands of transactions a second with native code, where a wallet library signs hundreds. */
export class FastSigner {
  readonly address: Hex;
  readonly #key: Uint8Array;

  /** The key is derived from `seed`: the same seed, the same account. */
  constructor(seed: string) {
    this.#key = keccak(new TextEncoder().encode(seed));
    const publicKey = secp256k1.publicKeyCreate(this.#key, false).subarray(1);
    this.address = hex(keccak(publicKey).subarray(12));
  }

  sign(transaction: UnsignedTransfer): Hex {
    const fields = [
      BigInt(transaction.chainId),
      BigInt(transaction.nonce),
      transaction.maxPriorityFeePerGas,
      transaction.maxFeePerGas,
      BigInt(transaction.gasLimit),
      transaction.to,
      transaction.valueWei,
      transaction.data ?? new Uint8Array(0),
      [],
    ];
    const { signature, recid } = secp256k1.ecdsaSign(keccak(typed(RLP.encode(fields))), this.#key);
    const number = (from: number): bigint => BigInt(hex(signature.subarray(from, from + 32)));
    return hex(typed(RLP.encode([...fields, BigInt(recid), number(0), number(32)])));
  }
}

const typed = (payload: Uint8Array): Uint8Array => Uint8Array.of(2, ...payload);
const hex = (bytes: Uint8Array): Hex => `0x${Buffer.from(bytes).toString("hex")}`;
