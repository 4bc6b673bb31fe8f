import { type BlockHeader, createBlockHeader, createBlockHeaderFromBytesArray } from "@ethereumjs/block";
import type { Common } from "@ethereumjs/common";
import { RLP } from "@ethereumjs/rlp";
import type { Hex } from "../../../types/hex.ts";
import type { ExecutionPayload, Withdrawal } from "../../../types/payload.ts";
import { toBytes, toHex, toQuantity } from "../hex.ts";
import { orderedRoot } from "../trie/ordered-root.ts";

/** A block as the engine keeps it: what an execution payload says, with the header whole. */
export interface KnownBlock {
  hash: Hex;
  header: BlockHeader;
  /** Signed transactions, each as its EIP-2718 encoding. */
  transactions: Uint8Array[];
  withdrawals: Withdrawal[];
}

/** Header fields that a block's execution decides. */
export interface ExecutionResult {
  stateRoot: Uint8Array;
  receiptTrie: Uint8Array;
  logsBloom: Uint8Array;
  gasUsed: bigint;
}

/** Header fields known before a block is executed. */
export interface BlockEnvironment {
  parentHash: Uint8Array;
  number: bigint;
  /** Unix seconds. */
  timestamp: bigint;
  prevRandao: Uint8Array;
  feeRecipient: Uint8Array;
  gasLimit: bigint;
  baseFeePerGas: bigint;
  extraData: Uint8Array;
}

/** The header's content before execution, in the names ethereumjs gives the fields. */
export const environmentFields = (env: BlockEnvironment) => ({
  parentHash: env.parentHash,
  coinbase: env.feeRecipient,
  number: env.number,
  gasLimit: env.gasLimit,
  timestamp: env.timestamp,
  extraData: env.extraData,
  mixHash: env.prevRandao,
  baseFeePerGas: env.baseFeePerGas,
  // No blobs, no beacon chain and no execution requests here: zero, zero and the hash of nothing, as the rules demand.
  blobGasUsed: 0n,
  excessBlobGas: 0n,
  parentBeaconBlockRoot: new Uint8Array(32),
});

/** Puts a block together; its hash covers everything. */
export function assembleBlock(
  rules: Common,
  env: BlockEnvironment,
  transactions: Uint8Array[],
  withdrawals: Withdrawal[],
  result: ExecutionResult,
): KnownBlock {
  const header = createBlockHeader(
    {
      ...environmentFields(env),
      ...result,
      transactionsTrie: orderedRoot(transactions),
      withdrawalsRoot: orderedRoot(withdrawals.map((withdrawal) => RLP.encode(withdrawalItems(withdrawal)))),
    },
    { common: rules },
  );
  return { hash: toHex(header.hash()), header, transactions, withdrawals };
}

export function encodeBlock(block: KnownBlock): Uint8Array {
  return RLP.encode([block.header.raw(), block.transactions, block.withdrawals.map(withdrawalItems)]);
}

export function decodeBlock(rules: Common, rlp: Uint8Array): KnownBlock {
  const [headerItems, transactions, withdrawals] = RLP.decode(rlp) as [Uint8Array[], Uint8Array[], Uint8Array[][]];
  const header = createBlockHeaderFromBytesArray(headerItems, { common: rules });
  return { hash: toHex(header.hash()), header, transactions, withdrawals: withdrawals.map(withdrawalFromItems) };
}

/** The block as the Engine API carries it. */
export function toPayload({ hash, header, transactions, withdrawals }: KnownBlock): ExecutionPayload {
  return {
    parentHash: toHex(header.parentHash),
    feeRecipient: toHex(header.coinbase.bytes),
    stateRoot: toHex(header.stateRoot),
    receiptsRoot: toHex(header.receiptTrie),
    logsBloom: toHex(header.logsBloom),
    prevRandao: toHex(header.mixHash),
    blockNumber: Number(header.number),
    gasLimit: header.gasLimit,
    gasUsed: header.gasUsed,
    timestamp: Number(header.timestamp),
    extraData: toHex(header.extraData),
    baseFeePerGas: header.baseFeePerGas ?? 0n,
    blockHash: hash,
    transactions: transactions.map(toHex),
    withdrawals: withdrawals.map((withdrawal) => ({ ...withdrawal })),
  };
}

const withdrawalItems = ({ index, validatorIndex, address, amountGwei }: Withdrawal) => [
  BigInt(index),
  BigInt(validatorIndex),
  toBytes(address),
  amountGwei,
];

function withdrawalFromItems(items: Uint8Array[]): Withdrawal {
  const [index, validatorIndex, address, amount] = items as [Uint8Array, Uint8Array, Uint8Array, Uint8Array];
  return {
    index: Number(toQuantity(index)),
    validatorIndex: Number(toQuantity(validatorIndex)),
    address: toHex(address),
    amountGwei: toQuantity(amount),
  };
}
