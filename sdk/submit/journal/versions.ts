import { SubmitError } from "../errors.ts";
import type { JournalEntry } from "./entries.ts";

/** Raised with every change of what a line says, together with a step from the version before. */
export const JOURNAL_VERSION = 1;

/** By the version that they start from: what stood in one line, in the lines of the next version. */
type Steps = Readonly<Record<number, (entry: object) => object[]>>;

/** The first change has its step here, under 1. */
const STEPS: Steps = {};

/**
 * The version that a journal says it has, whatever else it says: so that a newer one is told from a damaged one.
 * Undefined if its first line says none, or is not whole.
 */
export function versionIn(bytes: Uint8Array): number | undefined {
  const end = bytes.indexOf(0x0a);
  const line = Buffer.from(bytes.subarray(0, Math.max(0, end))).toString("utf8");
  try {
    const { type, version } = JSON.parse(line.slice(line.indexOf(" ") + 1)) as Record<string, unknown>;
    return type === "open" && typeof version === "number" ? version : undefined;
  } catch {
    return undefined;
  }
}

/** @throws SubmitError "journal-version" for one that a newer version wrote. */
export function assertNotNewer(version: number, path: string): void {
  if (version <= JOURNAL_VERSION) return;
  throw new SubmitError(
    "journal-version",
    `${path}: expected version ${JOURNAL_VERSION} or older, found ${version}. Run the version that wrote it, or a newer one.`,
  );
}

/**
 * The entries of an earlier version as those of this one, the first of which says so.
 * @throws SubmitError "journal-version" if no step leads here.
 */
export function upgraded(
  entries: readonly object[],
  from: number,
  path: string,
  to = JOURNAL_VERSION,
  steps = STEPS,
): JournalEntry[] {
  let lines = [...entries];
  for (let version = from; version < to; version++) {
    const step = steps[version];
    if (step === undefined) {
      throw new SubmitError(
        "journal-version",
        `${path}: version ${version} is no longer understood. Wait until the account has no transaction in any pool, then move the file away.`,
      );
    }
    lines = lines.flatMap(step);
  }
  return lines as JournalEntry[];
}
