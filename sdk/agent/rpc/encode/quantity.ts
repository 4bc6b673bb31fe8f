import type { Hex } from "../../../types/hex.ts";

/** A number as JSON-RPC writes quantities: no leading zeros. */
export const toQuantity = (value: number | bigint): Hex => `0x${value.toString(16)}`;
