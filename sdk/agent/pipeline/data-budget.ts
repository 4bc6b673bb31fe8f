import { remainingCapacity } from "../../blob/layout.ts";
import type { Timetable } from "../time/timetable.ts";
import type { BlockProposal } from "../types/messages.ts";
import type { InboxShare } from "./rules.ts";

/** Upper bound of what a block takes of the blobs beside its transactions: fields, roots and bloom, uncompressed. */
const BLOCK_OVERHEAD_BYTES = 1024;
/** The same for one inbox message. */
const WITHDRAWAL_BYTES = 48;

/**
 * Bytes left in a checkpoint's blobs for transactions of the pool in one of its blocks, first come first served:
 * later blocks of a full checkpoint are empty.
 */
export function dataBudget(
  timetable: Timetable,
  built: readonly BlockProposal[],
  slot: number,
  windowIndex: number,
  { withdrawals, forced }: InboxShare,
): number {
  const used = built.map((block) => block.data.length);
  const capacity = remainingCapacity(used, timetable.parameters.maxBlobsPerCheckpoint);
  const blocksLeft = timetable.of(slot).blocks.length - windowIndex;
  const forcedBytes = forced.reduce((sum, raw) => sum + (raw.length - 2) / 2, 0);
  const messageBytes = withdrawals.length * WITHDRAWAL_BYTES + forcedBytes;
  return Math.max(0, capacity - blocksLeft * BLOCK_OVERHEAD_BYTES - messageBytes);
}
