import type { Hex } from "../../types/hex.ts";
import type { SignatureKind } from "../types/messages.ts";
import { type OpenGuardFiles, openGuardFiles } from "./files.ts";
import type { GuardFiles, GuardRow, SigningGuard } from "./interface.ts";
import { assertNotOlder } from "./witness.ts";

/** The durable guard on LMDB. One process at a time; what it recorded survives kill -9. */
export class LmdbSigningGuard implements SigningGuard {
  readonly #files: OpenGuardFiles;

  private constructor(files: OpenGuardFiles) {
    this.#files = files;
  }

  /** @throws GuardError "in-use", "corrupt", or "older-than-used" for a guard older than the one last used here. */
  static async open(options: GuardFiles): Promise<LmdbSigningGuard> {
    const files = await openGuardFiles(options);
    try {
      assertNotOlder(files.table, files.witness);
      return new LmdbSigningGuard(files);
    } catch (error) {
      await files.close();
      throw error;
    }
  }

  /** Rows ever added, imports included. */
  get generation(): number {
    return this.#files.table.meta.generation;
  }

  async record(row: GuardRow): Promise<void> {
    this.#files.table.add(row);
    this.#files.witness.advance(this.generation);
  }

  find(validator: Hex, kind: SignatureKind, slot: number, sequence: string): GuardRow | undefined {
    return this.#files.table.find(validator, kind, slot, sequence);
  }

  /**
   * Forgets what was signed below `slot` and never signs there again: this is what bounds the file. Safe once evidence
   * about those slots is no longer taken.
   */
  prune(slot: number): void {
    this.#files.table.raiseFloor(slot);
  }

  close(): Promise<void> {
    return this.#files.close();
  }
}
