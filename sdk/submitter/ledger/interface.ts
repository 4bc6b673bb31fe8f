import type { LedgerEntry } from "./entries.ts";
import type { LedgerState } from "./state.ts";

/** A submitter's books. One writer. */
export interface Ledger {
  readonly state: LedgerState;
  /** Returns once the entry cannot be lost any more; `state` contains it from then on. */
  append(entry: LedgerEntry): void;
  /** Lets another writer in; appending throws from then on. */
  close(): void;
}
