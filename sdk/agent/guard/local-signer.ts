import { publicKeyOf, type SecretKey } from "../../bls/keys.ts";
import type { SignatureScheme } from "../../bls/scheme.ts";
import { signingMessage } from "../../digest/signingMessage.ts";
import type { Hex } from "../../types/hex.ts";
import type { SignatureKind } from "../types/messages.ts";
import { GuardError, type SigningGuard, type ValidatorSigner } from "./interface.ts";

export interface LocalSignerOptions {
  secretKey: SecretKey;
  /** L1 chain id. */
  chainId: number;
  /** Address of the rollup contract. */
  rollup: Hex;
  /**
   * For keys that wear out (hash-based, of one signature per index): what was signed once is not signed again, not even
   * the same. Whoever lost the signature has lost it. An index is kind, slot and sequence.
   */
  oneTime?: boolean;
}

/** Requests a signer holds at once; a validator has a handful of duties at a time. */
export const MAX_WAITING_SIGNATURES = 64;

/** Signs with a key in memory, one request after another. The guard's row is on disk before the signature is made. */
export class LocalSigner implements ValidatorSigner {
  readonly publicKey: Hex;
  readonly #options: LocalSignerOptions;
  readonly #guard: SigningGuard;
  readonly #bls: SignatureScheme;
  #tail: Promise<unknown> = Promise.resolve();
  #waiting = 0;

  /** @throws BlsError for a key that is none. */
  constructor(options: LocalSignerOptions, dependencies: { guard: SigningGuard; bls: SignatureScheme }) {
    this.#options = options;
    this.#guard = dependencies.guard;
    this.#bls = dependencies.bls;
    this.publicKey = publicKeyOf(options.secretKey);
  }

  /** Rejects with GuardError: "conflict" for what must not be signed, "used" for an index of a one-time key that was, "busy" beyond `MAX_WAITING_SIGNATURES`. */
  async sign(kind: SignatureKind, slot: number, digest: Hex, sequence = ""): Promise<Hex> {
    if (this.#waiting >= MAX_WAITING_SIGNATURES) {
      throw new GuardError("busy", `${this.#waiting} signatures are waiting; ${kind} of slot ${slot} was not signed`);
    }
    this.#waiting++;
    const turn = this.#tail.then(() => this.#signNow(kind, slot, digest, sequence));
    this.#tail = turn.catch(() => undefined).finally(() => this.#waiting--);
    return turn;
  }

  async #signNow(kind: SignatureKind, slot: number, digest: Hex, sequence: string): Promise<Hex> {
    const { secretKey, chainId, rollup, oneTime } = this.#options;
    if (oneTime && this.#guard.find(this.publicKey, kind, slot, sequence) !== undefined) {
      throw new GuardError("used", `${kind} of slot ${slot} ${sequence}: this index of a one-time key is used`);
    }
    await this.#guard.record({ validator: this.publicKey, kind, slot, sequence, digest });
    return this.#bls.sign(signingMessage(kind, { chainId: BigInt(chainId), rollup, slot }, digest), secretKey);
  }
}
