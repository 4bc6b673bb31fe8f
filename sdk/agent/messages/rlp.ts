import { MessageError } from "./result.ts";

/** An RLP item: a byte string, or a list of items. */
export type RlpItem = Uint8Array | RlpItem[];

/** Deepest list any message has: the message, its header. One more for records that hold messages. */
const MAX_DEPTH = 3;

/**
 * Reads one RLP item that fills `bytes` exactly. Strings are views of the input, nothing is copied and depth is bounded,
 * so the time is linear in the size whatever a peer sends. Lengths need not be minimal here: canonical form is
 * checked by the caller, who encodes the value again.
 * @throws MessageError if the bytes are not one whole item.
 */
export function readRlp(bytes: Uint8Array): RlpItem {
  const { item, end } = readItem(bytes, 0, bytes.length, 0);
  if (end !== bytes.length) throw new MessageError(`expected one RLP item of ${bytes.length} bytes, it ends at ${end}`);
  return item;
}

function readItem(bytes: Uint8Array, start: number, limit: number, depth: number): { item: RlpItem; end: number } {
  const prefix = start < limit ? (bytes[start] as number) : -1;
  if (prefix < 0) throw new MessageError("RLP ends where an item was expected");
  if (prefix < 0x80) return { item: bytes.subarray(start, start + 1), end: start + 1 };
  const isList = prefix >= 0xc0;
  const short = prefix - (isList ? 0xc0 : 0x80);
  const lengthBytes = Math.max(0, short - 55);
  const from = start + 1 + lengthBytes;
  const length = lengthBytes === 0 ? short : readLength(bytes, start + 1, Math.min(from, limit), lengthBytes);
  const end = from + length;
  if (end > limit) throw new MessageError(`RLP item needs ${end - limit} bytes more than there are`);
  if (!isList) return { item: bytes.subarray(from, end), end };
  if (depth >= MAX_DEPTH) throw new MessageError(`RLP lists nest deeper than ${MAX_DEPTH}`);
  const items: RlpItem[] = [];
  for (let at = from; at < end; ) {
    const next = readItem(bytes, at, end, depth + 1);
    items.push(next.item);
    at = next.end;
  }
  return { item: items, end };
}

function readLength(bytes: Uint8Array, from: number, to: number, count: number): number {
  if (to - from !== count || count > 4) throw new MessageError(`RLP length of ${count} bytes`);
  let length = 0;
  for (let at = from; at < to; at++) length = length * 256 + (bytes[at] as number);
  return length;
}
