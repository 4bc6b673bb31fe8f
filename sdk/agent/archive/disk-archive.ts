import { existsSync, mkdirSync, readdirSync, rmSync, statSync } from "node:fs";
import { open, readFile, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import type { Kzg } from "../../blob/kzg.ts";
import { BLOB_BYTES } from "../../blob/layout.ts";
import type { Hex } from "../../types/hex.ts";
import { isBlobOf } from "./check.ts";
import { ArchiveError, type BlobArchive } from "./interface.ts";

export interface DiskArchiveOptions {
  /** Directory; created if it is not there. One agent at a time. */
  dir: string;
  /** Room for blobs: beyond it the oldest is removed. At least one blob. */
  maxBytes: number;
}

const FILE = /^0x[0-9a-f]{64}$/;
/** While a blob is written its file has another name: a crash leaves no half of one. */
const UNFINISHED = ".part";

/**
 * Blobs as files, one each, by their versioned hash. Its bound is `maxBytes`, and 100 bytes of memory a blob. A file that
 * does not hold what its name says is removed when it is read.
 */
export class DiskArchive implements BlobArchive {
  readonly name = "own archive";
  readonly #dir: string;
  readonly #maxBlobs: number;
  readonly #kzg: Pick<Kzg, "commit">;
  /** The oldest first. */
  readonly #held: Set<Hex>;
  #writing: Promise<void> = Promise.resolve();

  /** @throws ArchiveError "unwritable". */
  constructor({ dir, maxBytes }: DiskArchiveOptions, kzg: Pick<Kzg, "commit">) {
    this.#dir = dir;
    this.#kzg = kzg;
    this.#maxBlobs = Math.max(1, Math.floor(maxBytes / BLOB_BYTES));
    try {
      mkdirSync(dir, { recursive: true });
      this.#held = new Set(filesOf(dir));
    } catch (error) {
      throw new ArchiveError("unwritable", `archive.dir: expected a directory to write to, got: ${String(error)}`);
    }
  }

  /** Blobs held. */
  get size(): number {
    return this.#held.size;
  }

  has(versionedHash: Hex): boolean {
    return this.#held.has(versionedHash);
  }

  async get(versionedHash: Hex): Promise<Uint8Array | undefined> {
    if (!this.#held.has(versionedHash)) return undefined;
    const blob = await readFile(this.#pathOf(versionedHash)).catch(() => undefined);
    if (blob !== undefined && (await isBlobOf(this.#kzg, versionedHash, blob))) return new Uint8Array(blob);
    await this.#remove(versionedHash);
    return undefined;
  }

  /** One after the other, so that the bound holds. */
  put(versionedHash: Hex, blob: Uint8Array): Promise<void> {
    const written = this.#writing.then(() => this.#put(versionedHash, blob));
    this.#writing = written.catch(() => {});
    return written;
  }

  async #put(versionedHash: Hex, blob: Uint8Array): Promise<void> {
    if (this.#held.has(versionedHash)) return;
    if (!FILE.test(versionedHash) || blob.length !== BLOB_BYTES) {
      throw new ArchiveError(
        "no-blob",
        `${versionedHash}: expected a versioned hash and a blob of ${BLOB_BYTES} bytes, got ${blob.length}`,
      );
    }
    while (this.#held.size >= this.#maxBlobs) await this.#remove(this.#held.values().next().value as Hex);
    const path = this.#pathOf(versionedHash);
    try {
      const file = await open(path + UNFINISHED, "w");
      try {
        await file.writeFile(blob);
        await file.sync();
      } finally {
        await file.close();
      }
      await rename(path + UNFINISHED, path);
    } catch (error) {
      throw new ArchiveError("unwritable", `${path}: expected to write a blob there, got: ${String(error)}`);
    }
    this.#held.add(versionedHash);
  }

  async #remove(versionedHash: Hex): Promise<void> {
    this.#held.delete(versionedHash);
    await rm(this.#pathOf(versionedHash), { force: true });
  }

  #pathOf(versionedHash: Hex): string {
    return join(this.#dir, versionedHash);
  }
}

/** Names of the blobs' files, the oldest first; what a crash left unfinished is removed. */
function filesOf(dir: string): Hex[] {
  const names = readdirSync(dir);
  for (const name of names) if (name.endsWith(UNFINISHED)) rmSync(join(dir, name), { force: true });
  const files = names.filter((name): name is Hex => FILE.test(name) && existsSync(join(dir, name)));
  const writtenMs = new Map(files.map((name) => [name, statSync(join(dir, name)).mtimeMs]));
  return files.sort((a, b) => (writtenMs.get(a) ?? 0) - (writtenMs.get(b) ?? 0));
}
