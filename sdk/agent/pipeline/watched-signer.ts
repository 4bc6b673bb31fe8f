import { GuardError, SignerError, type ValidatorSigner } from "../guard/interface.ts";
import type { PipelineEvents } from "./events.ts";

/** The same signer, whose refusals are told. */
export function watchedSigner(signer: ValidatorSigner, events: Pick<PipelineEvents, "emit">): ValidatorSigner {
  return {
    publicKey: signer.publicKey,
    async sign(kind, slot, digest, sequence) {
      try {
        return await signer.sign(kind, slot, digest, sequence);
      } catch (error) {
        if (error instanceof GuardError || error instanceof SignerError) {
          events.emit({ type: "unsigned", slot, kind, code: error.code });
        }
        throw error;
      }
    },
  };
}
