import type { Common } from "@ethereumjs/common";
import { RLP } from "@ethereumjs/rlp";
import type { TypedTransaction } from "@ethereumjs/tx";
import {
  create1559FeeMarketTxFromBytesArray,
  createAccessList2930TxFromBytesArray,
  createEOACode7702TxFromBytesArray,
  createLegacyTxFromBytesArray,
} from "@ethereumjs/tx";
import { bytesToBigInt, bytesToHex, equalsBytes, hexToBytes } from "@ethereumjs/util";
import type { Hex } from "../../types/hex.ts";
import { createChainRules } from "../engine/chain-rules.ts";
import { keccak } from "../engine/crypto/keccak.ts";
import { authorityOf, toAuthorization } from "../engine/execution/authorizations.ts";
import { MAX_TRANSACTION_DEPTH, nestsAtMost } from "../engine/execution/nesting.ts";
import { MempoolError } from "./interface.ts";

/** What the pool needs of a transaction, without its content. */
export interface TransactionFacts {
  hash: Hex;
  /** Length of the encoding. */
  bytes: number;
  from: Hex;
  nonce: number;
  gasLimit: bigint;
  /** The gas price, for types 0 and 1. */
  maxFeePerGas: bigint;
  /** The gas price, for types 0 and 1. */
  maxPriorityFeePerGas: bigint;
  /** Upper bound of what it takes from its sender, in wei. */
  maxCost: bigint;
  /** Accounts whose nonce it moves: its sender first, then whoever signed one of its EIP-7702 authorizations. */
  moves: readonly Hex[];
}

/** A transaction read from its EIP-2718 encoding, its sender recovered. */
export interface DecodedTransaction extends TransactionFacts {
  raw: Hex;
  /** False for a legacy transaction signed without a chain id. */
  replayProtected: boolean;
  transaction: TypedTransaction;
}

/** Lists as the typed constructors of the library take them; they check every field themselves. */
type Fields<F extends (values: never, options: never) => unknown> = Parameters<F>[0];

/**
 * Reads a signed transaction. Throws MempoolError (malformed, wrong-chain, unsupported-type; too-large beyond
 * `maxAuthorizations`, if that is given) and nothing else, whatever the input.
 */
export type TransactionDecoder = (raw: Hex, maxAuthorizations?: number) => DecodedTransaction;

/** The decoder of one chain's transactions; signature recovery is native, about 0.1 ms for a transfer. */
export function transactionDecoder(chainId: number): TransactionDecoder {
  const rules = createChainRules(chainId);
  return (raw, maxAuthorizations = Number.POSITIVE_INFINITY) => {
    const bytes = toBytes(raw);
    return asMempoolError(() => {
      const transaction = parse(bytes, rules);
      const count = "authorizationList" in transaction ? transaction.authorizationList.length : 0;
      if (count <= maxAuthorizations) return describe(transaction, bytes);
      throw new MempoolError("too-large", `transaction with ${count} authorizations, at most ${maxAuthorizations}`);
    });
  };
}

/** Like the decoder, for a transaction whose sender is known: without the recovery, four times cheaper. */
export function transactionParser(chainId: number): (raw: Hex) => TypedTransaction {
  const rules = createChainRules(chainId);
  return (raw) => asMempoolError(() => parse(toBytes(raw), rules));
}

function asMempoolError<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof MempoolError) throw error;
    throw new MempoolError("malformed", `not a valid signed transaction: ${(error as Error).message}`);
  }
}

function describe(transaction: TypedTransaction, bytes: Uint8Array): DecodedTransaction {
  if (!equalsBytes(transaction.serialize(), bytes)) throw new MempoolError("malformed", "encoding is not canonical");
  if (transaction.nonce > BigInt(Number.MAX_SAFE_INTEGER)) {
    throw new MempoolError("malformed", `nonce ${transaction.nonce} is beyond any account's`);
  }
  const capped = "maxFeePerGas" in transaction;
  const maxFeePerGas = capped ? transaction.maxFeePerGas : transaction.gasPrice;
  const from = transaction.getSenderAddress().toString();
  return {
    hash: bytesToHex(keccak(bytes)),
    raw: bytesToHex(bytes),
    bytes: bytes.length,
    from,
    nonce: Number(transaction.nonce),
    gasLimit: transaction.gasLimit,
    maxFeePerGas,
    maxPriorityFeePerGas: capped ? transaction.maxPriorityFeePerGas : transaction.gasPrice,
    maxCost: transaction.value + transaction.gasLimit * maxFeePerGas,
    moves: [from, ...authorities(transaction)],
    replayProtected: transaction.type !== 0 || (transaction.v ?? 0n) >= 35n,
    transaction,
  };
}

function parse(bytes: Uint8Array, rules: Common): TypedTransaction {
  const type = bytes[0];
  if (type === undefined) throw new MempoolError("malformed", "empty transaction");
  const isLegacy = type >= 0xc0;
  const content = isLegacy ? bytes : bytes.subarray(1);
  if (!nestsAtMost(content, MAX_TRANSACTION_DEPTH)) {
    throw new MempoolError("malformed", `lists nest deeper than ${MAX_TRANSACTION_DEPTH}`);
  }
  const fields: unknown = isLegacy || type < 0x80 ? RLP.decode(content) : undefined;
  if (!Array.isArray(fields)) throw new MempoolError("malformed", "expected an EIP-2718 transaction");
  const options = { common: rules };
  if (isLegacy) {
    requireChain(legacyChainId(fields[6], rules), rules);
    return createLegacyTxFromBytesArray(fields as Fields<typeof createLegacyTxFromBytesArray>, options);
  }
  if (type !== 1 && type !== 2 && type !== 4) {
    throw new MempoolError("unsupported-type", `transaction type ${type} is not accepted here; use 0, 1, 2 or 4`);
  }
  requireChain(quantity(fields[0]), rules);
  if (type === 1) {
    return createAccessList2930TxFromBytesArray(fields as Fields<typeof createAccessList2930TxFromBytesArray>, options);
  }
  if (type === 2) {
    return create1559FeeMarketTxFromBytesArray(fields as Fields<typeof create1559FeeMarketTxFromBytesArray>, options);
  }
  return createEOACode7702TxFromBytesArray(fields as Fields<typeof createEOACode7702TxFromBytesArray>, options);
}

/** EIP-155's chain id in `v`; a signature without one (27 or 28) is valid on this chain as on any. */
function legacyChainId(field: unknown, rules: Common): bigint | undefined {
  const v = quantity(field);
  if (v === 27n || v === 28n) return rules.chainId();
  return v === undefined || v < 35n ? undefined : (v - 35n) / 2n;
}

const quantity = (field: unknown): bigint | undefined =>
  field instanceof Uint8Array ? bytesToBigInt(field) : undefined;

function requireChain(chainId: bigint | undefined, rules: Common): void {
  const expected = rules.chainId();
  if (chainId === expected) return;
  if (chainId === undefined) throw new MempoolError("malformed", `no chain id, expected ${expected}`);
  throw new MempoolError("wrong-chain", `invalid chain id: expected ${expected}, got ${chainId}`);
}

/** Signers of EIP-7702 authorizations that may take effect, each once. */
function authorities(transaction: TypedTransaction): Hex[] {
  if (!("authorizationList" in transaction)) return [];
  const chainId = transaction.common.chainId();
  const signers = transaction.authorizationList.map((item) => authorityOf(toAuthorization(item), chainId));
  return [...new Set(signers.filter((signer) => signer !== undefined))];
}

/** The facts alone: what is remembered of many transactions must not hold on to their content. */
export function factsOnly(facts: TransactionFacts): TransactionFacts {
  const { hash, bytes, from, nonce, gasLimit, maxFeePerGas, maxPriorityFeePerGas, maxCost, moves } = facts;
  return { hash, bytes, from, nonce, gasLimit, maxFeePerGas, maxPriorityFeePerGas, maxCost, moves };
}

/** The hash of an encoding, without decoding it. Throws MempoolError if it is no hexadecimal string. */
export const transactionHash = (raw: Hex): Hex => bytesToHex(keccak(toBytes(raw)));

function toBytes(raw: unknown): Uint8Array {
  if (typeof raw !== "string" || raw.length % 2 === 1 || !/^0x[0-9a-fA-F]*$/.test(raw)) {
    throw new MempoolError("malformed", "expected a hexadecimal string of whole bytes starting with 0x");
  }
  return hexToBytes(raw as Hex);
}
