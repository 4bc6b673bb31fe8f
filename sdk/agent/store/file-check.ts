import { closeSync, existsSync, fstatSync, openSync, readSync } from "node:fs";

/** "LMDB" as its authors spell it, in both header pages. */
const MAGIC = 0xbeefc0de;
const MAGIC_OFFSET = 24;
const PAGE_SIZE_OFFSET = 48;
const HEADER_BYTES = 64;

/**
 * Why the file at `path` cannot be an LMDB database, or undefined if it may be one, or is empty or absent. LMDB maps a
 * file without looking at it first, and a foreign one takes the whole process down.
 */
export function whyNotDatabase(path: string): string | undefined {
  if (!existsSync(path)) return undefined;
  const file = openSync(path, "r");
  try {
    const { size } = fstatSync(file);
    if (size === 0) return undefined;
    const first = Buffer.alloc(HEADER_BYTES);
    readSync(file, first, 0, HEADER_BYTES, 0);
    if (first.readUInt32LE(MAGIC_OFFSET) !== MAGIC) return "its first page is not an LMDB header";
    const pageSize = first.readUInt32LE(PAGE_SIZE_OFFSET);
    if (size < 2 * pageSize) return `expected at least two pages of ${pageSize} bytes, got ${size} bytes`;
    const second = Buffer.alloc(HEADER_BYTES);
    readSync(file, second, 0, HEADER_BYTES, pageSize);
    return second.readUInt32LE(MAGIC_OFFSET) === MAGIC ? undefined : "its second page is not an LMDB header";
  } finally {
    closeSync(file);
  }
}
