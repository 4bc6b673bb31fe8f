import { Environment } from "../store/environment.ts";
import { asGuardError } from "./table.ts";

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
