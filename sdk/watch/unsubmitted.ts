import type { SubmittedTip } from "../get/tips.ts";
import type { Submission } from "../types/submission.ts";

/** The certified checkpoints that L1 does not have yet, by slot: what a submitter may land. */
export function unsubmitted<Item extends { submission: Submission }>(
  certified: readonly Item[],
  tip: SubmittedTip,
): Item[] {
  return certified
    .filter(({ submission }) => submission.header.slot > tip.slot)
    .sort((a, b) => a.submission.header.slot - b.submission.header.slot);
}
