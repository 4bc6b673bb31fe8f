/** How far a transaction may come, in order: each of them stands for those before. */
export const MILESTONES = [
  "accepted",
  "included",
  "proposed",
  "attested",
  "submitted",
  "settled",
  "finalized",
] as const;
export type Milestone = (typeof MILESTONES)[number];

/** What `baton_getTransactionStatus` answers, as far as it counts here. */
export interface StatusAnswer {
  status: string;
  /** Of an included one: the furthest tip at or above its block. */
  stage?: string;
  preconfirmed?: boolean;
  reason?: string;
  detail?: string;
}

/** What is new of a transaction since the last look. */
export interface Progress {
  reached: Milestone[];
  /** Its block was discarded: it is back in the mempool, first in line. */
  isDiscarded: boolean;
  /** It has left the mempool for good, and why. */
  dropped?: string;
}

/** Follows one transaction from answer to answer. */
export class TransactionProgress {
  /** Index of the furthest milestone told. */
  #furthest = -1;

  /** What a new answer adds to those before. Answers that say less, as while the head moves, add nothing. */
  take(answer: StatusAnswer): Progress {
    const isDiscarded = answer.preconfirmed === true && this.#furthest > 0;
    if (isDiscarded) this.#furthest = 0;
    const at = MILESTONES.indexOf(milestoneOf(answer));
    const reached = MILESTONES.slice(this.#furthest + 1, at + 1);
    this.#furthest = Math.max(this.#furthest, at);
    const dropped = answer.status === "dropped" ? `${answer.reason}: ${answer.detail}` : undefined;
    return { reached, isDiscarded, ...(dropped !== undefined && { dropped }) };
  }

  has(milestone: Milestone): boolean {
    return this.#furthest >= MILESTONES.indexOf(milestone);
  }
}

function milestoneOf({ status, stage }: StatusAnswer): Milestone {
  if (status !== "included") return "accepted";
  return MILESTONES.find((one) => one === stage) ?? "included";
}

/** One line of the report: a milestone and when it was reached. */
export const milestoneLine = (milestone: string, afterMs: number): string =>
  `${milestone.padEnd(10)} ${(afterMs / 1000).toFixed(3).padStart(9)} s`;
