import type { Hex } from "./hex.ts";

/** What a quorum attests of one checkpoint; the Solidity struct `CheckpointHeader` has the same fields in this order. */
export interface CheckpointHeader {
  /** Submission slot of the checkpoint. */
  slot: number;
  /** Hash of the checkpoint's last L2 block, 32 bytes. */
  lastBlockHash: Hex;
  /** Number of the checkpoint's last L2 block. */
  lastBlockNumber: number;
  /** Inbox messages consumed by the chain so far, this checkpoint included. */
  inboxCount: number;
  /** Root of the cumulative outbox tree after this checkpoint, 32 bytes. */
  outboxRoot: Hex;
  /** Address credited with the proposer's reward, 20 bytes. */
  coinbase: Hex;
  /** Whom the proposer pays for an on-time landing; the zero address for nobody. */
  onTimeRecipient: Hex;
  /** Upper bound of that payment in basis points of the reward, at most 10,000. */
  onTimeCapBps: number;
}
