/** An RLP list in a list in a list, at least `length` bytes of nothing but their headers. */
export function nestedLists(length: number): Uint8Array {
  // Built from the inside: each level adds a header of 1 to 4 bytes.
  const reversed: number[] = [];
  while (reversed.length < length) {
    const inner = reversed.length;
    const header = inner <= 55 ? [0xc0 + inner] : [0xf7 + bytesOf(inner).length, ...bytesOf(inner)];
    reversed.push(...header.reverse());
  }
  return Uint8Array.from(reversed.reverse());
}

function bytesOf(value: number): number[] {
  const bytes: number[] = [];
  for (let rest = value; rest > 0; rest = Math.floor(rest / 256)) bytes.unshift(rest % 256);
  return bytes;
}
