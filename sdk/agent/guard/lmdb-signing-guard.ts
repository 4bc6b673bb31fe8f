import type { Hex } from "../../types/hex.ts";
import type { SignatureKind } from "../types/messages.ts";
import { type OpenGuardFiles, openGuardFiles } from "./files.ts";
import { GuardError, type GuardFiles, type GuardRow, type SigningGuard } from "./interface.ts";
import { exportedText } from "./table.ts";
import { assertNotOlder } from "./witness.ts";

/** The durable guard on LMDB. One process at a time; what it recorded survives kill -9. */
export class LmdbSigningGuard implements SigningGuard {
  readonly #files: OpenGuardFiles;
  readonly #validators: ReadonlySet<Hex>;

  private constructor(files: OpenGuardFiles, validators: readonly Hex[]) {
    this.#files = files;
    this.#validators = new Set(validators);
  }

  /**
   * Opens it for these validators.
   * @throws GuardError "in-use", "corrupt", "schema-version" for what another version wrote, "older-than-used" for a guard older than the one last used here, "exported"
   * for a validator that was given away.
   */
  static async open(options: GuardFiles, validators: readonly Hex[]): Promise<LmdbSigningGuard> {
    const files = await openGuardFiles(options);
    try {
      for (const validator of validators) {
        assertNotOlder(files.table, files.witness, validator);
        if (files.table.validator(validator).exported) throw new GuardError("exported", exportedText(validator));
      }
      return new LmdbSigningGuard(files, validators);
    } catch (error) {
      await files.close();
      throw error;
    }
  }

  /** Rows ever added for a validator, imports included, and exports. */
  generation(validator: Hex): number {
    return this.#files.table.validator(validator).generation;
  }

  async record(row: GuardRow): Promise<void> {
    if (!this.#validators.has(row.validator)) {
      throw new GuardError("foreign", `the guard was not opened for validator ${row.validator.slice(0, 18)}…`);
    }
    this.#files.table.add(row);
    this.#files.witness.advance(row.validator, this.generation(row.validator));
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
