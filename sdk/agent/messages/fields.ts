import { type Hex, bytesToHex as toHex } from "../../types/hex.ts";
import { MessageError } from "./result.ts";
import type { RlpItem } from "./rlp.ts";

/** One field of a message. Both directions throw MessageError on a value that does not fit. */
export interface Field<T> {
  encode(value: T): RlpItem;
  decode(item: RlpItem): T;
}

function bytesOf(item: RlpItem): Uint8Array {
  if (!(item instanceof Uint8Array)) throw new MessageError("expected bytes, got a list");
  return item;
}

function listOf(item: RlpItem): RlpItem[] {
  if (item instanceof Uint8Array) throw new MessageError("expected a list, got bytes");
  return item;
}

function fromHex(value: string): Uint8Array {
  if (!/^0x([0-9a-f]{2})*$/.test(value)) throw new MessageError(`expected lower-case hex, got ${value.slice(0, 80)}`);
  return new Uint8Array(Buffer.from(value.slice(2), "hex"));
}

/** An unsigned integer of at most `max`. */
export function big(max: bigint): Field<bigint> {
  const check = (value: bigint): bigint => {
    if (value < 0n || value > max) throw new MessageError(`expected an integer of at most ${max}, got ${value}`);
    return value;
  };
  return {
    encode(value) {
      const hex = check(value).toString(16);
      return value === 0n ? new Uint8Array(0) : fromHex(`0x${hex.length % 2 === 0 ? hex : `0${hex}`}`);
    },
    decode(item) {
      const bytes = bytesOf(item);
      if (bytes.length > 32) throw new MessageError(`expected an integer of at most 32 bytes, got ${bytes.length}`);
      if (bytes[0] === 0) throw new MessageError("integer has a leading zero byte");
      return bytes.length === 0 ? 0n : check(BigInt(toHex(bytes)));
    },
  };
}

/** An unsigned integer of at most `max`, by default the largest a number holds exactly. */
export function uint(max: number = Number.MAX_SAFE_INTEGER): Field<number> {
  const inner = big(BigInt(max));
  return {
    encode(value) {
      if (!Number.isSafeInteger(value)) throw new MessageError(`expected a whole number, got ${value}`);
      return inner.encode(BigInt(value));
    },
    decode: (item) => Number(inner.decode(item)),
  };
}

export const flag: Field<boolean> = {
  encode: (value) => uint(1).encode(value ? 1 : 0),
  decode: (item) => uint(1).decode(item) === 1,
};

/** Exactly `length` bytes as hex. */
export function fixed(length: number): Field<Hex> {
  const check = (bytes: Uint8Array): Uint8Array => {
    if (bytes.length !== length) throw new MessageError(`expected ${length} bytes, got ${bytes.length}`);
    return bytes;
  };
  return { encode: (value) => check(fromHex(value)), decode: (item) => toHex(check(bytesOf(item))) };
}

/** At most `max` bytes as hex. */
export function upTo(max: number): Field<Hex> {
  const inner = raw(max);
  return { encode: (value) => inner.encode(fromHex(value)), decode: (item) => toHex(inner.decode(item)) };
}

/** At most `max` printable ASCII characters. */
export function text(max: number): Field<string> {
  const check = (value: string): string => {
    if (value.length > max || !/^[\x20-\x7e]*$/.test(value)) {
      throw new MessageError(`expected at most ${max} printable characters, got ${JSON.stringify(value.slice(0, 80))}`);
    }
    return value;
  };
  return {
    encode: (value) => Buffer.from(check(value)),
    decode: (item) => check(Buffer.from(bytesOf(item)).toString("latin1")),
  };
}

/** At most `max` raw bytes. The decoded value is a view of the message. */
export function raw(max: number): Field<Uint8Array> {
  const check = (bytes: Uint8Array): Uint8Array => {
    if (bytes.length > max) throw new MessageError(`expected at most ${max} bytes, got ${bytes.length}`);
    return bytes;
  };
  return { encode: check, decode: (item) => check(bytesOf(item)) };
}

/** 1 to `max` items of one kind. */
export function listed<T>(field: Field<T>, max: number): Field<T[]> {
  const check = <U>(items: U[]): U[] => {
    if (items.length < 1 || items.length > max)
      throw new MessageError(`expected 1 to ${max} items, got ${items.length}`);
    return items;
  };
  return {
    encode: (values) => check(values).map((value) => field.encode(value)),
    decode: (item) => check(listOf(item)).map((entry) => field.decode(entry)),
  };
}

/** A name out of a closed set, sent as its number. */
export function named<T extends string>(codes: Readonly<Record<T, number>>): Field<T> {
  const names = new Map(Object.entries<number>(codes).map(([name, code]) => [code, name as T]));
  return {
    encode: (value) => uint(255).encode(codes[value]),
    decode(item) {
      const code = uint(255).decode(item);
      const name = names.get(code);
      if (name === undefined) throw new MessageError(`expected one of ${[...names.keys()].join(", ")}, got ${code}`);
      return name;
    },
  };
}

/** A value that may be missing: an empty list, or a list of one. */
export function optional<T>(field: Field<T>): Field<T | undefined> {
  return {
    encode: (value) => (value === undefined ? [] : [field.encode(value)]),
    decode(item) {
      const items = listOf(item);
      if (items.length > 1) throw new MessageError(`expected at most 1 item, got ${items.length}`);
      return items[0] === undefined ? undefined : field.decode(items[0]);
    },
  };
}

/** A list with one item per field, in the order the fields are written here. Errors are prefixed by the field's name. */
export function record<T extends object>(fields: { [K in keyof T]-?: Field<T[K]> }): Field<T> {
  const names = Object.keys(fields) as (keyof T & string)[];
  return {
    encode: (value) => names.map((name) => within(name, () => fields[name].encode(value[name]))),
    decode(item) {
      const items = listOf(item);
      if (items.length !== names.length) throw new MessageError(`expected ${names.length} fields, got ${items.length}`);
      const entries = names.map((name, at) => [name, within(name, () => fields[name].decode(items[at] as RlpItem))]);
      return Object.fromEntries(entries) as T;
    },
  };
}

function within<T>(name: string, step: () => T): T {
  try {
    return step();
  } catch (error) {
    throw new MessageError(`${name}: ${error instanceof Error ? error.message : String(error)}`);
  }
}
