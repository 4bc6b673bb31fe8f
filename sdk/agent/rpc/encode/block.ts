import { RLP } from "@ethereumjs/rlp";
import { bytesToHex, hexToBytes } from "@ethereumjs/util";
import type { Hex } from "../../../types/hex.ts";
import type { ExecutionPayload } from "../../../types/payload.ts";
import { keccak } from "../../engine/crypto/keccak.ts";
import { orderedRoot } from "../../engine/trie/ordered-root.ts";
import { toQuantity } from "./quantity.ts";

const ZERO_HASH: Hex = `0x${"00".repeat(32)}`;
/** keccak256 of an empty RLP list: there are no uncles. */
const NO_UNCLES: Hex = "0x1dcc4de8dec75d7aab85b567b6ccd41ad312451b948a7413f0a142fd40d49347";
/** sha256 of nothing: blocks carry no execution requests (EIP-7685). */
const NO_REQUESTS: Hex = "0xe3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
const ZERO_NONCE: Hex = "0x0000000000000000";
/** Blocks whose derived fields are kept. */
const MAX_KEPT = 128;

/** What a block's JSON holds beyond its payload. */
interface Derived {
  transactionsRoot: Hex;
  withdrawalsRoot: Hex;
  transactionHashes: Hex[];
  sizeBytes: number;
}

/** A block header as JSON-RPC shows it. */
export type HeaderJson = Record<string, unknown>;

/** Writes blocks as JSON; what must be hashed for it is kept for the latest blocks asked for. */
export class BlockEncoder {
  readonly #derived = new Map<Hex, Derived>();

  /** The header alone, as `newHeads` sends it. */
  header(block: ExecutionPayload): HeaderJson {
    const { transactionsRoot, withdrawalsRoot } = this.#derive(block);
    return {
      hash: block.blockHash,
      parentHash: block.parentHash,
      sha3Uncles: NO_UNCLES,
      miner: block.feeRecipient,
      stateRoot: block.stateRoot,
      transactionsRoot,
      receiptsRoot: block.receiptsRoot,
      logsBloom: block.logsBloom,
      difficulty: "0x0",
      number: toQuantity(block.blockNumber),
      gasLimit: toQuantity(block.gasLimit),
      gasUsed: toQuantity(block.gasUsed),
      timestamp: toQuantity(block.timestamp),
      extraData: block.extraData,
      mixHash: block.prevRandao,
      nonce: ZERO_NONCE,
      baseFeePerGas: toQuantity(block.baseFeePerGas),
      withdrawalsRoot,
      blobGasUsed: "0x0",
      excessBlobGas: "0x0",
      parentBeaconBlockRoot: ZERO_HASH,
      requestsHash: NO_REQUESTS,
    };
  }

  /** The whole block, with `transactions` as given: objects, or the hashes if undefined. */
  block(block: ExecutionPayload, transactions?: unknown[]): HeaderJson {
    const { transactionHashes, sizeBytes } = this.#derive(block);
    return {
      ...this.header(block),
      size: toQuantity(sizeBytes),
      uncles: [],
      transactions: transactions ?? transactionHashes,
      withdrawals: block.withdrawals.map((withdrawal) => ({
        index: toQuantity(withdrawal.index),
        validatorIndex: toQuantity(withdrawal.validatorIndex),
        address: withdrawal.address,
        amount: toQuantity(withdrawal.amountGwei),
      })),
    };
  }

  transactionHashes(block: ExecutionPayload): Hex[] {
    return this.#derive(block).transactionHashes;
  }

  #derive(block: ExecutionPayload): Derived {
    const known = this.#derived.get(block.blockHash);
    if (known !== undefined) return known;
    const transactions = block.transactions.map((raw) => hexToBytes(raw));
    const withdrawals = block.withdrawals.map((withdrawal) =>
      RLP.encode([withdrawal.index, withdrawal.validatorIndex, withdrawal.address, withdrawal.amountGwei]),
    );
    const derived = {
      transactionsRoot: bytesToHex(orderedRoot(transactions)),
      withdrawalsRoot: bytesToHex(orderedRoot(withdrawals)),
      transactionHashes: transactions.map((raw) => bytesToHex(keccak(raw))),
      sizeBytes: 0,
    };
    derived.sizeBytes = listSize(
      headerRlp(block, derived).length +
        listSize(transactions.reduce((sum, raw) => sum + bodySize(raw), 0)) +
        listSize(0) +
        listSize(withdrawals.reduce((sum, encoded) => sum + encoded.length, 0)),
    );
    this.#derived.set(block.blockHash, derived);
    for (const oldest of this.#derived.keys()) {
      if (this.#derived.size <= MAX_KEPT) break;
      this.#derived.delete(oldest);
    }
    return derived;
  }
}

/** The header's RLP, which hashes to the block hash. */
export function headerRlp(block: ExecutionPayload, roots: { transactionsRoot: Hex; withdrawalsRoot: Hex }): Uint8Array {
  return RLP.encode([
    block.parentHash,
    NO_UNCLES,
    block.feeRecipient,
    block.stateRoot,
    roots.transactionsRoot,
    block.receiptsRoot,
    block.logsBloom,
    0,
    block.blockNumber,
    block.gasLimit,
    block.gasUsed,
    block.timestamp,
    block.extraData,
    block.prevRandao,
    ZERO_NONCE,
    block.baseFeePerGas,
    roots.withdrawalsRoot,
    0,
    0,
    ZERO_HASH,
    NO_REQUESTS,
  ]);
}

/** Bytes of a transaction inside a block: a legacy one is a list itself, a typed one is wrapped as a string. */
function bodySize(raw: Uint8Array): number {
  return (raw[0] ?? 0) >= 0xc0 ? raw.length : listSize(raw.length);
}

/** Bytes of an RLP list (or of a string longer than one byte) with `content` bytes inside. */
function listSize(content: number): number {
  if (content <= 55) return 1 + content;
  let lengthBytes = 0;
  for (let rest = content; rest > 0; rest = Math.floor(rest / 256)) lengthBytes++;
  return 1 + lengthBytes + content;
}
