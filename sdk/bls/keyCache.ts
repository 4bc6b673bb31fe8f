import type { Hex } from "../types/hex.ts";
import { decodePublicKey, type PublicKeyPoint } from "./points.ts";

/** Four full validator sets of 256; about 2 KB a key. */
const DEFAULT_CAPACITY = 1024;

/** Decoded public keys, at most `capacity`; the one not asked for longest is dropped. */
export class PublicKeyCache {
  readonly #capacity: number;
  /** In order of last use. */
  readonly #points = new Map<Hex, PublicKeyPoint>();

  constructor(capacity: number = DEFAULT_CAPACITY) {
    this.#capacity = capacity;
  }

  get size(): number {
    return this.#points.size;
  }

  /** @throws BlsError for a malformed key, which is not kept. */
  get(publicKey: Hex): PublicKeyPoint {
    const point = this.#points.get(publicKey) ?? decodePublicKey(publicKey);
    this.#points.delete(publicKey);
    this.#points.set(publicKey, point);
    const oldest = this.#points.keys().next().value;
    if (this.#points.size > this.#capacity && oldest) this.#points.delete(oldest);
    return point;
  }
}

const known = new PublicKeyCache();

/**
 * The point of a public key that may have been seen before: to check one takes some milliseconds, and a validator's is
 * asked for with every certificate it signed.
 * @throws BlsError for a malformed key.
 */
export const publicKeyPoint = (key: Hex | PublicKeyPoint): PublicKeyPoint =>
  typeof key === "string" ? known.get(key) : key;
