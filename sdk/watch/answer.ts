import type { Hex } from "../types/hex.ts";
import { WatchError } from "./error.ts";

// Readers of a stranger's JSON: each gives the value in its type, or says what it expected and what came.

/** An object's fields. @throws WatchError "bad-answer". */
export function fieldsOf(value: unknown, what: string): Readonly<Record<string, unknown>> {
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  throw unexpected(what, "an object", value);
}

/** A list of at most `most` items. @throws WatchError "bad-answer". */
export function itemsOf(value: unknown, what: string, most: number): unknown[] {
  if (Array.isArray(value) && value.length <= most) return value;
  throw unexpected(what, `a list of at most ${most}`, Array.isArray(value) ? `${value.length} items` : value);
}

/**
 * Bytes, in lower case.
 * @param bytes Their exact number; any number if left out.
 * @throws WatchError "bad-answer".
 */
export function hexOf(value: unknown, what: string, bytes?: number): Hex {
  const rightLength = (hex: string): boolean =>
    bytes === undefined ? hex.length % 2 === 0 : hex.length === 2 + 2 * bytes;
  if (typeof value === "string" && /^0x[0-9a-fA-F]*$/.test(value) && rightLength(value)) {
    return value.toLowerCase() as Hex;
  }
  throw unexpected(what, `${bytes ?? "whole"} bytes of hex`, value);
}

/** A number from 0 to 2^32 - 1: nothing that the contract counts is larger. @throws WatchError "bad-answer". */
export function naturalOf(value: unknown, what: string): number {
  if (typeof value === "number" && Number.isInteger(value) && value >= 0 && value < 2 ** 32) return value;
  throw unexpected(what, "a whole number below 2^32", value);
}

/** A hexadecimal quantity of at most 256 bits. @throws WatchError "bad-answer". */
export function quantityOf(value: unknown, what: string): bigint {
  if (typeof value === "string" && /^0x[0-9a-fA-F]{1,64}$/.test(value)) return BigInt(value);
  throw unexpected(what, "a hexadecimal quantity of at most 256 bits", value);
}

/** Much of a strange answer would only hide what is wrong with it. */
const SHOWN = 80;

function unexpected(what: string, expected: string, found: unknown): WatchError {
  const shown = (JSON.stringify(found) ?? String(found)).slice(0, SHOWN);
  return new WatchError("bad-answer", `${what}: expected ${expected}, found ${shown}`);
}
