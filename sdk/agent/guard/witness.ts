import { Environment } from "../store/environment.ts";
import { GuardError } from "./interface.ts";
import { asGuardError, type GuardTable } from "./table.ts";

const KEY = "generation";

/**
 * Remembers, outside the guard's file, the generation of the guard last used here, so that a guard put back from an
 * old backup is noticed.
 */
export class GenerationWitness {
  readonly #environment: Environment;
  #lastUsed: number;

  /** @throws GuardError "in-use" or "corrupt". */
  constructor(path: string) {
    this.#environment = asGuardError(() => new Environment(path));
    const row = asGuardError(() => this.#environment.get(KEY));
    this.#lastUsed = row === undefined ? 0 : Number(Buffer.from(row).readBigUInt64BE());
  }

  get path(): string {
    return this.#environment.path;
  }

  get lastUsed(): number {
    return this.#lastUsed;
  }

  /** On disk when this returns. A lower generation changes nothing. */
  advance(generation: number): void {
    if (generation <= this.#lastUsed) return;
    const row = Buffer.alloc(8);
    row.writeBigUInt64BE(BigInt(generation));
    asGuardError(() => this.#environment.write(() => this.#environment.put(KEY, row)));
    this.#lastUsed = generation;
  }

  close(): Promise<void> {
    return this.#environment.close();
  }
}

/** @throws GuardError "older-than-used". */
export function assertNotOlder(table: GuardTable, witness: GenerationWitness): void {
  const { generation } = table.meta;
  if (generation >= witness.lastUsed) return;
  throw new GuardError(
    "older-than-used",
    `${table.path} has generation ${generation}, the one last used here had ${witness.lastUsed}: it does not know everything ` +
      `that was signed. Put the newer file back or import its newest export. If both are lost, wait until every slot ` +
      `signed in is past its evidence window, then delete ${witness.path}`,
  );
}
