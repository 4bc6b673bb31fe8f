/** What can be wrong with the caller's side of a submission. What can go wrong on L1 is a decision, not an error. */
export type SubmitErrorCode =
  | "journal-corrupt"
  | "journal-version"
  | "journal-other-account"
  | "journal-locked"
  | "journal-closed"
  | "bad-request"
  | "bond-releasing"
  | "signer-failed"
  | "too-many-steps";

/** Says what was expected, what came, and what to do. */
export class SubmitError extends Error {
  readonly code: SubmitErrorCode;
  constructor(code: SubmitErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "SubmitError";
    this.code = code;
  }
}
