import type { Common } from "@ethereumjs/common";
import { createTxFromRLP, type TypedTransaction } from "@ethereumjs/tx";
import type { Address } from "@ethereumjs/util";
import type { Hex } from "../../../types/hex.ts";
import { keccak } from "../crypto/keccak.ts";
import { toHex } from "../hex.ts";
import { GenerationCache } from "../state/generation-cache.ts";
import { MAX_TRANSACTION_DEPTH, nestsAtMost } from "./nesting.ts";

/** A transaction that is well-formed and signed by `sender`; whether it can run depends on the state. */
export interface DecodedTransaction {
  hash: Hex;
  raw: Uint8Array;
  tx: TypedTransaction;
  sender: Address;
}

/** Why bytes are not a transaction this chain takes. */
export class InvalidTransaction extends Error {
  override readonly name = "InvalidTransaction";
}

const BLOB_TYPE = 3;
/** Recently decoded transactions, per generation; a candidate that is rebuilt or re-executed recovers nobody twice. */
const DECODED_GENERATION = 4_096;

/** Parses signed transactions and recovers their senders. */
export class TransactionDecoder {
  readonly #rules: Common;
  readonly #recent = new GenerationCache<Hex, DecodedTransaction>(DECODED_GENERATION);

  constructor(rules: Common) {
    this.#rules = rules;
  }

  /** Types 0, 1, 2 and 4. Throws InvalidTransaction with the reason for everything else. */
  decode(raw: Uint8Array): DecodedTransaction {
    const hash = toHex(keccak(raw));
    const known = this.#recent.get(hash);
    if (known !== undefined) return known;
    const decoded = { hash, raw, ...this.#parse(raw) };
    this.#recent.set(hash, decoded);
    return decoded;
  }

  /** Decodes all, or throws for the first that is invalid, naming its position. */
  decodeAll(raws: readonly Uint8Array[]): DecodedTransaction[] {
    return raws.map((raw, index) => {
      try {
        return this.decode(raw);
      } catch (error) {
        if (error instanceof InvalidTransaction) throw new InvalidTransaction(`transaction ${index}: ${error.message}`);
        throw error;
      }
    });
  }

  #parse(raw: Uint8Array): Pick<DecodedTransaction, "tx" | "sender"> {
    if (raw.length === 0) throw new InvalidTransaction("empty bytes are no transaction");
    if (raw[0] === BLOB_TYPE) throw new InvalidTransaction("blob transactions (type 3) are not accepted on this chain");
    // A type's byte is a one-byte string to whoever measures: it needs no special case.
    if (!nestsAtMost(raw, MAX_TRANSACTION_DEPTH)) {
      throw new InvalidTransaction(`lists nest deeper than ${MAX_TRANSACTION_DEPTH}`);
    }
    try {
      const tx = createTxFromRLP(raw, { common: this.#rules });
      // The hash of a transaction is that of its bytes: a second encoding of the same content would be a second hash.
      if (!Buffer.from(tx.serialize()).equals(raw)) throw new InvalidTransaction("encoding is not canonical RLP");
      const errors = tx.getValidationErrors();
      if (errors.length > 0) throw new InvalidTransaction(errors.join("; "));
      return { tx, sender: tx.getSenderAddress() };
    } catch (error) {
      if (error instanceof InvalidTransaction) throw error;
      throw new InvalidTransaction(shortReason(error));
    }
  }
}

/** An ethereumjs message without its trailing dump of the objects involved. */
export function shortReason(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  const dump = message.search(/ \((?:vm hf|tx type|block number)/);
  return dump < 0 ? message : message.slice(0, dump);
}
