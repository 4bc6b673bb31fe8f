import type { Provider } from "ethers";
import { buildEvidence, buildSlashCalldata } from "../../build/evidence.ts";
import { decodeContractError } from "../../errors/decode.ts";
import { submitRequest } from "../../submit/content.ts";
import type { SubmitRequest } from "../../submit/types.ts";
import type { Hex } from "../../types/hex.ts";
import type { Equivocation } from "../types/messages.ts";
import type { EvidenceBook } from "./evidence.ts";

export interface InformerParts {
  provider: Provider;
  rollup: Hex;
  evidence: Pick<EvidenceBook, "pairs" | "close">;
  /** Who would send the evidence. */
  account: Hex;
}

/**
 * Brings to L1 what shows that a validator signed two things for one slot. The proposer of each slot does, as long as
 * L1 takes it: what L1 refuses, because somebody was faster or it is too old, is not looked at again.
 */
export class Informer {
  readonly #parts: InformerParts;

  constructor(parts: InformerParts) {
    this.#parts = parts;
  }

  /** The evidence to send, if it is this agent's turn. @throws what the provider throws. */
  async request(isProposer: boolean): Promise<SubmitRequest | undefined> {
    const { evidence } = this.#parts;
    if (!isProposer) return undefined;
    for (const pair of evidence.pairs) {
      if (pair.isOver) continue;
      const request = await this.#request(pair);
      if (request !== undefined) return request;
      await evidence.close(pair);
    }
    return undefined;
  }

  async #request(pair: Equivocation): Promise<SubmitRequest | undefined> {
    const { provider, rollup, account } = this.#parts;
    const data = buildSlashCalldata(buildEvidence(pair.first, pair.second));
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
}
