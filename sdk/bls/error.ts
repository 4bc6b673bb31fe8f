/** What was wrong with a BLS12-381 key, signature or message. */
export type BlsErrorCode =
  | "bad-length"
  | "bad-encoding"
  | "not-on-curve"
  | "not-in-subgroup"
  | "infinity"
  | "bad-secret-key"
  | "empty";

/** Thrown for every input this room refuses; `verify…` functions throw it for malformed input and answer false for a wrong signature. */
export class BlsError extends Error {
  readonly code: BlsErrorCode;

  constructor(code: BlsErrorCode, message: string) {
    super(message);
    this.name = "BlsError";
    this.code = code;
  }
}
