import { BlsError } from "../../bls/error.ts";
import type { SignatureScheme } from "../../bls/scheme.ts";
import { signingMessage } from "../../digest/signingMessage.ts";
import type { LandedCheckpoint } from "../../get/landed.ts";
import type { Hex } from "../../types/hex.ts";
import type { ChainState } from "../chain/state.ts";
import type { ValidatorSets } from "../sets/interface.ts";
import { contextOf, type RollupIdentity } from "./identity.ts";

export interface LandedSignaturesParts {
  sets: Pick<ValidatorSets, "setOf">;
  identity: RollupIdentity;
  bls: Pick<SignatureScheme, "verifyAggregate">;
  /** Where the certificates stand that were verified here. */
  state: () => ChainState;
  /** Lets whatever waits have its turn before a pairing. */
  pause: () => Promise<unknown>;
}

/** Verdicts kept: more than a ring of logs holds of unsettled checkpoints. */
const MAX_VERDICTS = 1024;

/**
 * Checks the signatures that L1 took a bonded submitter's word for, each once: a pairing costs some 45 ms. Runs outside
 * the mailbox, so that no vote waits for it. Most landings carry the very certificate that is held here.
 */
export class LandedSignatures {
  readonly #parts: LandedSignaturesParts;
  readonly #verdicts = new Map<string, boolean>();

  constructor(parts: LandedSignaturesParts) {
    this.#parts = parts;
  }

  /**
   * Whether the checkpoint's signature is that of the quorum it names, under the set of its own slot.
   * @throws Error when L1 does not tell that set, and what asking for it throws.
   */
  async isSigned({ verified, submission }: LandedCheckpoint): Promise<boolean> {
    const { header, digest, attestation } = submission;
    const { signers, signature } = attestation;
    if (verified || this.#isHeld(digest, signers, signature)) return true;
    const key = `${digest}/${signers}/${signature}`;
    const known = this.#verdicts.get(key);
    if (known !== undefined) return known;
    const set = await this.#parts.sets.setOf(header.slot);
    if (set === undefined) throw new Error(`L1 does not tell the validator set of slot ${header.slot} yet`);
    const publicKeys = [...set.publicKeys].filter(([index]) => (signers >> BigInt(index)) & 1n).map(([, one]) => one);
    await this.#parts.pause();
    const message = signingMessage("attestation", contextOf(this.#parts.identity, header.slot), digest);
    const verdict = publicKeys.length >= set.quorum && this.#holds(message, signature, publicKeys);
    this.#verdicts.set(key, verdict);
    if (this.#verdicts.size > MAX_VERDICTS) this.#verdicts.delete(this.#verdicts.keys().next().value as string);
    return verdict;
  }

  #holds(message: Hex, signature: Hex, publicKeys: readonly Hex[]): boolean {
    try {
      return this.#parts.bls.verifyAggregate(message, signature, publicKeys);
    } catch (error) {
      // No point of the group: what the contract takes for bad as well.
      if (error instanceof BlsError) return false;
      throw error;
    }
  }

  #isHeld(digest: Hex, signers: bigint, signature: Hex): boolean {
    const { unsubmitted, unsettled } = this.#parts.state();
    return [...unsubmitted, ...unsettled.map(({ entry }) => entry)].some(({ proposed }) => {
      const certificate = proposed?.digest === digest ? proposed.certificate : undefined;
      return certificate?.signers === signers && certificate.signature === signature;
    });
  }
}
