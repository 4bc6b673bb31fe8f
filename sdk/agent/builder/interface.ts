import type { Hex } from "../../types/hex.ts";
import type { ExecutionPayload } from "../../types/payload.ts";
import type { TransactionReceipt } from "../engine/interface.ts";

/** A sealed block and its form for gossip and blob. */
export interface BuiltBlock {
  payload: ExecutionPayload;
  data: Uint8Array;
  /** Of the flashblocks that showed it. */
  payloadId: Hex;
}

/** A part of a block under construction, as it is shown: with those before it, a prefix of the block that follows. */
export interface Flashblock {
  /** 8 bytes; another one for every block that is begun. */
  payloadId: Hex;
  /** From 0, without a gap. */
  index: number;
  /** The block as it stands: valid by itself. */
  payload: ExecutionPayload;
  /** How many of its transactions were shown before. */
  from: number;
  /** Of the transactions from there on. */
  receipts: readonly TransactionReceipt[];
  /** Wei by the address of each account that those transactions changed. */
  balancesWei: Readonly<Record<Hex, bigint>>;
}

/** What was shown of a block that will not come. */
export interface AbandonedBlock {
  payloadId: Hex;
  /** Signed transactions that were shown, in their order. */
  transactions: readonly Hex[];
  reason: string;
}
