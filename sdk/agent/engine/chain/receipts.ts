import { RLP } from "@ethereumjs/rlp";
import { generateAddress } from "@ethereumjs/util";
import type { Hex } from "../../../types/hex.ts";
import type { DecodedTransaction } from "../execution/transactions.ts";
import { toHex, toQuantity } from "../hex.ts";
import type { LogEntry, TransactionReceipt } from "../interface.ts";
import type { KnownBlock } from "./block.ts";

type ReceiptItems = [Uint8Array, Uint8Array, Uint8Array, [Uint8Array, Uint8Array[], Uint8Array][]];

/** Receipts of a block in their consensus encoding (EIP-2718), as one stored value. */
export const encodeReceipts = (receipts: readonly Uint8Array[]): Uint8Array => RLP.encode([...receipts]);
export const decodeReceipts = (rlp: Uint8Array): Uint8Array[] => RLP.decode(rlp) as Uint8Array[];

/** What stands in a block before the receipts that are described. */
export interface Before {
  transactions: number;
  gasUsed: bigint;
  logs: number;
}

const NOTHING_BEFORE: Before = { transactions: 0, gasUsed: 0n, logs: 0 };

/**
 * Receipts as JSON-RPC needs them. What the consensus encoding leaves out is derived: the sender and the created address
 * from the transaction, gas used from the running sum, the price from the block's base fee.
 */
export function describeReceipts(
  block: KnownBlock,
  transactions: readonly DecodedTransaction[],
  encoded: readonly Uint8Array[],
  before = NOTHING_BEFORE,
): TransactionReceipt[] {
  const baseFee = block.header.baseFeePerGas ?? 0n;
  let previousGas = before.gasUsed;
  let logIndex = before.logs;
  return encoded.map((bytes, i) => {
    const { tx, sender, hash } = transactions[i] as DecodedTransaction;
    const transactionIndex = before.transactions + i;
    const [status, gas, bloom, logs] = RLP.decode(tx.type === 0 ? bytes : bytes.subarray(1)) as unknown as ReceiptItems;
    const cumulativeGasUsed = toQuantity(gas);
    const gasUsed = cumulativeGasUsed - previousGas;
    previousGas = cumulativeGasUsed;
    const entries = logs.map((log) => describeLog(log, logIndex++));
    return {
      transactionHash: hash,
      transactionIndex,
      blockHash: block.hash,
      blockNumber: Number(block.header.number),
      from: toHex(sender.bytes),
      to: tx.to === undefined ? null : toHex(tx.to.bytes),
      contractAddress: tx.to === undefined ? createdAddress(sender.bytes, tx.nonce) : null,
      type: tx.type,
      status: status.length === 1 ? 1 : 0,
      gasUsed,
      cumulativeGasUsed,
      effectiveGasPrice: tx.getEffectivePriorityFee(baseFee) + baseFee,
      logsBloom: toHex(bloom),
      logs: entries,
    };
  });
}

function describeLog([address, topics, data]: ReceiptItems[3][number], logIndex: number): LogEntry {
  return { address: toHex(address), topics: topics.map(toHex), data: toHex(data), logIndex };
}

function createdAddress(sender: Uint8Array, nonce: bigint): Hex {
  return toHex(generateAddress(sender, nonceBytes(nonce)));
}

function nonceBytes(nonce: bigint): Uint8Array {
  if (nonce === 0n) return new Uint8Array(0);
  const digits = nonce.toString(16);
  return new Uint8Array(Buffer.from(digits.length % 2 === 0 ? digits : `0${digits}`, "hex"));
}
