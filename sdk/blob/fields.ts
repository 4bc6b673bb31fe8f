import type { NestedUint8Array } from "@ethereumjs/rlp";
import type { Hex } from "../types/hex.ts";
import { bytesToHex, hexToBytes } from "../types/hex.ts";
import { BlobError } from "./error.ts";

/** A decoded RLP item, or a missing one. */
export type RlpItem = Uint8Array | NestedUint8Array | undefined;

/** Big endian without leading zeros, as RLP wants integers. */
export function uint(value: number | bigint): Uint8Array {
  const digits = value === 0 || value === 0n ? "" : value.toString(16);
  return hexToBytes(`0x${digits.length % 2 ? "0" : ""}${digits}`);
}

export const bytes = (value: Hex): Uint8Array => hexToBytes(value);

/** @throws BlobError "bad-rlp" unless the item is a list of that length, or "too-large" above `max` entries. */
export function list(item: RlpItem, name: string, length?: number, max?: number): NestedUint8Array {
  if (!Array.isArray(item)) throw new BlobError("bad-rlp", `${name}: expected a list`);
  if (length !== undefined && item.length !== length) {
    throw new BlobError("bad-rlp", `${name}: expected ${length} fields, got ${item.length}`);
  }
  if (max !== undefined && item.length > max) {
    throw new BlobError("too-large", `${name}: expected at most ${max}, got ${item.length}`);
  }
  return item;
}

/** @throws BlobError "bad-rlp" unless the item is a byte string (of exactly `length` bytes, if given). */
export function toHex(item: RlpItem, name: string, length?: number): Hex {
  const value = byteString(item, name);
  if (length !== undefined && value.length !== length) {
    throw new BlobError("bad-rlp", `${name}: expected ${length} bytes, got ${value.length}`);
  }
  return bytesToHex(value);
}

/** @throws BlobError "bad-rlp" unless the item is an integer of at most `maxBytes` bytes without leading zeros. */
export function toUint(item: RlpItem, name: string, maxBytes: number): bigint {
  const value = byteString(item, name);
  if (value.length > maxBytes)
    throw new BlobError("bad-rlp", `${name}: expected at most ${maxBytes} bytes, got ${value.length}`);
  if (value[0] === 0) throw new BlobError("bad-rlp", `${name}: integer with leading zeros`);
  return value.length === 0 ? 0n : BigInt(bytesToHex(value));
}

/** @throws BlobError "bad-rlp" unless the item is an integer that a number holds exactly. */
export function toNumber(item: RlpItem, name: string): number {
  const value = toUint(item, name, 8);
  if (value > BigInt(Number.MAX_SAFE_INTEGER)) throw new BlobError("bad-rlp", `${name}: ${value} is too large`);
  return Number(value);
}

function byteString(item: RlpItem, name: string): Uint8Array {
  if (!(item instanceof Uint8Array)) throw new BlobError("bad-rlp", `${name}: expected bytes`);
  return item;
}
