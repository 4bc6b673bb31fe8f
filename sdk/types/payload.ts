import type { Hex } from "./hex.ts";

/** An EIP-4895 withdrawal; every inbox message arrives on L2 as one, a deposit as its credit. */
export interface Withdrawal {
  /** Position of the message in the inbox. */
  index: number;
  validatorIndex: number;
  address: Hex;
  amountGwei: bigint;
}

/** An L2 block as the Engine API's ExecutionPayloadV3 carries it (Prague, no execution requests). */
export interface ExecutionPayload {
  parentHash: Hex;
  feeRecipient: Hex;
  stateRoot: Hex;
  receiptsRoot: Hex;
  logsBloom: Hex;
  prevRandao: Hex;
  blockNumber: number;
  gasLimit: bigint;
  gasUsed: bigint;
  /** Unix seconds. */
  timestamp: number;
  extraData: Hex;
  baseFeePerGas: bigint;
  blockHash: Hex;
  /** Signed transactions, each as its EIP-2718 encoding. */
  transactions: Hex[];
  withdrawals: Withdrawal[];
}

/** What the proposer chooses of a block before any transaction is in it. */
export interface PayloadAttributes {
  /** Unix seconds; greater than the parent's. */
  timestamp: number;
  prevRandao: Hex;
  feeRecipient: Hex;
  withdrawals: Withdrawal[];
  gasLimit: bigint;
  /** Bytes that the block begins with, in this order, where they are transactions that can run there; or none. */
  forced?: readonly Hex[];
}
