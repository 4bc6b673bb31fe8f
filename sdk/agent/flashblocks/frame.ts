import { RLP } from "@ethereumjs/rlp";
import { bytesToHex, hexToBytes } from "@ethereumjs/util";
import { keccak256 } from "ethers";
import type { Hex } from "../../types/hex.ts";
import type { ExecutionPayload } from "../../types/payload.ts";
import type { FeedEvent } from "../builder/feed.ts";
import type { Flashblock } from "../builder/interface.ts";
import type { TransactionReceipt } from "../engine/interface.ts";
import { orderedRoot } from "../engine/trie/ordered-root.ts";

/** No beacon chain here. */
const NO_BEACON_ROOT: Hex = `0x${"00".repeat(32)}`;

/** A part of a block as clients of shipped flashblock streams read it; `base` at index 0 only. */
export interface Frame {
  payload_id: Hex;
  index: number;
  base?: {
    parent_beacon_block_root: Hex;
    parent_hash: Hex;
    fee_recipient: Hex;
    prev_randao: Hex;
    block_number: Hex;
    gas_limit: Hex;
    timestamp: Hex;
    extra_data: Hex;
    base_fee_per_gas: Hex;
  };
  /** Roots, bloom, gas and hash are of the block so far; transactions and withdrawals are what is new. */
  diff: {
    state_root: Hex;
    receipts_root: Hex;
    logs_bloom: Hex;
    gas_used: Hex;
    block_hash: Hex;
    transactions: Hex[];
    withdrawals: { index: Hex; validatorIndex: Hex; address: Hex; amount: Hex }[];
    withdrawals_root: Hex;
  };
  metadata: {
    block_number: number;
    new_account_balances: Record<Hex, Hex>;
    receipts: Record<Hex, ReceiptFrame>;
  };
}

export interface ReceiptFrame {
  type: Hex;
  status: Hex;
  cumulativeGasUsed: Hex;
  logs: { address: Hex; topics: Hex[]; data: Hex }[];
}

/** Only to those who asked for it: what was shown of a block, or whole blocks, are no longer part of the chain. */
export interface ReorgFrame {
  reorg: {
    /** Of the lowest block concerned. */
    block_number: number;
    /** Set if parts of a block were shown that will not come. */
    payload_id?: Hex;
    /** Blocks that left, lowest first. */
    block_hashes: Hex[];
    /** Hashes of the transactions shown in that unfinished block. */
    transactions: Hex[];
    reason: string;
  };
}

export function frameOf({ payloadId, index, payload, from, receipts, balancesWei }: Flashblock): Frame {
  return {
    payload_id: payloadId,
    index,
    ...(index === 0 && { base: baseOf(payload) }),
    diff: {
      state_root: payload.stateRoot,
      receipts_root: payload.receiptsRoot,
      logs_bloom: payload.logsBloom,
      gas_used: quantity(payload.gasUsed),
      block_hash: payload.blockHash,
      transactions: payload.transactions.slice(from),
      withdrawals: index === 0 ? withdrawalsOf(payload) : [],
      withdrawals_root: withdrawalsRoot(payload),
    },
    metadata: {
      block_number: payload.blockNumber,
      new_account_balances: Object.fromEntries(
        Object.entries(balancesWei).map(([address, balance]) => [address, quantity(balance)]),
      ),
      receipts: Object.fromEntries(receipts.map((receipt) => [receipt.transactionHash, receiptOf(receipt)])),
    },
  };
}

export function reorgOf({ block, blockNumber }: Extract<FeedEvent, { type: "abandoned" }>): ReorgFrame {
  return {
    reorg: {
      block_number: blockNumber,
      payload_id: block.payloadId,
      block_hashes: [],
      transactions: block.transactions.map((raw) => keccak256(raw) as Hex),
      reason: block.reason,
    },
  };
}

const baseOf = (payload: ExecutionPayload): Frame["base"] => ({
  parent_beacon_block_root: NO_BEACON_ROOT,
  parent_hash: payload.parentHash,
  fee_recipient: payload.feeRecipient,
  prev_randao: payload.prevRandao,
  block_number: quantity(payload.blockNumber),
  gas_limit: quantity(payload.gasLimit),
  timestamp: quantity(payload.timestamp),
  extra_data: payload.extraData,
  base_fee_per_gas: quantity(payload.baseFeePerGas),
});

const withdrawalsOf = ({ withdrawals }: ExecutionPayload): Frame["diff"]["withdrawals"] =>
  withdrawals.map(({ index, validatorIndex, address, amountGwei }) => ({
    index: quantity(index),
    validatorIndex: quantity(validatorIndex),
    address,
    amount: quantity(amountGwei),
  }));

const receiptOf = ({ type, status, cumulativeGasUsed, logs }: TransactionReceipt): ReceiptFrame => ({
  type: quantity(type),
  status: quantity(status),
  cumulativeGasUsed: quantity(cumulativeGasUsed),
  logs: logs.map(({ address, topics, data }) => ({ address, topics, data })),
});

function withdrawalsRoot({ withdrawals }: ExecutionPayload): Hex {
  const items = withdrawals.map(({ index, validatorIndex, address, amountGwei }) =>
    RLP.encode([BigInt(index), BigInt(validatorIndex), hexToBytes(address), amountGwei]),
  );
  return bytesToHex(orderedRoot(items));
}

const quantity = (value: number | bigint): Hex => `0x${value.toString(16)}`;
