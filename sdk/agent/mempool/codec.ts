import { Common, Hardfork, Mainnet } from "@ethereumjs/common";
import { RLP } from "@ethereumjs/rlp";
import type { TypedTransaction } from "@ethereumjs/tx";
import {
  create1559FeeMarketTxFromBytesArray,
  createAccessList2930TxFromBytesArray,
  createEOACode7702TxFromBytesArray,
  createLegacyTxFromBytesArray,
} from "@ethereumjs/tx";
import { bytesToBigInt, bytesToHex, eoaCode7702RecoverAuthority, equalsBytes, hexToBytes } from "@ethereumjs/util";
import type { Hex } from "../../types/hex.ts";
import { ecrecover, keccak256 } from "./crypto.ts";
import { MempoolError } from "./interface.ts";
import { MAX_TRANSACTION_DEPTH, nestsAtMost } from "./rlp.ts";

/** A transaction read from its EIP-2718 encoding, its sender recovered. */
export interface DecodedTransaction {
  hash: Hex;
  raw: Hex;
  /** Length of the encoding. */
  bytes: number;
  from: Hex;
  nonce: number;
  gasLimit: bigint;
  /** The gas price, for types 0 and 1. */
  maxFeePerGas: bigint;
  /** The gas price, for types 0 and 1. */
  maxPriorityFeePerGas: bigint;
  value: bigint;
  /** False for a legacy transaction signed without a chain id. */
  replayProtected: boolean;
  transaction: TypedTransaction;
}

/** Lists as the typed constructors of the library take them; they check every field themselves. */
type Fields<F extends (values: never, options: never) => unknown> = Parameters<F>[0];

/** Reads signed transactions of one chain. Its failures are MempoolErrors: malformed, wrong-chain, unsupported-type. */
export class TransactionCodec {
  readonly #chainId: bigint;
  readonly #common: Common;

  constructor(chainId: number) {
    this.#chainId = BigInt(chainId);
    const common = new Common({
      chain: { ...Mainnet, name: "l2", chainId },
      hardfork: Hardfork.Prague,
      customCrypto: { keccak256, ecrecover },
    });
    // The library copies its configuration into each transaction, which would take most of the decoding time.
    common.copy = () => common;
    this.#common = common;
  }

  /** Decodes and recovers the sender. Throws MempoolError and nothing else, whatever the input. */
  decode(raw: Hex): DecodedTransaction {
    const bytes = toBytes(raw);
    try {
      const transaction = this.#parse(bytes);
      if (!equalsBytes(transaction.serialize(), bytes))
        throw new MempoolError("malformed", "encoding is not canonical");
      if (transaction.nonce > BigInt(Number.MAX_SAFE_INTEGER)) {
        throw new MempoolError("malformed", `nonce ${transaction.nonce} is beyond any account's`);
      }
      const price = "gasPrice" in transaction ? transaction.gasPrice : undefined;
      return {
        hash: bytesToHex(keccak256(bytes)),
        raw: bytesToHex(bytes),
        bytes: bytes.length,
        from: transaction.getSenderAddress().toString(),
        nonce: Number(transaction.nonce),
        gasLimit: transaction.gasLimit,
        maxFeePerGas: price ?? (transaction as { maxFeePerGas: bigint }).maxFeePerGas,
        maxPriorityFeePerGas: price ?? (transaction as { maxPriorityFeePerGas: bigint }).maxPriorityFeePerGas,
        value: transaction.value,
        replayProtected: transaction.type !== 0 || (transaction.v ?? 0n) >= 35n,
        transaction,
      };
    } catch (error) {
      if (error instanceof MempoolError) throw error;
      throw new MempoolError("malformed", `not a valid signed transaction: ${(error as Error).message}`);
    }
  }

  #parse(bytes: Uint8Array): TypedTransaction {
    const first = bytes[0];
    if (first === undefined) throw new MempoolError("malformed", "empty transaction");
    if (!nestsAtMost(first >= 0xc0 ? bytes : bytes.subarray(1), MAX_TRANSACTION_DEPTH)) {
      throw new MempoolError("malformed", `lists nest deeper than ${MAX_TRANSACTION_DEPTH}`);
    }
    const options = { common: this.#common };
    if (first >= 0xc0) return this.#parseLegacy(RLP.decode(bytes));
    const fields = first < 0x80 && first !== 0 ? RLP.decode(bytes.subarray(1)) : undefined;
    if (!Array.isArray(fields)) throw new MempoolError("malformed", "expected an EIP-2718 transaction");
    if (first !== 1 && first !== 2 && first !== 4) {
      throw new MempoolError("unsupported-type", `transaction type ${first} is not accepted here; use 0, 1, 2 or 4`);
    }
    this.#requireChain(fields[0] instanceof Uint8Array ? bytesToBigInt(fields[0]) : undefined);
    if (first === 1) {
      return createAccessList2930TxFromBytesArray(
        fields as Fields<typeof createAccessList2930TxFromBytesArray>,
        options,
      );
    }
    if (first === 2) {
      return create1559FeeMarketTxFromBytesArray(fields as Fields<typeof create1559FeeMarketTxFromBytesArray>, options);
    }
    return createEOACode7702TxFromBytesArray(fields as Fields<typeof createEOACode7702TxFromBytesArray>, options);
  }

  #parseLegacy(fields: unknown): TypedTransaction {
    const v = Array.isArray(fields) && fields[6] instanceof Uint8Array ? bytesToBigInt(fields[6]) : undefined;
    if (v === undefined) throw new MempoolError("malformed", "expected a signed legacy transaction of nine fields");
    if (v !== 27n && v !== 28n) this.#requireChain(v >= 35n ? (v - 35n) / 2n : undefined);
    return createLegacyTxFromBytesArray(fields as Fields<typeof createLegacyTxFromBytesArray>, {
      common: this.#common,
    });
  }

  #requireChain(chainId: bigint | undefined): void {
    if (chainId === this.#chainId) return;
    if (chainId === undefined) throw new MempoolError("malformed", `no chain id, expected ${this.#chainId}`);
    throw new MempoolError("wrong-chain", `invalid chain id: expected ${this.#chainId}, got ${chainId}`);
  }
}

/** Accounts whose nonce a transaction moves: its sender, and whoever signed one of its EIP-7702 authorizations. */
export function accountsMovedBy({ from, transaction }: DecodedTransaction): Hex[] {
  if (!("authorizationList" in transaction)) return [from];
  const moved = [from];
  for (const authorization of transaction.authorizationList) {
    try {
      moved.push(eoaCode7702RecoverAuthority(authorization).toString());
    } catch {
      // An authorization nobody signed is skipped by the EVM too.
    }
  }
  return moved;
}

function toBytes(raw: unknown): Uint8Array {
  if (typeof raw !== "string" || raw.length % 2 === 1 || !/^0x[0-9a-fA-F]*$/.test(raw)) {
    throw new MempoolError("malformed", "expected a hexadecimal string of whole bytes starting with 0x");
  }
  return hexToBytes(raw as Hex);
}
