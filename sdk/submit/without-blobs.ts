/** First byte of a transaction with blobs, in hexadecimal. */
const BLOB_TYPE = "0x03";
/** RLP: what is from here on is a list; below `0xf8` its length is in the byte itself. */
const LIST = 0xc0;
const LONG_LIST = 0xf7;

/**
 * A raw transaction as it is signed and hashed: what `eth_sendRawTransaction` takes for one with blobs, cut to the part
 * before them, so that nobody parses a hundred kilobytes to know its nonce. Anything else comes back as it is.
 */
export function withoutBlobs(raw: string): string {
  if (raw.slice(0, 4).toLowerCase() !== BLOB_TYPE) return raw;
  const outer = listAt(raw, 4);
  const inner = outer && listAt(raw, outer.contentAt);
  if (inner === undefined || inner.endAt > raw.length) return raw;
  return `${BLOB_TYPE}${raw.slice(outer?.contentAt, inner.endAt)}`;
}

/** Where, in digits, the content of the list at `at` begins and ends; undefined if there is no list. */
function listAt(raw: string, at: number): { contentAt: number; endAt: number } | undefined {
  const first = Number.parseInt(raw.slice(at, at + 2), 16);
  if (!(first >= LIST)) return undefined;
  const lengthBytes = Math.max(0, first - LONG_LIST);
  const contentAt = at + 2 + 2 * lengthBytes;
  const length = lengthBytes === 0 ? first - LIST : Number.parseInt(raw.slice(at + 2, contentAt), 16);
  return { contentAt, endAt: contentAt + 2 * length };
}
