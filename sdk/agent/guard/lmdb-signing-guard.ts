import type { Hex } from "../../types/hex.ts";
import type { SignatureKind } from "../types/messages.ts";
import { GuardError, type GuardRow, type SigningGuard } from "./interface.ts";
import { GuardTable } from "./table.ts";
import { GenerationWitness } from "./witness.ts";

export interface SigningGuardOptions {
  /** The guard's own file. Never roll it back; move it between machines by export and import only. */
  path: string;
  /** A file outside the guard's directory that remembers how new the guard last used here was. */
  witnessPath: string;
}

/** The durable guard on LMDB. One process at a time; what it recorded survives kill -9. */
export class LmdbSigningGuard implements SigningGuard {
  readonly #table: GuardTable;
  readonly #witness: GenerationWitness;

  private constructor(table: GuardTable, witness: GenerationWitness) {
    this.#table = table;
    this.#witness = witness;
  }

  /** @throws GuardError "in-use", "corrupt", or "older-than-used" for a guard older than the one last used here. */
  static async open(options: SigningGuardOptions): Promise<LmdbSigningGuard> {
    const table = new GuardTable(options.path);
    let witness: GenerationWitness | undefined;
    try {
      witness = new GenerationWitness(options.witnessPath);
      assertNotOlder(table, witness);
      return new LmdbSigningGuard(table, witness);
    } catch (error) {
      await witness?.close();
      await table.close();
      throw error;
    }
  }

  /** Rows ever added, imports included. */
  get generation(): number {
    return this.#table.meta.generation;
  }

  async record(row: GuardRow): Promise<void> {
    this.#table.add(row);
    this.#witness.advance(this.#table.meta.generation);
  }

  find(validator: Hex, kind: SignatureKind, slot: number, sequence: string): GuardRow | undefined {
    return this.#table.find(validator, kind, slot, sequence);
  }

  /**
   * Forgets what was signed below `slot` and never signs there again: this is what bounds the file. Safe once evidence
   * about those slots is no longer taken.
   */
  prune(slot: number): void {
    this.#table.raiseFloor(slot);
  }

  async close(): Promise<void> {
    await this.#witness.close();
    await this.#table.close();
  }
}

function assertNotOlder(table: GuardTable, witness: GenerationWitness): void {
  const { generation } = table.meta;
  if (generation >= witness.lastUsed) return;
  throw new GuardError(
    "older-than-used",
    `${table.path} has generation ${generation}, this agent last used ${witness.lastUsed}: it does not know everything ` +
      `that was signed. Put the newer file back or import its newest export. If both are lost, wait until every slot ` +
      `signed in is past its evidence window, then delete ${witness.path}`,
  );
}
