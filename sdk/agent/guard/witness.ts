import type { Hex } from "../../types/hex.ts";
import { Environment } from "../store/environment.ts";
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

  /** @throws GuardError "in-use" or "corrupt". */
  constructor(path: string) {
    this.#environment = asGuardError(() => new Environment(path));
  }

  get path(): string {
    return this.#environment.path;
  }

  /** 0 for a validator that never signed here. */
  lastUsed(validator: Hex): number {
    const row = asGuardError(() => this.#environment.get(keyOf(validator)));
    return row === undefined ? 0 : Number(Buffer.from(row).readBigUInt64BE());
  }

  /** On disk when this returns. A lower generation changes nothing. */
  advance(validator: Hex, generation: number): void {
    if (generation <= this.lastUsed(validator)) return;
    const row = Buffer.alloc(8);
    row.writeBigUInt64BE(BigInt(generation));
    asGuardError(() => this.#environment.write(() => this.#environment.put(keyOf(validator), row)));
  }

  close(): Promise<void> {
    return this.#environment.close();
  }
}

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
