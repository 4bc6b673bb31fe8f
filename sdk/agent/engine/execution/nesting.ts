/** Lists inside lists in a transaction: the transaction, its access list, an entry, the entry's storage keys. */
export const MAX_TRANSACTION_DEPTH = 4;

/**
 * True if lists in `bytes` nest at most `maxDepth` deep. A decoder that copies and recurses spends memory quadratic in
 * the nesting, so hostile input is measured first, in one pass and constant memory. Malformed input may answer true: the
 * decoder judges it.
 */
export function nestsAtMost(bytes: Uint8Array, maxDepth: number): boolean {
  const ends: number[] = [];
  let at = 0;
  while (at < bytes.length) {
    while (ends.length > 0 && at >= (ends.at(-1) ?? 0)) ends.pop();
    const prefix = bytes[at] ?? 0;
    if (prefix < 0xc0) {
      at += stringLength(bytes, at, prefix);
      continue;
    }
    const header = prefix <= 0xf7 ? 1 : 1 + prefix - 0xf7;
    const length = prefix <= 0xf7 ? prefix - 0xc0 : bigEndian(bytes, at + 1, prefix - 0xf7);
    ends.push(at + header + length);
    if (ends.length > maxDepth) return false;
    at += header;
  }
  return true;
}

function stringLength(bytes: Uint8Array, at: number, prefix: number): number {
  if (prefix < 0x80) return 1;
  if (prefix <= 0xb7) return 1 + prefix - 0x80;
  return 1 + (prefix - 0xb7) + bigEndian(bytes, at + 1, prefix - 0xb7);
}

function bigEndian(bytes: Uint8Array, at: number, count: number): number {
  let value = 0;
  for (let i = 0; i < count; i++) value = value * 256 + (bytes[at + i] ?? 0);
  return value;
}
