import { closeSync, fsyncSync, ftruncateSync, mkdirSync, openSync, readFileSync, writeSync } from "node:fs";
import { dirname } from "node:path";
import { SubmitError } from "../../submit/errors.ts";
import { decodeLines, encodeLine } from "../../submit/journal/format.ts";
import { lockJournal } from "../../submit/journal/lock.ts";
import type { LedgerEntry } from "./entries.ts";
import type { Ledger } from "./interface.ts";
import { book, EMPTY_LEDGER } from "./state.ts";

/**
 * Opens or creates the books of one submitter, an append-only file of checksummed lines like the journal's. An
 * unfinished last line, which a crash cut off, is dropped: what it said is found out again from L1.
 * @throws SubmitError `journal-corrupt`, `journal-locked`, `journal-closed`.
 */
export function openLedger(path: string): Ledger {
  mkdirSync(dirname(path), { recursive: true });
  const unlock = lockJournal(`${path}.lock`);
  let file: number | undefined;
  try {
    file = openSync(path, "a+");
    const read = decodeLines<LedgerEntry>(readFileSync(path), path);
    ftruncateSync(file, read.goodBytes);
    let { sum, goodBytes: size } = read;
    let state = read.entries.reduce(book, EMPTY_LEDGER);
    return {
      get state() {
        return state;
      },
      append(entry) {
        if (file === undefined) throw new SubmitError("journal-closed", `${path} is closed; open it again.`);
        const { line, sum: next } = encodeLine(entry, sum);
        try {
          writeSync(file, line);
          fsyncSync(file);
        } catch (error) {
          // Nothing of a line that was not acknowledged may stay in the way of the next one.
          ftruncateSync(file, size);
          throw error;
        }
        size += Buffer.byteLength(line);
        sum = next;
        state = book(state, entry);
      },
      close() {
        if (file === undefined) return;
        closeSync(file);
        file = undefined;
        unlock();
      },
    };
  } catch (error) {
    if (file !== undefined) closeSync(file);
    unlock();
    throw error;
  }
}
