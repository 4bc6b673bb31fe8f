import type { Hex } from "../types/hex.ts";

/** Where a value sits in a storage word, counted from the lowest bit. */
export interface BitField {
  readonly offset: number;
  readonly bits: number;
}

/** A storage word that holds several values. */
export interface PackedWord<Name extends string = string> {
  /** Storage slot, 32 bytes. */
  readonly slot: Hex;
  readonly fields: Readonly<Record<Name, BitField>>;
}

/**
 * Packs values into a word exactly as the contract does.
 * @throws RangeError for a value that does not fit its field.
 */
export function packWord<Name extends string>(word: PackedWord<Name>, values: Readonly<Record<Name, bigint>>): Hex {
  let packed = 0n;
  for (const [name, { offset, bits }] of fieldsOf(word)) {
    const value = values[name];
    if (value < 0n || value >> BigInt(bits) !== 0n) throw new RangeError(`${name}: ${value} does not fit ${bits} bits`);
    packed |= value << BigInt(offset);
  }
  return toWord(packed);
}

/** The values of a word; the inverse of `packWord`. */
export function unpackWord<Name extends string>(word: PackedWord<Name>, packed: Hex): Record<Name, bigint> {
  const value = BigInt(packed);
  const entries = fieldsOf(word).map(([name, { offset, bits }]) => [
    name,
    (value >> BigInt(offset)) & ((1n << BigInt(bits)) - 1n),
  ]);
  return Object.fromEntries(entries) as Record<Name, bigint>;
}

export const toWord = (value: bigint): Hex => `0x${value.toString(16).padStart(64, "0")}`;

function fieldsOf<Name extends string>(word: PackedWord<Name>): [Name, BitField][] {
  return Object.entries(word.fields) as [Name, BitField][];
}
