import type { Provider } from "ethers";
import { BlsError } from "../../bls/error.ts";
import type { SignatureScheme } from "../../bls/scheme.ts";
import { buildEvidence, buildSlashCalldata } from "../../build/evidence.ts";
import { signingMessage } from "../../digest/signingMessage.ts";
import { decodeContractError } from "../../errors/decode.ts";
import { submitRequest } from "../../submit/content.ts";
import type { SubmitRequest } from "../../submit/types.ts";
import type { Hex } from "../../types/hex.ts";
import type { ValidatorSets } from "../sets/interface.ts";
import type { Vote } from "../types/messages.ts";
import type { Equivocation } from "./ballots.ts";
import { contextOf, type RollupIdentity } from "./identity.ts";

export interface InformerParts {
  provider: Provider;
  rollup: Hex;
  sets: Pick<ValidatorSets, "setOf">;
  bls: Pick<SignatureScheme, "verify">;
  identity: RollupIdentity;
  /** What was seen, as the attester keeps it. */
  equivocations: () => readonly Equivocation[];
  /** Who would send the evidence. */
  account: Hex;
}

/**
 * Brings to L1 what shows that a validator voted for two things in one slot. The proposer of each slot does, as long as
 * L1 takes it: what L1 refuses, because somebody was faster or it is too old, is not looked at again.
 */
export class Informer {
  readonly #parts: InformerParts;
  readonly #over = new WeakSet<Equivocation>();

  constructor(parts: InformerParts) {
    this.#parts = parts;
  }

  /** The evidence to send, if it is this agent's turn. @throws what the provider throws. */
  async request(isProposer: boolean): Promise<SubmitRequest | undefined> {
    if (!isProposer) return undefined;
    for (const pair of this.#parts.equivocations()) {
      if (this.#over.has(pair)) continue;
      const request = await this.#evidence(pair);
      if (request !== undefined) return request;
      this.#over.add(pair);
    }
    return undefined;
  }

  async #evidence(pair: Equivocation): Promise<SubmitRequest | undefined> {
    const { provider, rollup, account } = this.#parts;
    // Votes are verified as a group, where two can be shifted against each other: each must hold by itself.
    for (const vote of pair) if (!(await this.#holds(vote))) return undefined;
    const data = buildSlashCalldata(buildEvidence(pair[0], pair[1]));
    try {
      const gasEstimate = await provider.estimateGas({ from: account, to: rollup, data });
      return submitRequest({
        to: rollup,
        data,
        checkpoints: [],
        gasEstimate,
        notBeforeSec: 0,
        deadlineSec: Number.MAX_SAFE_INTEGER,
        valueAtStakeWei: undefined,
      });
    } catch (error) {
      if (decodeContractError(error) === undefined) throw error;
      return undefined;
    }
  }

  async #holds({ kind, slot, digest, validatorIndex, signature }: Vote): Promise<boolean> {
    const { sets, bls, identity } = this.#parts;
    const publicKey = (await sets.setOf(slot))?.publicKeys.get(validatorIndex);
    if (publicKey === undefined) return false;
    try {
      return bls.verify(signingMessage(kind, contextOf(identity, slot), digest), signature, publicKey);
    } catch (error) {
      if (error instanceof BlsError) return false;
      throw error;
    }
  }
}
