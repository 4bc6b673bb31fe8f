import type { Journal } from "./interface.ts";
import { EMPTY_STATE, reduce } from "./state.ts";

/**
 * A journal for scripts that send one transaction and end. It forgets everything with the process: a program that may
 * be restarted while a transaction is live needs `openJournal`.
 */
export function memoryJournal(): Journal {
  let state = EMPTY_STATE;
  return {
    get state() {
      return state;
    },
    append(entry) {
      state = reduce(state, entry);
    },
    close() {},
  };
}
