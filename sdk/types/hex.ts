/** A `0x`-prefixed lower-case hexadecimal string. Its length is stated where it matters. */
export type Hex = `0x${string}`;

/** Lower-case hex of some bytes. */
export function bytesToHex(bytes: Uint8Array): Hex {
  return `0x${Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("hex")}`;
}

/**
 * Bytes of a hex string.
 * @throws TypeError unless it is `0x` and whole bytes; the message shows at most its first 80 characters.
 */
export function hexToBytes(hex: string): Uint8Array {
  if (!/^0x(?:[0-9a-fA-F]{2})*$/.test(hex)) {
    throw new TypeError(`expected 0x and an even number of hex digits, got ${JSON.stringify(hex.slice(0, 80))}`);
  }
  return new Uint8Array(Buffer.from(hex.slice(2), "hex"));
}
