/** Why a simulation was refused; a submission that would fail is a verdict, not an error. */
export type SimulateErrorCode =
  | "no-overrides"
  | "parent-conflict"
  | "parent-malformed"
  | "creation-failed"
  | "call-failed";

/** Nothing can be said about the submission; saying it from half an override would be worse. */
export class SimulateError extends Error {
  readonly code: SimulateErrorCode;

  constructor(code: SimulateErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "SimulateError";
    this.code = code;
  }
}
