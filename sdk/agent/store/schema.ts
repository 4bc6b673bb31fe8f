import type { RlpItem } from "../messages/rlp.ts";
import { readRlp } from "../messages/rlp.ts";
import { DiskError, type Environment } from "./environment.ts";

/** How the rows of one kind of database changed over time. */
export interface Schema {
  /** Of what stands on disk now: raised with every change of it, together with a step from the version before. */
  version: number;
  /** The version of what is on disk; undefined for a database that is new. */
  read: (environment: Environment) => number | undefined;
  /** Notes that the database is of this version. */
  write: (environment: Environment) => void;
  /** By the version that they start from: each makes the rows those of the next. */
  steps: Readonly<Record<number, (environment: Environment) => void>>;
}

/**
 * Makes a database of an earlier version one of this, all or nothing.
 * @throws DiskError "schema-version" for a newer one, and for one from which no step leads here.
 */
export function bringUp(environment: Environment, { version, read, write, steps }: Schema): void {
  const found = read(environment) ?? version;
  if (found > version) {
    throw new DiskError(
      "schema-version",
      `${environment.path}: expected version ${version} or older, found ${found}; run the version of the agent that ` +
        "wrote it, or a newer one",
    );
  }
  environment.write(() => {
    for (let at = found; at < version; at++) {
      const step = steps[at];
      if (step === undefined) {
        throw new DiskError(
          "schema-version",
          `${environment.path}: version ${at} is no longer understood; run an older version of the agent on it first`,
        );
      }
      step(environment);
    }
    write(environment);
  });
}

/**
 * The version in a row that begins with it, whatever else is in that row: so that a newer one is told from a damaged
 * one. @throws DiskError "unreadable".
 */
export function versionIn(row: Uint8Array, { path }: Pick<Environment, "path">): number {
  let item: RlpItem;
  try {
    item = readRlp(row.subarray(1));
  } catch (error) {
    throw new DiskError("unreadable", `${path}: its version cannot be read (${(error as Error).message})`);
  }
  const [first] = Array.isArray(item) ? item : [];
  if (first instanceof Uint8Array && first.length <= 4) return first.reduce((sum, byte) => sum * 256 + byte, 0);
  throw new DiskError("unreadable", `${path}: expected a version, found none`);
}
