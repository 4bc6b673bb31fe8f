import { AbiCoder, keccak256 } from "ethers";
import type { Hex } from "../types/hex.ts";

/** One deposit as the inbox appended it. */
export interface InboxMessage {
  /** Position in the inbox, from 0. */
  index: number;
  l2Recipient: Hex;
  amountWei: bigint;
  /** Time of the L1 block that holds it, Unix seconds. */
  timestamp: number;
}

/** Rolling hash of an inbox without messages. */
export const EMPTY_INBOX_HASH: Hex = `0x${"0".repeat(64)}`;

/**
 * Rolling hash after some more messages.
 * @param hash Rolling hash before the first of them.
 * @param messages Consecutive, in order of their index.
 * @throws RangeError when an index is skipped.
 */
export function extendInboxHash(hash: Hex, messages: readonly InboxMessage[]): Hex {
  let rolling = hash;
  let expected = messages[0]?.index ?? 0;
  for (const { index, l2Recipient, amountWei, timestamp } of messages) {
    if (index !== expected) throw new RangeError(`inbox message ${expected} is missing: got ${index}`);
    expected++;
    const encoded = AbiCoder.defaultAbiCoder().encode(
      ["bytes32", "uint256", "address", "uint256", "uint256"],
      [rolling, index, l2Recipient, amountWei, timestamp],
    );
    rolling = keccak256(encoded) as Hex;
  }
  return rolling;
}
