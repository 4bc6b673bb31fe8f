/** Why a reading of the rollup contract failed; network failures pass through as the provider threw them. */
export type GetErrorCode = "not-a-rollup" | "not-a-lens" | "reverted" | "log-mismatch" | "bad-event" | "no-block";

/** The contract could not answer, or answered what cannot be. */
export class GetError extends Error {
  readonly code: GetErrorCode;

  constructor(code: GetErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "GetError";
    this.code = code;
  }
}
