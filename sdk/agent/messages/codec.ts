import { RLP } from "@ethereumjs/rlp";
import type { Field } from "./fields.ts";
import { type DecodeResult, MessageError } from "./result.ts";
import { readRlp } from "./rlp.ts";

/** First byte of every message; another one is another wire format and is refused. */
export const WIRE_VERSION = 1;

/** Bytes of one kind of message: the version byte, then RLP. */
export interface Codec<T> {
  /** @throws MessageError if the value does not fit its fields. */
  encode(value: T): Uint8Array;
  /** Never throws. Takes only the very bytes `encode` makes: one value, one encoding, one message id. */
  decode(bytes: Uint8Array): DecodeResult<T>;
}

/** Makes a codec of at most `maxBytes`; `check` states what the fields alone cannot, as a reason or undefined. */
export function codec<T>(field: Field<T>, maxBytes: number, check?: (value: T) => string | undefined): Codec<T> {
  const encode = (value: T): Uint8Array => {
    const reason = check?.(value);
    if (reason !== undefined) throw new MessageError(reason);
    const body = RLP.encode(field.encode(value));
    const bytes = new Uint8Array(body.length + 1);
    bytes[0] = WIRE_VERSION;
    bytes.set(body, 1);
    return bytes;
  };
  const decode = (bytes: Uint8Array): T => {
    if (bytes.length > maxBytes) throw new MessageError(`expected at most ${maxBytes} bytes, got ${bytes.length}`);
    if (bytes[0] !== WIRE_VERSION) throw new MessageError(`expected wire version ${WIRE_VERSION}, got ${bytes[0]}`);
    const value = field.decode(readRlp(bytes.subarray(1)));
    if (!Buffer.from(encode(value)).equals(bytes)) throw new MessageError("not in canonical form");
    return value;
  };
  return {
    encode,
    decode(bytes) {
      try {
        return { ok: true, value: decode(bytes) };
      } catch (error) {
        return { ok: false, reason: error instanceof Error ? error.message : String(error) };
      }
    },
  };
}
