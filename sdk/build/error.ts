/** What of a submission, of evidence, or of a withdrawal does not fit together. */
export type BuildErrorCode =
  | "digest-mismatch"
  | "blob-count"
  | "blob-mismatch"
  | "no-submission"
  | "no-quorum"
  | "no-contradiction"
  | "no-offender"
  | "wrong-root";

/** The parts given cannot become a call that the contract would accept; nothing was sent. */
export class BuildError extends Error {
  readonly code: BuildErrorCode;

  constructor(code: BuildErrorCode, message: string) {
    super(message);
    this.name = "BuildError";
    this.code = code;
  }
}
