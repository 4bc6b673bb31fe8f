import type { Prospect } from "../watch/prospects.ts";
import type { LandingRole } from "../watch/window.ts";

/** Why a checkpoint is not sent for the next L1 block. */
export type HoldReason =
  /** On time, and the reward is its proposer's alone. */
  | "proposers-slot"
  /** In the successor's window the credit goes to the successor, whoever sends. */
  | "successors-credit"
  /** At the next block's prices it costs more than it brings. */
  | "unprofitable";

/** What to do about the checkpoint that is next in line. */
export type Choice =
  /** Land it in the next L1 block. */
  | { action: "land"; prospect: Prospect }
  /** Not in the next block; a later one may still pay. */
  | { action: "hold"; reason: HoldReason }
  /** No L1 block is left that could hold it. */
  | { action: "tooLate" };

/**
 * The whole of a submitter's judgement about one checkpoint, pure: land it in the first L1 block in which that pays,
 * and go on looking while there is one left. Waiting for a better block would leave it to whoever does not wait.
 * @param prospects One for each L1 block left, the next one first.
 */
export function choose(prospects: readonly Prospect[], minProfitWei: bigint): Choice {
  const [next] = prospects;
  if (next === undefined) return { action: "tooLate" };
  if (next.creditWei > 0n && next.profitWei >= minProfitWei) return { action: "land", prospect: next };
  return { action: "hold", reason: next.creditWei > 0n ? "unprofitable" : NO_CREDIT[next.role] };
}

/** What it means that a block of this role brings nothing. */
const NO_CREDIT: Readonly<Record<LandingRole, HoldReason>> = {
  onTime: "proposers-slot",
  successor: "successors-credit",
  open: "unprofitable",
};
