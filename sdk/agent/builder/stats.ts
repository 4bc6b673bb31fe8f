/** What the builder has done since it was made; for metrics. Counts concern what was decided, not what was tried. */
export class BuilderStats {
  /** Triggers that had something new to show, or nothing to do. */
  triggersReady = 0;
  /** Triggers that found work under way and nothing sealed, by the index of the interval; the last place is for all beyond. */
  readonly triggersMissed: number[] = new Array(MISS_PLACES).fill(0);
  flashblocks = 0;
  candidates = 0;
  /** Candidates that took the place of one sealed before in the same interval. */
  improved = 0;
  /** Wei of priority fees that those were better by. */
  improvedWei = 0n;
  /** Age of what was shown last: from the moment its content was final to its showing. */
  stalenessMs = 0;
  /** How late the last trigger ran, against its schedule. */
  triggerLateMs = 0;
  abandoned = 0;
  /** Times the loop that follows the pool failed and was started again. */
  poolFailures = 0;
  /** Triggers that failed; the next ones ran. */
  triggerFailures = 0;
  /** When the loop and the triggers were last seen at work, Unix ms: old while a block is built means dead. */
  poolBeatMs = 0;
  triggerBeatMs = 0;
  /** Blocks being built now. */
  building = 0;

  noteMiss(index: number): void {
    const place = Math.min(index, MISS_PLACES - 1);
    this.triggersMissed[place] = (this.triggersMissed[place] as number) + 1;
  }
}

const MISS_PLACES = 32;
