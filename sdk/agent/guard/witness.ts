import type { Hex } from "../../types/hex.ts";
import { Environment } from "../store/environment.ts";
import { bringUp, type Schema } from "../store/schema.ts";
import { GuardError } from "./interface.ts";
import { shortOf } from "./rows.ts";
import { asGuardError, type GuardTable } from "./table.ts";

const keyOf = (validator: Hex): string[] => ["generation", shortOf(validator)];

/**
 * Remembers, outside the guard's file, the generation last used here of each validator, so that a guard put back from
 * an old backup is noticed.
 */
export class GenerationWitness {
  readonly #environment: Environment;

  /**
   * @param table The guard that it is about.
   * @throws GuardError "in-use", "corrupt" or "schema-version".
   */
  constructor(path: string, table: GuardTable) {
    this.#environment = asGuardError(() => new Environment(path));
    try {
      asGuardError(() => bringUp(this.#environment, schemaFor(table)));
    } catch (error) {
      void this.#environment.close();
      throw error;
    }
  }

  get path(): string {
    return this.#environment.path;
  }

  /** 0 for a validator that never signed here. */
  lastUsed(validator: Hex): number {
    const row = asGuardError(() => this.#environment.get(keyOf(validator)) ?? this.#environment.get(KEY_OF_1));
    return row === undefined ? 0 : numberIn(row);
  }

  /** On disk when this returns. A lower generation changes nothing. */
  advance(validator: Hex, generation: number): void {
    if (generation <= this.lastUsed(validator)) return;
    asGuardError(() => this.#environment.write(() => this.#environment.put(keyOf(validator), rowOf(generation))));
  }

  close(): Promise<void> {
    return this.#environment.close();
  }
}

const rowOf = (value: number): Uint8Array => {
  const row = Buffer.alloc(8);
  row.writeBigUInt64BE(BigInt(value));
  return row;
};

const numberIn = (row: Uint8Array): number => Number(Buffer.from(row).readBigUInt64BE());

const SCHEMA_KEY = "schema";
/** Version 1 had one generation, for all validators together, under this key. */
const KEY_OF_1 = "generation";

const schemaFor = (table: GuardTable): Schema => ({
  version: 2,
  read(environment) {
    const row = environment.get(SCHEMA_KEY);
    if (row !== undefined) return numberIn(row);
    // Version 2 did not always note what it was.
    return environment.get(KEY_OF_1) === undefined ? 2 : 1;
  },
  write: (environment) => environment.put(SCHEMA_KEY, rowOf(2)),
  steps: {
    1(environment) {
      const lastUsed = numberIn(environment.get(KEY_OF_1) as Uint8Array);
      const signers = [...table.signers];
      const newest = Math.max(0, ...signers.map((validator) => table.validator(validator).generation));
      for (const validator of signers) environment.put(keyOf(validator), rowOf(lastUsed));
      // An older guard may lack whole validators: then what was used last goes on counting for those as well.
      if (newest >= lastUsed) environment.remove(KEY_OF_1);
    },
  },
});

/** @throws GuardError "older-than-used". */
export function assertNotOlder(table: GuardTable, witness: GenerationWitness, validator: Hex): void {
  const { generation } = table.validator(validator);
  const lastUsed = witness.lastUsed(validator);
  if (generation >= lastUsed) return;
  throw new GuardError(
    "older-than-used",
    `${table.path} has generation ${generation} of validator ${validator.slice(0, 18)}…, the one last used here had ` +
      `${lastUsed}: it does not know everything that was signed. Put the newer file back or import its newest export. ` +
      `If both are lost, wait until every slot signed in is past its evidence window, then delete ${witness.path}`,
  );
}
