import { mkdirSync } from "node:fs";
import { dirname } from "node:path";
import { crc32 } from "node:zlib";
import { type Key, open, type RootDatabase } from "lmdb";
import { whyNotDatabase } from "./file-check.ts";
import { isRunning, type Owner, thisProcess } from "./ownership.ts";

/**
 * The file cannot be had; `unreadable`: it is not ours or damaged, `in-use`: another process writes to it,
 * `schema-version`: another version of the agent wrote it.
 */
export class DiskError extends Error {
  readonly code: "unreadable" | "in-use" | "closed" | "schema-version";
  constructor(code: DiskError["code"], message: string) {
    super(message);
    this.name = "DiskError";
    this.code = code;
  }
}

const OWNER_KEY = "owner";
const CHECKSUM_BYTES = 4;

/**
 * One LMDB file with one writing process. Every write is a transaction that is on disk when `write` returns, or that
 * did not happen. Every value carries a checksum, as LMDB has none.
 */
export class Environment {
  readonly path: string;
  readonly #db: RootDatabase<Buffer, Key>;
  #open = true;

  /** @throws DiskError "unreadable" or "in-use". */
  constructor(path: string) {
    this.path = path;
    try {
      mkdirSync(dirname(path), { recursive: true });
      const reason = whyNotDatabase(path);
      if (reason !== undefined) throw new Error(reason);
      // Overlapping sync would let a commit return before it is flushed.
      this.#db = open<Buffer, Key>({ path, encoding: "binary", noSubdir: true, overlappingSync: false });
    } catch (error) {
      throw new DiskError("unreadable", `${path}: not a readable database (${(error as Error).message})`);
    }
    const other = this.#claim();
    if (other === undefined) return;
    this.#open = false;
    void this.#db.close();
    throw new DiskError("in-use", `${path}: in use by process ${other.pid}; stop it first, two writers are never safe`);
  }

  /** Runs `action` in one transaction. What it throws undoes all of it and comes out here. */
  write<T>(action: () => T): T {
    this.#assertOpen();
    return this.#db.transactionSync(action);
  }

  /** Only within `write`. */
  put(key: Key, value: Uint8Array): void {
    const row = Buffer.alloc(CHECKSUM_BYTES + value.length);
    row.writeUInt32BE(crc32(value));
    row.set(value, CHECKSUM_BYTES);
    this.#db.putSync(key, row);
  }

  /** Only within `write`. */
  remove(key: Key): void {
    this.#db.removeSync(key);
  }

  /** @throws DiskError "unreadable" if the stored bytes are not those that were written. */
  get(key: Key): Uint8Array | undefined {
    this.#assertOpen();
    const row = this.#db.get(key);
    return row === undefined ? undefined : this.#unseal(key, row);
  }

  /** All entries whose key is an array of `prefix` and a number, with or without more, ascending. Values as with `get`. */
  *entries(prefix: readonly (string | number)[]): Generator<{ key: Key[]; value: Uint8Array }> {
    this.#assertOpen();
    for (const { key, value } of this.#db.getRange({ start: [...prefix], end: [...prefix, LAST_KEY] })) {
      yield { key: key as Key[], value: this.#unseal(key, value) };
    }
  }

  /**
   * Keys that are arrays of `prefix` and a number, with or without more, ascending; with `below`, only those whose
   * number is less than it.
   */
  *keys(prefix: readonly (string | number)[], below?: number): Generator<Key[]> {
    this.#assertOpen();
    const end = [...prefix, below ?? LAST_KEY];
    for (const key of this.#db.getKeys({ start: [...prefix], end })) yield key as Key[];
  }

  /** Lets another process in. Closing twice is harmless. */
  async close(): Promise<void> {
    if (!this.#open) return;
    this.write(() => this.remove(OWNER_KEY));
    this.#open = false;
    await this.#db.close();
  }

  /** LMDB lets one process write at a time, so of two that come at once exactly one finds no owner. */
  #claim(): Owner | undefined {
    return this.#db.transactionSync(() => {
      const row = this.get(OWNER_KEY);
      const owner = row === undefined ? undefined : (JSON.parse(Buffer.from(row).toString()) as Owner);
      if (owner !== undefined && isRunning(owner)) return owner;
      this.put(OWNER_KEY, Buffer.from(JSON.stringify(thisProcess())));
      return undefined;
    });
  }

  #unseal(key: Key, row: Buffer): Uint8Array {
    const value = row.subarray(CHECKSUM_BYTES);
    if (row.length < CHECKSUM_BYTES || row.readUInt32BE() !== crc32(value)) {
      throw new DiskError("unreadable", `${this.path}: row ${JSON.stringify(key)} fails its checksum`);
    }
    return value;
  }

  #assertOpen(): void {
    if (!this.#open) throw new DiskError("closed", `${this.path}: closed`);
  }
}

/** Sorts behind every number in a key. */
const LAST_KEY = Number.POSITIVE_INFINITY;
