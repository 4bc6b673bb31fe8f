import type { ValidatorSigner } from "../../sdk/agent/guard/interface.ts";
import type { SignatureKind } from "../../sdk/agent/types/messages.ts";
import type { Hex } from "../../sdk/types/hex.ts";

/** One signature that left a signer. */
export interface Signed {
  /** Its public key. */
  validator: Hex;
  kind: SignatureKind;
  slot: number;
  digest: Hex;
  sequence: string;
}

/** Two signatures of one validator of which it may have given one. */
export interface DoubleSignature {
  held: Signed;
  other: Signed;
}

/** All signatures ever given, whatever crashed since; what the guards are judged by. */
export class SignatureLedger {
  readonly #held = new Map<string, Signed>();
  readonly #attested = new Set<string>();
  readonly doubles: DoubleSignature[] = [];

  /** The same signer, its signatures written down. */
  watch(signer: ValidatorSigner): ValidatorSigner {
    const validator = signer.publicKey;
    return {
      publicKey: validator,
      sign: async (kind, slot, digest, sequence = "") => {
        const signature = await signer.sign(kind, slot, digest, sequence);
        this.record({ validator, kind, slot, digest, sequence });
        return signature;
      },
    };
  }

  record(signed: Signed): void {
    const { validator, kind, slot, digest, sequence } = signed;
    const isVote = kind === "attestation" || kind === "skip";
    const key = `${validator}/${isVote ? "vote" : kind}/${slot}/${sequence}`;
    const held = this.#held.get(key);
    if (held === undefined) this.#held.set(key, signed);
    else if (held.digest !== digest || held.kind !== kind) this.doubles.push({ held, other: signed });
    if (kind === "attestation") this.#attested.add(`${validator}/${slot}/${digest}`);
  }

  /** Every signature that left, the first of its place. */
  get signed(): Signed[] {
    return [...this.#held.values()];
  }

  hasAttested(validator: Hex, slot: number, digest: Hex): boolean {
    return this.#attested.has(`${validator}/${slot}/${digest}`);
  }
}
