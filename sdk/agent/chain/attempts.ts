import type { Hex } from "../../types/hex.ts";
import type { SlotRecord } from "./state.ts";

/** What a proposer has done in its slot so far, before a restart too. */
export interface AttemptsMade {
  /** Its checkpoint proposal was signed: the slot is spent. */
  isProposed: boolean;
  /** For each attempt, whether its first block was signed. */
  isSigned: readonly [first: boolean, second: boolean];
  /** What the attempts that became part of the chain were built on. */
  parents: SlotRecord["parents"];
  /** The newest block that was signed or about to be, and what its attempt is built on. */
  draft: { attempt: 0 | 1; baseHash: Hex } | undefined;
}

/**
 * The attempt that a proposer may begin on this base: the second only on another than the first. One whose block was
 * signed and never became part of the chain is gone on with.
 */
export function attemptOn(baseHash: Hex, { isProposed, isSigned, parents, draft }: AttemptsMade): 0 | 1 | undefined {
  if (isProposed) return undefined;
  if (!isSigned[0]) return 0;
  const isLost = draft !== undefined && parents[draft.attempt] === undefined;
  if (isLost && draft.baseHash === baseHash) return draft.attempt;
  const first = parents[0] ?? (draft?.attempt === 0 ? draft.baseHash : undefined);
  return isSigned[1] || first === undefined || first === baseHash ? undefined : 1;
}
