import { AbiCoder, keccak256 } from "ethers";
import type { Hex } from "../types/hex.ts";

/** The rollup an outbox belongs to. */
export interface OutboxOwner {
  /** L1 chain id. */
  chainId: bigint;
  /** Address of the rollup contract on L1. */
  rollup: Hex;
}

/** A withdrawal as the outbox holds it. */
export interface OutboxWithdrawal {
  /** Position in the outbox, from 0. */
  index: number;
  /** Account on L1. */
  recipient: Hex;
  amountWei: bigint;
}

const TYPES = ["uint256", "address", "uint256", "address", "uint256"];

/** What stands in the tree for a withdrawal, 32 bytes; it means nothing on another L1 or to another rollup. */
export function outboxLeaf({ chainId, rollup }: OutboxOwner, { index, recipient, amountWei }: OutboxWithdrawal): Hex {
  const encoded = AbiCoder.defaultAbiCoder().encode(TYPES, [chainId, rollup, index, recipient, amountWei]);
  return keccak256(encoded) as Hex;
}
