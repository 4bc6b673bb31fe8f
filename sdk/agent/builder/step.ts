/** Where the improving of an interval stands. */
export interface Progress {
  nowMs: number;
  triggerMs: number;
  /** From here a seal that begins might not be done at the trigger. */
  fillUntilMs: number;
  /** Some candidate of this block is sealed. */
  hasCandidate: boolean;
  /** The engine can seal more than once. */
  isContinuous: boolean;
  /** What is executed is better than what is sealed. */
  isAhead: boolean;
  /** Seals keep their distance: the next one not before. */
  sealFromMs: number;
  /** The pool, or the room for it, is another than when it was last looked at. */
  poolMoved: boolean;
  /** How long an unchanged pool is left alone. */
  backOffMs: number;
}

export type Step = { step: "seal" } | { step: "fill" } | { step: "wait"; untilMs: number };

/** Delay between two looks at an unchanged pool: from the first to the second, doubling. */
export const BACK_OFF_MS = { first: 1, most: 25 } as const;

/** What to do next: an empty candidate first, whatever the time; then fill, and seal what became better. */
export function nextStep(p: Progress): Step {
  if (!p.isContinuous) {
    if (p.nowMs >= p.fillUntilMs) return p.hasCandidate ? { step: "wait", untilMs: p.triggerMs } : { step: "seal" };
    return p.poolMoved ? { step: "fill" } : wait(p, p.fillUntilMs);
  }
  if (!p.hasCandidate) return { step: "seal" };
  if (p.nowMs >= p.fillUntilMs) return p.isAhead ? { step: "seal" } : { step: "wait", untilMs: p.triggerMs };
  if (p.isAhead && p.nowMs >= p.sealFromMs) return { step: "seal" };
  if (p.poolMoved) return { step: "fill" };
  return wait(p, p.isAhead ? Math.min(p.sealFromMs, p.fillUntilMs) : p.fillUntilMs);
}

const wait = ({ nowMs, backOffMs }: Progress, atMostMs: number): Step => ({
  step: "wait",
  untilMs: Math.min(nowMs + backOffMs, atMostMs),
});
