import type { Hex } from "../../types/hex.ts";
import type { Withdrawal } from "../../types/payload.ts";
import type { L1View, Landed } from "../chain/state.ts";

/** What one new canonical L1 block, or a reorg, means for the rollup; delivered in chain order. */
export type L1Event =
  | {
      type: "block";
      l1: L1View;
      /** Number of the tip left by a rollback in this block; what landed comes after it. */
      rolledBackTo: number | undefined;
      landed: Landed[];
      /** Numbers of checkpoints that were cured in this block and are still there: L1 has verified them. */
      cured: number[];
      /** Number of the settled tip, where this block moved it. */
      settled: number | undefined;
      /** Number of the checkpoint up to which L1's final block has settled; where the reader has just asked. */
      finalized: number | undefined;
    }
  /**
   * Blocks above `ancestor` are no longer canonical; the new ones follow as `block` events. `settled` is the number up
   * to which was settled at `ancestor`, where L1 tells.
   */
  | { type: "rewind"; ancestor: L1View; settled: number | undefined };

/** The messages one checkpoint must consume. */
export interface InboxDue {
  /** The inbox count after them. */
  count: number;
  /** One for each of them, in their order. */
  withdrawals: Withdrawal[];
  /** The forced transactions among them, in their order, at most `maxForced`; nobody has looked at these bytes. */
  forced: Hex[];
  /** What the digest says of the inbox: with the refunds in force, or zero if no message is consumed. */
  hash: Hex;
}

/** The inbox as far as L1 was read. */
export interface InboxView {
  /**
   * The messages the checkpoint of `slot` must consume on top of `parentCount`. Undefined while L1 was not read up to
   * the slot's cut-off, or to where the refunds in force in its epoch are known.
   */
  due(slot: number, parentCount: number): InboxDue | undefined;
}
