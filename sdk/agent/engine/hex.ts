import type { Hex } from "../../types/hex.ts";

/** Bytes of a hexadecimal string whose form was checked before. */
export const toBytes = (hex: Hex): Uint8Array => new Uint8Array(Buffer.from(hex.slice(2), "hex"));

export const toHex = (bytes: Uint8Array): Hex =>
  `0x${Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("hex")}`;

/** A big-endian number; the empty string is zero, as in RLP. */
export const toQuantity = (bytes: Uint8Array): bigint => (bytes.length === 0 ? 0n : BigInt(toHex(bytes)));

const HEX = /^0x(?:[0-9a-fA-F]{2})*$/;

/** True for a `0x` string of whole bytes, of exactly `length` bytes if that is given. */
export const isHex = (value: unknown, length?: number): value is Hex =>
  typeof value === "string" && (length === undefined || value.length === 2 + 2 * length) && HEX.test(value);
