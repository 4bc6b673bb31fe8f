import { AbiCoder, keccak256 } from "ethers";
import type { Hex } from "../types/hex.ts";

/** One message as the inbox appended it; a forced transaction is the one that has a `transaction`. */
export type InboxMessage = DepositMessage | ForcedMessage;

interface MessagePlace {
  /** Position in the inbox, from 0. */
  index: number;
  /** Time of the L1 block that holds it, Unix seconds. */
  timestamp: number;
}

/** Ether for an account of L2. */
export interface DepositMessage extends MessagePlace {
  /** Account of L1 that sent it, and is refunded. */
  depositor: Hex;
  l2Recipient: Hex;
  amountWei: bigint;
}

/** A transaction that L2 must take if it can run; nobody has looked at it, so these may be any bytes. */
export interface ForcedMessage extends MessagePlace {
  transaction: Hex;
}

/** Rolling hash of an inbox without messages. */
export const EMPTY_INBOX_HASH: Hex = `0x${"0".repeat(64)}`;

/** Rolling hash of the refunds in force while there is none. */
export const NO_REFUNDS_HASH: Hex = `0x${"0".repeat(64)}`;

/** Words of the two kinds differ in number, so that no message of one kind hashes like one of the other. */
const DEPOSIT_WORDS = ["bytes32", "uint256", "address", "address", "uint256", "uint256"];
const FORCED_WORDS = ["bytes32", "uint256", "bytes32", "uint256"];

/**
 * Rolling hash after some more messages.
 * @param hash Rolling hash before the first of them.
 * @param messages Consecutive, in order of their index.
 * @throws RangeError when an index is skipped.
 */
export function extendInboxHash(hash: Hex, messages: readonly InboxMessage[]): Hex {
  let rolling = hash;
  let expected = messages[0]?.index ?? 0;
  for (const message of messages) {
    if (message.index !== expected) {
      throw new RangeError(`inbox message ${expected} is missing: got ${message.index}`);
    }
    expected++;
    rolling = hashAfter(rolling, message);
  }
  return rolling;
}

/**
 * Rolling hash of the refunds after one more.
 * @param hash Rolling hash before it.
 * @param index Of the deposit that was asked back.
 */
export function extendRefundsHash(hash: Hex, index: number): Hex {
  return hashWords(["bytes32", "uint256"], [hash, index]);
}

/**
 * What the digest of a checkpoint that consumes messages says of them.
 * @param inboxHash Rolling hash after the last of them.
 * @param refundsHash Rolling hash of the refunds in force in the epoch of its slot: if there is any, it is mixed in.
 */
export function digestInboxHash(inboxHash: Hex, refundsHash: Hex): Hex {
  return refundsHash === NO_REFUNDS_HASH ? inboxHash : hashWords(["bytes32", "bytes32"], [inboxHash, refundsHash]);
}

function hashAfter(hash: Hex, message: InboxMessage): Hex {
  const { index, timestamp } = message;
  if ("transaction" in message) {
    return hashWords(FORCED_WORDS, [hash, index, keccak256(message.transaction), timestamp]);
  }
  const { depositor, l2Recipient, amountWei } = message;
  return hashWords(DEPOSIT_WORDS, [hash, index, depositor, l2Recipient, amountWei, timestamp]);
}

function hashWords(types: readonly string[], values: readonly unknown[]): Hex {
  return keccak256(AbiCoder.defaultAbiCoder().encode(types, values)) as Hex;
}
