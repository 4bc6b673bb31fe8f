/** Why what a source answered cannot be used; network failures pass through as the provider threw them. */
export type WatchErrorCode = "bad-answer" | "refused" | "data-missing" | "data-differs";

/** The source of checkpoints answered something that a checkpoint cannot be made of; another source may do better. */
export class WatchError extends Error {
  readonly code: WatchErrorCode;

  constructor(code: WatchErrorCode, message: string) {
    super(message);
    this.name = "WatchError";
    this.code = code;
  }
}
