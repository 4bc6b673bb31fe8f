import type { Attempt, JournalState, NonceRecord } from "./journal/state.ts";
import type { RequestTerms } from "./types.ts";

/** Where a request's transaction stands in the canonical chain. */
export interface Landing {
  mined: NonNullable<NonceRecord["mined"]>;
  nonce: number;
  /** Under as many L1 blocks as the policy asks for. */
  final: boolean;
}

function minedAttempt(record: NonceRecord): Attempt | undefined {
  return record.attempts.find((a) => a.hash === record.mined?.hash);
}

/** The mined transaction that did what the request asks: its own, or one that lands all of its checkpoints. */
export function landingOf(state: JournalState, request: RequestTerms): Landing | undefined {
  for (const record of state.records) {
    const attempt = minedAttempt(record);
    if (attempt?.kind !== "land" || record.mined?.success !== true) continue;
    const covered = request.checkpoints.length > 0 && request.checkpoints.every((c) => attempt.checkpoints.includes(c));
    if (attempt.content === request.content || covered) {
      return { mined: record.mined, nonce: record.nonce, final: record.closed !== undefined };
    }
  }
  return undefined;
}

/** How often the request's very content was mined without landing. */
export function revertsOf(state: JournalState, request: RequestTerms): number {
  return state.records.filter((record) => {
    const attempt = minedAttempt(record);
    return attempt?.content === request.content && record.mined?.success === false;
  }).length;
}
