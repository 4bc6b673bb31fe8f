import { closeSync, fsyncSync, ftruncateSync, mkdirSync, openSync, readFileSync, renameSync, writeSync } from "node:fs";
import { dirname } from "node:path";
import type { Hex } from "../../types/hex.ts";
import { SubmitError } from "../errors.ts";
import type { JournalEntry, OpenEntry, TransactionEntry } from "./entries.ts";
import { decodeLines, encodeLine, FIRST_SUM } from "./format.ts";
import type { Journal } from "./interface.ts";
import { lockJournal } from "./lock.ts";
import { EMPTY_STATE, entriesOf, type JournalState, reduce } from "./state.ts";
import { assertNotNewer, JOURNAL_VERSION, upgraded, versionIn } from "./versions.ts";

/** Where a journal stands, and whose it is. */
export interface JournalOptions {
  path: string;
  chainId: number;
  /** The sending account, 20 bytes. */
  account: Hex;
  /**
   * The file is rewritten from its state when it has grown past this (default 1 MiB), between two entries. What is
   * rewritten is bounded by the closed nonces kept, the attempts per nonce and the passed blocks per attempt.
   */
  compactBytes?: number;
}

interface ReadJournal {
  state: JournalState;
  sum: string;
  goodBytes: number;
  /** In an earlier version's lines: to be written anew before anything is added. */
  isOld: boolean;
}

function readState(path: string, header: OpenEntry): ReadJournal {
  let bytes: Buffer;
  try {
    bytes = readFileSync(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
    bytes = Buffer.alloc(0);
  }
  const version = versionIn(bytes) ?? JOURNAL_VERSION;
  assertNotNewer(version, path);
  const { entries, sum, goodBytes } = decodeLines<object>(bytes, path);
  const [first, ...rest] = upgraded(entries, version, path);
  const isOld = version < JOURNAL_VERSION;
  if (first === undefined) return { state: EMPTY_STATE, sum, goodBytes, isOld };
  if (first.type !== "open") {
    throw new SubmitError("journal-version", `${path}: expected a journal, its first line is of type ${first.type}.`);
  }
  if (first.chainId !== header.chainId || first.account !== header.account) {
    throw new SubmitError(
      "journal-other-account",
      `${path}: expected account ${header.account} on chain ${header.chainId}, found ${first.account} on chain ` +
        `${first.chainId}. Give each account and chain a journal of its own.`,
    );
  }
  return { state: (rest as TransactionEntry[]).reduce(reduce, EMPTY_STATE), sum, goodBytes, isOld };
}

function write(file: number, entry: JournalEntry, previousSum: string, at: number): { sum: string; bytes: number } {
  const { line, sum } = encodeLine(entry, previousSum);
  const buffer = Buffer.from(line);
  for (let done = 0; done < buffer.length; ) done += writeSync(file, buffer, done, undefined, at + done);
  return { sum, bytes: buffer.length };
}

/** Makes a rename or a new file survive a power cut. */
function syncDirectory(path: string): void {
  const directory = openSync(dirname(path), "r");
  fsyncSync(directory);
  closeSync(directory);
}

/**
 * Opens or creates the append-only file. Each entry is on disk before `append` returns.
 * @throws SubmitError `journal-corrupt`, `journal-version`, `journal-other-account`, `journal-locked`.
 */
export function openJournal(options: JournalOptions): Journal {
  const { path } = options;
  const compactBytes = options.compactBytes ?? 1 << 20;
  const header: OpenEntry = {
    type: "open",
    version: JOURNAL_VERSION,
    chainId: options.chainId,
    account: lower(options.account),
  };
  mkdirSync(dirname(path), { recursive: true });
  const unlock = lockJournal(`${path}.lock`);
  let closed = false;
  let file: number | undefined;
  let size: number;
  let sum: string;
  let state: JournalState;

  const compact = (): void => {
    const next = openSync(`${path}.next`, "w");
    let nextSum = FIRST_SUM;
    let nextSize = 0;
    for (const entry of [header, ...entriesOf(state)]) {
      const written = write(next, entry, nextSum, nextSize);
      nextSum = written.sum;
      nextSize += written.bytes;
    }
    fsyncSync(next);
    renameSync(`${path}.next`, path);
    syncDirectory(path);
    if (file !== undefined) closeSync(file);
    file = next;
    sum = nextSum;
    size = nextSize;
  };

  try {
    const read = readState(path, header);
    ({ state, sum } = read);
    size = read.goodBytes;
    if (size === 0 || read.isOld) {
      compact();
    } else {
      file = openSync(path, "r+");
      ftruncateSync(file, size);
      fsyncSync(file);
    }
  } catch (error) {
    unlock();
    throw error;
  }

  return {
    get state() {
      return state;
    },
    append(entry) {
      if (closed || file === undefined) throw new SubmitError("journal-closed", `${path} is closed; open it again.`);
      const next = reduce(state, entry);
      let written: { sum: string; bytes: number };
      try {
        written = write(file, entry, sum, size);
        fsyncSync(file);
      } catch (error) {
        // Nothing of a line that was not acknowledged may stay in the way of the next one.
        ftruncateSync(file, size);
        throw error;
      }
      size += written.bytes;
      sum = written.sum;
      state = next;
      if (size > compactBytes && entry.type === "closed") compact();
    },
    close() {
      if (closed) return;
      closed = true;
      if (file !== undefined) closeSync(file);
      unlock();
    },
  };
}

const lower = (hex: Hex): Hex => hex.toLowerCase() as Hex;
