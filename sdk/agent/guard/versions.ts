import type { Hex } from "../../types/hex.ts";
import { type Codec, codec } from "../messages/codec.ts";
import { record, uint } from "../messages/fields.ts";
import { DiskError, type Environment } from "../store/environment.ts";
import { type Schema, versionIn } from "../store/schema.ts";
import { guardRow, metaRow, shortOf, validatorRow } from "./rows.ts";

/** 2: a generation for each validator, which can be given away alone. */
export const SCHEMA_VERSION = 2;

/** Version 1 counted the rows of all validators together. */
const metaRowOf1: Codec<{ schema: number; generation: number; floorSlot: number }> = codec(
  record({ schema: uint(), generation: uint(), floorSlot: uint() }),
  1024,
);

/** The guard's file. A guard that cannot be read is never taken for an empty one. */
export const GUARD_SCHEMA: Schema = {
  version: SCHEMA_VERSION,
  read(environment) {
    const meta = environment.get(["meta"]);
    if (meta !== undefined) return versionIn(meta, environment);
    // Version 2 did not always note what it was.
    return environment.keys(["row"]).next().done ? undefined : 2;
  },
  write(environment) {
    if (environment.get(["meta"]) === undefined) {
      environment.put(["meta"], metaRow.encode({ schema: SCHEMA_VERSION, floorSlot: 0 }));
    }
  },
  steps: { 1: fromVersion1 },
};

/** Each validator's guard is at least as new as the whole was. */
function fromVersion1(environment: Environment): void {
  const meta = metaRowOf1.decode(environment.get(["meta"]) ?? new Uint8Array());
  if (!meta.ok) throw new DiskError("unreadable", `${environment.path}: ${meta.reason}`);
  const { generation, floorSlot } = meta.value;
  for (const validator of validatorsIn(environment)) {
    environment.put(["validator", shortOf(validator)], validatorRow.encode({ generation, exported: false }));
  }
  environment.put(["meta"], metaRow.encode({ schema: 2, floorSlot }));
}

/** Validators that signed something here. Reads every row. @throws DiskError "unreadable" for one that cannot be. */
export function validatorsIn(environment: Environment): Set<Hex> {
  const found = new Set<Hex>();
  for (const { key, value } of environment.entries(["row"])) {
    const row = guardRow.decode(value);
    if (!row.ok) throw new DiskError("unreadable", `${environment.path}: row ${JSON.stringify(key)}: ${row.reason}`);
    found.add(row.value.validator);
  }
  return found;
}
