import type { Topic } from "../network/interface.ts";

/** Payload bytes of one EIP-4844 blob: 4096 field elements of 31 bytes. */
const BLOB_PAYLOAD_BYTES = 126_976;

/** An L1 transaction carries at most this many blobs, so no checkpoint has more. */
export const MAX_BLOBS = 6;

/** One block's data must fit the blobs of its checkpoint. */
export const MAX_BLOCK_DATA_BYTES = MAX_BLOBS * BLOB_PAYLOAD_BYTES;

/** Largest signed transaction taken, as in other Ethereum clients' pools. */
export const MAX_TRANSACTION_BYTES = 131_072;

/** Validator indices fit one 256-bit set word. */
export const MAX_VALIDATORS = 256;

/** Room for the version byte, list headers and the fields of fixed size. */
const ENVELOPE_BYTES = 512;

/** Largest encoded message per topic, in bytes; a larger one is refused unread and its sender is at fault. */
export const MAX_MESSAGE_BYTES: Readonly<Record<Topic, number>> = {
  transactions: MAX_TRANSACTION_BYTES + 16,
  blocks: MAX_BLOCK_DATA_BYTES + ENVELOPE_BYTES,
  checkpoints: 1024,
  votes: 256,
  certificates: 256,
};
