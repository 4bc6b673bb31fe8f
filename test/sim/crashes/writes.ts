import { basename } from "node:path";
import { Environment } from "../../../sdk/agent/store/environment.ts";
import type { Journal } from "../../../sdk/submit/journal/interface.ts";

/** Where a write is cut off. `before`: it never happens. `after`: it is on disk, and whoever asked for it never learns. */
export type Side = "before" | "after";

/** One write of an agent to its disk: every one of them takes this way. */
export type AroundWrite = <T>(what: string, write: () => T) => T;

/** Ends the program in the middle of a write. */
export class CutOff extends Error {
  override name = "CutOff";
}

/**
 * Sends every transaction of every LMDB file below `directory` through `around`, until the result is called. The stores
 * are the real ones: this stands where they reach for the disk.
 */
export function interceptWrites(directory: string, around: AroundWrite): () => void {
  const real = Environment.prototype.write;
  Environment.prototype.write = function <T>(this: Environment, action: () => T): T {
    const write = (): T => real.call(this, action) as T;
    return this.path.startsWith(directory) ? around(basename(this.path), write) : write();
  };
  return () => {
    Environment.prototype.write = real;
  };
}

/** The same journal, its entries written through `around`. */
export function watchedJournal(journal: Journal, around: AroundWrite): Journal {
  return {
    get state() {
      return journal.state;
    },
    append: (entry) => around(`journal ${entry.type}`, () => journal.append(entry)),
    close: () => journal.close(),
  };
}
