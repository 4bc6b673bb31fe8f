/** What was wrong with blob or block data. */
export type BlobErrorCode =
  | "bad-blob-length"
  | "bad-field-element"
  | "bad-length-prefix"
  | "bad-padding"
  | "no-block"
  | "too-large"
  | "bad-compression"
  | "bad-rlp";

/** Data that does not follow the blob or block format; nothing of it may be used. */
export class BlobError extends Error {
  readonly code: BlobErrorCode;

  constructor(code: BlobErrorCode, message: string) {
    super(message);
    this.name = "BlobError";
    this.code = code;
  }
}
