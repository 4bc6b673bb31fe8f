import { brotliCompressSync, brotliDecompressSync, constants } from "node:zlib";
import { decode, encode } from "@ethereumjs/rlp";
import type { ExecutionPayload, Withdrawal } from "../types/payload.ts";
import { BlobError } from "./error.ts";
import * as field from "./fields.ts";

/**
 * Largest decompressed block, in bytes: a 30,000,000-gas block of calldata alone (EIP-7623: 10 gas a zero byte) holds
 * 3 MB, with its envelope well below this.
 */
export const MAX_BLOCK_BYTES = 4 * 1024 * 1024;

/** Bytes of blob space against milliseconds on the proposer's critical path: 5 is within 3 % of 11 at a tenth of the time. */
const BROTLI_QUALITY = 5;

/** Most transactions a block can list: 30,000,000 gas at 21,000 each. */
const MAX_TRANSACTIONS = 1_428;
/** Most withdrawals: a checkpoint's largest inbox batch. */
const MAX_WITHDRAWALS = 1_024;

/** A block as it stands in a blob: its fields as an RLP list, compressed with brotli. */
export function encodeBlockData(payload: ExecutionPayload): Uint8Array {
  const rlp = encode([
    field.uint(payload.blockNumber),
    field.uint(payload.timestamp),
    field.bytes(payload.prevRandao),
    field.bytes(payload.feeRecipient),
    field.uint(payload.gasLimit),
    field.uint(payload.baseFeePerGas),
    payload.transactions.map(field.bytes),
    payload.withdrawals.map((w) => [
      field.uint(w.index),
      field.uint(w.validatorIndex),
      field.bytes(w.address),
      field.uint(w.amountGwei),
    ]),
    field.bytes(payload.stateRoot),
    field.bytes(payload.receiptsRoot),
    field.bytes(payload.logsBloom),
    field.uint(payload.gasUsed),
    field.bytes(payload.extraData),
    field.bytes(payload.parentHash),
    field.bytes(payload.blockHash),
  ]);
  return brotliCompressSync(rlp, {
    params: { [constants.BROTLI_PARAM_QUALITY]: BROTLI_QUALITY, [constants.BROTLI_PARAM_SIZE_HINT]: rlp.length },
  });
}

/**
 * Decodes a block. Says nothing about whether it is a valid block, only that it is well formed. Never recompress to
 * compare: equal blocks may be compressed in different ways.
 * @throws BlobError "too-large", "bad-compression" or "bad-rlp".
 */
export function decodeBlockData(data: Uint8Array): ExecutionPayload {
  const list = field.list(parseRlp(decompress(data)), "block", 15);
  return {
    blockNumber: field.toNumber(list[0], "number"),
    timestamp: field.toNumber(list[1], "timestamp"),
    prevRandao: field.toHex(list[2], "prevRandao", 32),
    feeRecipient: field.toHex(list[3], "feeRecipient", 20),
    gasLimit: field.toUint(list[4], "gasLimit", 8),
    baseFeePerGas: field.toUint(list[5], "baseFeePerGas", 32),
    transactions: field
      .list(list[6], "transactions", undefined, MAX_TRANSACTIONS)
      .map((item) => field.toHex(item, "transaction")),
    withdrawals: field.list(list[7], "withdrawals", undefined, MAX_WITHDRAWALS).map(toWithdrawal),
    stateRoot: field.toHex(list[8], "stateRoot", 32),
    receiptsRoot: field.toHex(list[9], "receiptsRoot", 32),
    logsBloom: field.toHex(list[10], "logsBloom", 256),
    gasUsed: field.toUint(list[11], "gasUsed", 8),
    extraData: field.toHex(list[12], "extraData"),
    parentHash: field.toHex(list[13], "parentHash", 32),
    blockHash: field.toHex(list[14], "blockHash", 32),
  };
}

function toWithdrawal(item: field.RlpItem): Withdrawal {
  const [index, validatorIndex, address, amount] = field.list(item, "withdrawal", 4);
  return {
    index: field.toNumber(index, "withdrawal index"),
    validatorIndex: field.toNumber(validatorIndex, "withdrawal validatorIndex"),
    address: field.toHex(address, "withdrawal address", 20),
    amountGwei: field.toUint(amount, "withdrawal amount", 8),
  };
}

function decompress(data: Uint8Array): Uint8Array {
  try {
    return brotliDecompressSync(data, { maxOutputLength: MAX_BLOCK_BYTES });
  } catch (cause) {
    if (cause instanceof RangeError) {
      throw new BlobError("too-large", `block data decompresses to more than ${MAX_BLOCK_BYTES} bytes`);
    }
    throw new BlobError(
      "bad-compression",
      `block data is not brotli: ${cause instanceof Error ? cause.message : String(cause)}`,
    );
  }
}

function parseRlp(bytes: Uint8Array): field.RlpItem {
  try {
    return decode(bytes);
  } catch (cause) {
    throw new BlobError("bad-rlp", `block data is not RLP: ${cause instanceof Error ? cause.message : String(cause)}`);
  }
}
