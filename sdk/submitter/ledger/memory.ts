import type { Ledger } from "./interface.ts";
import { book, EMPTY_LEDGER } from "./state.ts";

/** Books that are forgotten with the process: for scripts. */
export function memoryLedger(): Ledger {
  let state = EMPTY_LEDGER;
  return {
    get state() {
      return state;
    },
    append(entry) {
      state = book(state, entry);
    },
    close() {},
  };
}
