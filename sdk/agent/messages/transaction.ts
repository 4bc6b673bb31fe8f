import { codec } from "./codec.ts";
import { raw } from "./fields.ts";
import { MAX_MESSAGE_BYTES, MAX_TRANSACTION_BYTES } from "./limits.ts";

/** A signed transaction as its EIP-2718 encoding; what is in it is the mempool's to judge. */
export const transactionCodec = codec(raw(MAX_TRANSACTION_BYTES), MAX_MESSAGE_BYTES.transactions, (bytes) =>
  bytes.length === 0 ? "expected a transaction, got no bytes" : undefined,
);
