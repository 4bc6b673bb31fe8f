import { closeSync, fsyncSync, ftruncateSync, mkdirSync, openSync, readFileSync, renameSync, writeSync } from "node:fs";
import { dirname } from "node:path";
import { crc32 } from "node:zlib";
import type { Hex } from "../../types/hex.ts";
import type { KeptTransaction, TransactionJournal } from "../mempool/interface.ts";
import type { Logger } from "../types/logger.ts";
import { DiskError } from "./environment.ts";

/** The file begins with this; its last digits are the version of what follows. */
const MAGIC = Buffer.from("baton transactions 01\n", "latin1");
/** Of a record: length and checksum of what follows them, which is the time and the transaction. */
const HEAD_BYTES = 8;
const TIME_BYTES = 8;
/** Larger than any transaction taken; what claims more is no record. */
const MAX_RECORD_BYTES = 1 << 20;

/**
 * Transactions in an append-only file. What `append` wrote survives the end of the process, however it ends; of a power
 * cut, all but the latest. A damaged end is cut off, with a warning; a file of a newer version is refused.
 */
export class FileTransactionJournal implements TransactionJournal {
  readonly #path: string;
  readonly #log: Logger;
  #file: number;
  #bytes = 0;
  #kept: KeptTransaction[];

  /** Throws DiskError "unreadable" if the file is not one of these. */
  constructor(path: string, log: Logger) {
    this.#path = path;
    this.#log = log;
    mkdirSync(dirname(path), { recursive: true });
    const content = contentOf(path);
    const { kept, goodBytes } = decode(content, path);
    this.#kept = kept;
    this.#file = openSync(path, content.length === 0 ? "w+" : "r+");
    if (goodBytes < content.length) this.#warn(content.length - goodBytes, kept.length);
    this.#cutTo(goodBytes);
    if (goodBytes === 0) this.#write(MAGIC);
  }

  get bytes(): number {
    return this.#bytes;
  }

  read(): KeptTransaction[] {
    const kept = this.#kept;
    this.#kept = [];
    return kept;
  }

  append(transaction: KeptTransaction): void {
    this.#write(encode(transaction));
  }

  replace(transactions: Iterable<KeptTransaction>): void {
    const next = `${this.#path}.next`;
    const file = openSync(next, "w");
    let bytes = 0;
    try {
      bytes += writeAll(file, MAGIC, bytes);
      for (const transaction of transactions) bytes += writeAll(file, encode(transaction), bytes);
      fsyncSync(file);
      renameSync(next, this.#path);
    } catch (error) {
      closeSync(file);
      throw error;
    }
    closeSync(this.#file);
    this.#file = file;
    this.#bytes = bytes;
  }

  close(): void {
    closeSync(this.#file);
  }

  #write(content: Buffer): void {
    try {
      this.#bytes += writeAll(this.#file, content, this.#bytes);
    } catch (error) {
      this.#cutTo(this.#bytes); // half a record would hide what comes after it
      throw error;
    }
  }

  #cutTo(bytes: number): void {
    ftruncateSync(this.#file, bytes);
    this.#bytes = bytes;
  }

  #warn(lostBytes: number, kept: number): void {
    const message = "the end of the mempool's journal is damaged and was cut off";
    this.#log.warn({ path: this.#path, lostBytes, kept }, message);
  }
}

function contentOf(path: string): Buffer {
  try {
    return readFileSync(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return Buffer.alloc(0);
    throw new DiskError("unreadable", `${path}: ${(error as Error).message}`);
  }
}

function encode({ raw, addedMs }: KeptTransaction): Buffer {
  const transaction = Buffer.from(raw.slice(2), "hex");
  const record = Buffer.alloc(HEAD_BYTES + TIME_BYTES + transaction.length);
  record.writeUInt32BE(TIME_BYTES + transaction.length);
  record.writeDoubleBE(addedMs, HEAD_BYTES);
  record.set(transaction, HEAD_BYTES + TIME_BYTES);
  record.writeUInt32BE(crc32(record.subarray(HEAD_BYTES)), 4);
  return record;
}

/** The records up to the first that is damaged or not whole. */
function decode(content: Buffer, path: string): { kept: KeptTransaction[]; goodBytes: number } {
  const begin = content.subarray(0, MAGIC.length);
  if (!begin.equals(MAGIC.subarray(0, begin.length))) {
    const expected = JSON.stringify(MAGIC.toString("latin1"));
    throw new DiskError(
      "unreadable",
      `${path}: expected a mempool journal, which begins with ${expected}; move the file away to start with an empty mempool`,
    );
  }
  const kept: KeptTransaction[] = [];
  let at = begin.length < MAGIC.length ? 0 : MAGIC.length;
  while (at >= MAGIC.length && content.length - at >= HEAD_BYTES + TIME_BYTES) {
    const length = content.readUInt32BE(at);
    const end = at + HEAD_BYTES + length;
    if (length < TIME_BYTES || length > MAX_RECORD_BYTES || end > content.length) break;
    const body = content.subarray(at + HEAD_BYTES, end);
    if (crc32(body) !== content.readUInt32BE(at + 4)) break;
    kept.push({ raw: `0x${body.toString("hex", TIME_BYTES)}` as Hex, addedMs: body.readDoubleBE() });
    at = end;
  }
  return { kept, goodBytes: at };
}

/** Writes all of it at a position and gives its length. */
function writeAll(file: number, content: Buffer, position: number): number {
  for (let done = 0; done < content.length; ) {
    done += writeSync(file, content, done, content.length - done, position + done);
  }
  return content.length;
}
