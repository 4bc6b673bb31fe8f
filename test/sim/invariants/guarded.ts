import type { SigningGuard, ValidatorSigner } from "../../../sdk/agent/guard/interface.ts";
import type { SignatureScheme } from "../../../sdk/bls/scheme.ts";
import { type SigningContext, signingMessage } from "../../../sdk/digest/signingMessage.ts";
import type { Hex } from "../../../sdk/types/hex.ts";
import type { Signed } from "../ledger.ts";
import { Violation } from "../violation.ts";

/** Stands between an agent's signers and their scheme: no signature is made before the guard's row is on disk. */
export class GuardedSigning {
  readonly #identity: Omit<SigningContext, "slot">;
  readonly #report: (violation: Violation) => void;
  readonly #asked = new Set<Signed>();
  #guard: Pick<SigningGuard, "find"> | undefined;

  constructor(identity: Omit<SigningContext, "slot">, report: (violation: Violation) => void) {
    this.#identity = identity;
    this.#report = report;
  }

  /** The same scheme; what it signs is compared with the guard's rows. */
  scheme(real: SignatureScheme): SignatureScheme {
    return {
      ...real,
      sign: (message, secretKey) => {
        this.#check(message);
        return real.sign(message, secretKey);
      },
    };
  }

  /** The same signer, behind this guard; `onAsked` sees what it is asked for. */
  signer(real: ValidatorSigner, guard: Pick<SigningGuard, "find">, onAsked: (asked: Signed) => void): ValidatorSigner {
    this.#guard = guard;
    return {
      publicKey: real.publicKey,
      sign: async (kind, slot, digest, sequence = "") => {
        const asked = { validator: real.publicKey, kind, slot, digest, sequence };
        onAsked(asked);
        this.#asked.add(asked);
        try {
          return await real.sign(kind, slot, digest, sequence);
        } finally {
          this.#asked.delete(asked);
        }
      },
    };
  }

  #check(message: Hex): void {
    const isAsked = ({ kind, slot, digest }: Signed): boolean =>
      signingMessage(kind, { ...this.#identity, slot }, digest) === message;
    for (const { validator, kind, slot, digest, sequence } of [...this.#asked].filter(isAsked)) {
      if (this.#guard?.find(validator, kind, slot, sequence)?.digest === digest) return;
    }
    this.#report(new Violation("what is signed is on disk before", message));
  }
}
