import { mkdirSync } from "node:fs";
import { dirname } from "node:path";
import type { Hex } from "../../types/hex.ts";
import type { Codec } from "../messages/codec.ts";
import { DiskError, Environment } from "../store/environment.ts";
import { bringUp } from "../store/schema.ts";
import type { SignatureKind } from "../types/messages.ts";
import { GuardError, type GuardRow } from "./interface.ts";
import {
  encodeRow,
  type GuardMeta,
  guardRow,
  keyOf,
  metaRow,
  shortOf,
  type ValidatorMeta,
  validatorRow,
} from "./rows.ts";
import { GUARD_SCHEMA, SCHEMA_VERSION, validatorsIn } from "./versions.ts";

/** What a merge did with the rows it was given. */
export interface MergeReport {
  added: number;
  /** Rows held already, word for word. */
  known: number;
  /** Rows that name another digest than the one held; the held one stays. Someone signed twice: look into it. */
  conflicting: GuardRow[];
}

/** The guard's rows on disk and the rules about them. Rows are added, and removed only below a floor; never changed. */
export class GuardTable {
  readonly #environment: Environment;
  /** Validators that had signed something when it was opened. */
  readonly #signers: ReadonlySet<Hex>;

  /**
   * Reads every row there is. Nobody else may look into the directory of a guard that is made.
   * @throws GuardError "in-use", "corrupt" or "schema-version".
   */
  constructor(path: string) {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    this.#environment = asGuardError(() => new Environment(path));
    try {
      this.#signers = asGuardError(() => {
        bringUp(this.#environment, GUARD_SCHEMA);
        return validatorsIn(this.#environment);
      });
    } catch (error) {
      void this.#environment.close();
      throw error;
    }
  }

  get path(): string {
    return this.#environment.path;
  }

  get signers(): ReadonlySet<Hex> {
    return this.#signers;
  }

  get meta(): GuardMeta {
    return asGuardError(() => this.#read(["meta"], metaRow)) ?? { schema: SCHEMA_VERSION, floorSlot: 0 };
  }

  validator(validator: Hex): ValidatorMeta {
    return asGuardError(() => this.#read(["validator", shortOf(validator)], validatorRow)) ?? UNUSED;
  }

  find(validator: Hex, kind: SignatureKind, slot: number, sequence: string): GuardRow | undefined {
    return asGuardError(() => this.#read(keyOf(validator, kind, slot, sequence), guardRow));
  }

  /** Adds a row unless it is held; on disk when this returns. @throws GuardError "conflict" or "exported". */
  add(row: GuardRow): void {
    const encoded = encodeRow(row);
    this.#write(() => {
      const held = this.validator(row.validator);
      if (held.exported) throw new GuardError("exported", exportedText(row.validator));
      if (this.#isHeld(row)) return;
      this.#assertLawful(row);
      this.#environment.put(keyOf(row.validator, row.kind, row.slot, row.sequence), encoded);
      this.#putValidator(row.validator, { ...held, generation: held.generation + 1 });
    });
  }

  /** Signs nothing more for a validator; a copy of this guard from before is older than it, and so worth nothing. */
  giveAway(validator: Hex): void {
    this.#write(() => {
      const { generation, exported } = this.validator(validator);
      if (!exported) this.#putValidator(validator, { generation: generation + 1, exported: true });
    });
  }

  /**
   * Takes over what another guard knew of one validator: its rows, the floor, and at least its generation. All or
   * nothing. Whatever was given away may be signed for here again.
   */
  merge(validator: Hex, rows: readonly GuardRow[], meta: { generation: number; floorSlot: number }): MergeReport {
    const encoded = rows.map((row) => ({ row, bytes: encodeRow(row) }));
    return this.#write(() => {
      const report: MergeReport = { added: 0, known: 0, conflicting: [] };
      const held = this.validator(validator);
      for (const { row, bytes } of encoded) {
        const other = this.find(row.validator, row.kind, row.slot, row.sequence);
        if (other === undefined) {
          this.#environment.put(keyOf(row.validator, row.kind, row.slot, row.sequence), bytes);
          report.added++;
        } else if (other.digest === row.digest) report.known++;
        else report.conflicting.push(row);
      }
      // Into a guard that never held anything goes a copy, as new as what it is a copy of.
      const generation =
        held.generation === 0 ? meta.generation : Math.max(held.generation, meta.generation) + report.added;
      this.#putValidator(validator, { generation, exported: false });
      const floorSlot = Math.max(this.meta.floorSlot, meta.floorSlot);
      this.#environment.put(["meta"], metaRow.encode({ schema: SCHEMA_VERSION, floorSlot }));
      return report;
    });
  }

  /** Forgets the rows below a slot, and refuses to sign there from now on. */
  raiseFloor(slot: number): void {
    this.#write(() => {
      const held = this.meta;
      if (slot <= held.floorSlot) return;
      for (const key of [...this.#environment.keys(["row"], slot)]) this.#environment.remove(key);
      this.#environment.put(["meta"], metaRow.encode({ ...held, floorSlot: slot }));
    });
  }

  /** Every row of a validator, ascending by slot. */
  rows(validator: Hex): GuardRow[] {
    return asGuardError(() =>
      [...this.#environment.entries(["row"])]
        .map(({ key, value }) => this.#decode(key, guardRow, value))
        .filter((row) => row.validator === validator),
    );
  }

  close(): Promise<void> {
    return this.#environment.close();
  }

  #putValidator(validator: Hex, meta: ValidatorMeta): void {
    this.#environment.put(["validator", shortOf(validator)], validatorRow.encode(meta));
  }

  #isHeld(row: GuardRow): boolean {
    return this.find(row.validator, row.kind, row.slot, row.sequence)?.digest === row.digest;
  }

  #assertLawful(row: GuardRow): void {
    const { floorSlot } = this.meta;
    if (row.slot < floorSlot) {
      throw new GuardError(
        "conflict",
        `slot ${row.slot} is below ${floorSlot}, where what was signed is no longer known`,
      );
    }
    const same = this.find(row.validator, row.kind, row.slot, row.sequence);
    if (same !== undefined) {
      throw new GuardError(
        "conflict",
        `${row.kind} of slot ${row.slot}: signed ${same.digest}, asked to sign ${row.digest}`,
        same,
      );
    }
    if (row.kind !== "attestation" && row.kind !== "skip") return;
    const other = this.find(row.validator, row.kind === "skip" ? "attestation" : "skip", row.slot, "");
    if (other === undefined) return;
    throw new GuardError("conflict", `slot ${row.slot}: signed ${other.kind}, asked to sign ${row.kind}`, other);
  }

  #write<T>(action: () => T): T {
    return asGuardError(() => this.#environment.write(action));
  }

  #read<T>(key: (string | number)[], row: Codec<T>): T | undefined {
    const value = this.#environment.get(key);
    return value === undefined ? undefined : this.#decode(key, row, value);
  }

  #decode<T>(key: unknown[], row: Codec<T>, value: Uint8Array): T {
    const result = row.decode(value);
    if (result.ok) return result.value;
    throw new DiskError("unreadable", `${this.path}: row ${JSON.stringify(key)}: ${result.reason}`);
  }
}

/** A validator for which nothing was signed yet. */
const UNUSED: ValidatorMeta = { generation: 0, exported: false };

export const exportedText = (validator: Hex): string =>
  `validator ${validator.slice(0, 18)}…: its guard was exported here, so it may sign elsewhere by now. Take it out of ` +
  `the configuration, or import the newest export of its guard where it signed last`;

/** What the disk says, with what the operator can do about it. */
export function asGuardError<T>(action: () => T): T {
  try {
    return action();
  } catch (error) {
    if (!(error instanceof DiskError)) throw error;
    if (error.code !== "unreadable") throw new GuardError(error.code, error.message);
    throw new GuardError(
      "corrupt",
      `${error.message}; do not sign without it: move the file away and import the newest export`,
    );
  }
}
