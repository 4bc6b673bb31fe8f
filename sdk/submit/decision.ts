import type { Fees } from "./types.ts";

/** Why nothing is done in this step; the next step may do something. */
export type WaitReason =
  /** The next L1 block is before the window. */
  | "too-early"
  /** Live and fairly priced. */
  | "in-flight"
  /** Live, its window is over: it stays where it is and is not raised any more. */
  | "in-flight-after-deadline"
  /** Live, but a higher price would be over a cap. */
  | "cap-below-bump"
  /** Live, and `maxAttempts` transactions of this nonce were accepted. */
  | "attempts-exhausted"
  /** Landed, not yet under enough L1 blocks. */
  | "confirming"
  /** Withdrawn, and the cancelling transaction is on its way. */
  | "cancelling"
  /** The live transaction is of the other kind, and only like replaces like: blob transactions and plain ones. */
  | "other-type-live"
  /** The pool holds a transaction of this account that the journal does not know. */
  | "foreign-pending"
  /** The node has seen less of the chain than the journal. */
  | "node-behind"
  /** The nonce was spent, and no receipt of ours is there yet. */
  | "nonce-spent"
  /** At the market's price landing costs more than it is worth. */
  | "unprofitable"
  /** The node refused it in this L1 block already. */
  | "refused-this-block";

/** Why no further step for this request will do anything. */
export type StopReason =
  /** In the canonical chain, under enough blocks. */
  | "landed"
  | "cancelled"
  /** Not landed, and no L1 block can hold it any more. */
  | "deadline-passed"
  /** Mined `maxFailures` times without landing. */
  | "reverted"
  /** Refused by the node `maxFailures` times in a row. */
  | "refused"
  /** Nothing asked for, nothing open. */
  | "idle";

/** What one step does about a request. Fees in wei, caps applied. */
export type Decision =
  /** A first transaction for the nonce, or the same again after the pools dropped it. */
  | { action: "send"; nonce: number; fees: Fees }
  /** Takes the nonce from the live transaction, with the request's content. */
  | { action: "replace"; nonce: number; fees: Fees }
  /** Spends the nonce on nothing; `blob`: what it replaces is a blob transaction. */
  | { action: "cancel"; nonce: number; fees: Fees; blob: boolean }
  | { action: "wait"; reason: WaitReason }
  | { action: "stop"; reason: StopReason };

export const wait = (reason: WaitReason): Decision => ({ action: "wait", reason });
export const stop = (reason: StopReason): Decision => ({ action: "stop", reason });
