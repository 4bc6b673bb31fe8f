import type { Hex } from "../../../types/hex.ts";
import type { LogEntry, TransactionReceipt } from "../../engine/interface.ts";
import { toQuantity } from "./quantity.ts";

/** Where a log's transaction stands. */
type Place = Pick<TransactionReceipt, "transactionHash" | "transactionIndex" | "blockHash" | "blockNumber">;

/** A log as JSON-RPC shows it; `removed` if its block left the chain. */
export function logJson(log: LogEntry, place: Place, removed = false): Record<string, unknown> {
  return {
    address: log.address,
    topics: log.topics,
    data: log.data,
    blockNumber: toQuantity(place.blockNumber),
    blockHash: place.blockHash,
    transactionHash: place.transactionHash,
    transactionIndex: toQuantity(place.transactionIndex),
    logIndex: toQuantity(log.logIndex),
    removed,
  };
}

export function receiptJson(receipt: TransactionReceipt): Record<string, unknown> {
  return {
    transactionHash: receipt.transactionHash,
    transactionIndex: toQuantity(receipt.transactionIndex),
    blockHash: receipt.blockHash,
    blockNumber: toQuantity(receipt.blockNumber),
    from: receipt.from,
    to: receipt.to,
    contractAddress: receipt.contractAddress,
    type: toQuantity(receipt.type),
    status: toQuantity(receipt.status),
    gasUsed: toQuantity(receipt.gasUsed),
    cumulativeGasUsed: toQuantity(receipt.cumulativeGasUsed),
    effectiveGasPrice: toQuantity(receipt.effectiveGasPrice),
    logsBloom: receipt.logsBloom satisfies Hex,
    logs: receipt.logs.map((log) => logJson(log, receipt)),
  };
}
