/** Bytes of an EIP-4844 blob. */
export const BLOB_BYTES = 131_072;
/** Bytes of one field element. */
export const ELEMENT_BYTES = 32;
/** Payload bytes in one: the first stays zero, so that every element is below the field's modulus. */
export const ELEMENT_PAYLOAD_BYTES = 31;
/** Payload bytes of one blob. */
export const BLOB_PAYLOAD_BYTES = (BLOB_BYTES / ELEMENT_BYTES) * ELEMENT_PAYLOAD_BYTES;
/** Bytes of the length in front of each block's data. */
export const LENGTH_PREFIX_BYTES = 4;

/** Payload bytes one block takes: its length, its data, and zeros to the next field element. */
export function paddedBytes(dataBytes: number): number {
  return Math.ceil((LENGTH_PREFIX_BYTES + dataBytes) / ELEMENT_PAYLOAD_BYTES) * ELEMENT_PAYLOAD_BYTES;
}

/** Payload bytes of a checkpoint of these blocks. */
export function payloadBytes(dataBytes: readonly number[]): number {
  return dataBytes.reduce((sum, bytes) => sum + paddedBytes(bytes), 0);
}

/** Blobs a checkpoint of blocks with these data lengths needs; at least 1. */
export function blobsNeeded(dataBytes: readonly number[]): number {
  return Math.max(1, Math.ceil(payloadBytes(dataBytes) / BLOB_PAYLOAD_BYTES));
}

/**
 * Largest data length a further block may have so that the checkpoint still fits.
 * @param dataBytes Data lengths of the checkpoint's blocks so far.
 * @returns 0 when no further block fits.
 */
export function remainingCapacity(dataBytes: readonly number[], maxBlobs: number): number {
  const free = maxBlobs * BLOB_PAYLOAD_BYTES - payloadBytes(dataBytes);
  return Math.max(0, Math.floor(free / ELEMENT_PAYLOAD_BYTES) * ELEMENT_PAYLOAD_BYTES - LENGTH_PREFIX_BYTES);
}
