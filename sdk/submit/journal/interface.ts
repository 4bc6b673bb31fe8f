import type { TransactionEntry } from "./entries.ts";
import type { JournalState } from "./state.ts";

/** Memory of one account's transactions. One writer. */
export interface Journal {
  readonly state: JournalState;
  /** Returns once the entry cannot be lost any more; `state` contains it from then on. */
  append(entry: TransactionEntry): void;
  /** Lets another writer in; appending throws from then on. */
  close(): void;
}
