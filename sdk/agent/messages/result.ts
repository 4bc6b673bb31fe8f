/** Outcome of reading bytes that came from outside. The reason names the field, what was expected and what came. */
export type DecodeResult<T> = { ok: true; value: T } | { ok: false; reason: string };

/** A value does not fit its field. Thrown to the caller by encoders only: the value is its own. */
export class MessageError extends Error {
  readonly code = "malformed";
  constructor(message: string) {
    super(message);
    this.name = "MessageError";
  }
}
