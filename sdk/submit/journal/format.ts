import { createHash } from "node:crypto";
import { SubmitError } from "../errors.ts";

const SUM_LENGTH = 16;

/** Seed of the chain of checksums. */
export const FIRST_SUM = "0".repeat(SUM_LENGTH);

/** Each line's checksum covers the one before, so that a line lost or moved in the middle is seen too. */
function checksum(previous: string, json: string): string {
  return createHash("sha256").update(previous).update(json).digest("hex").slice(0, SUM_LENGTH);
}

/** Amounts are recognised by their names: every bigint field of an entry ends in `Wei`. */
const encodeValue = (_key: string, value: unknown): unknown => (typeof value === "bigint" ? value.toString() : value);
const decodeValue = (key: string, value: unknown): unknown =>
  key.endsWith("Wei") && typeof value === "string" ? BigInt(value) : value;

/** One line, its newline included, and the checksum that the next line continues. */
export function encodeLine(entry: object, previousSum: string): { line: string; sum: string } {
  const json = JSON.stringify(entry, encodeValue);
  const sum = checksum(previousSum, json);
  return { line: `${sum} ${json}\n`, sum };
}

export interface DecodedLines<Entry> {
  entries: Entry[];
  sum: string;
  /** Bytes of the whole lines. What follows is a line that a crash cut off: it was never acknowledged. */
  goodBytes: number;
}

/** @throws SubmitError `journal-corrupt` for anything but an unfinished last line. */
export function decodeLines<Entry>(bytes: Buffer, path: string): DecodedLines<Entry> {
  const goodBytes = bytes.lastIndexOf(0x0a) + 1;
  const lines = bytes.subarray(0, goodBytes).toString("utf8").split("\n").slice(0, -1);
  let sum = FIRST_SUM;
  const entries = lines.map((line, index) => {
    const json = line.slice(SUM_LENGTH + 1);
    const expected = checksum(sum, json);
    if (line.slice(0, SUM_LENGTH + 1) !== `${expected} `) {
      throw new SubmitError(
        "journal-corrupt",
        `${path}, line ${index + 1}: expected checksum ${expected}, found "${line.slice(0, SUM_LENGTH)}". ` +
          "The disk changed what was written. Wait until the account has no transaction in any pool, then move the file away.",
      );
    }
    sum = expected;
    return JSON.parse(json, decodeValue) as Entry;
  });
  return { entries, sum, goodBytes };
}
