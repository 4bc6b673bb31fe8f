import type { Provider } from "ethers";
import { buildClaimCalldata } from "../../build/claim.ts";
import { getCredit } from "../../get/bonds.ts";
import { submitRequest } from "../../submit/content.ts";
import { marketCost } from "../../submit/fees.ts";
import type { JournalState } from "../../submit/journal/state.ts";
import { landingOf } from "../../submit/landing.ts";
import type { Market } from "../../submit/types.ts";
import type { Hex } from "../../types/hex.ts";
import type { ClaimRequest } from "./requests.ts";

export interface ClaimerParts {
  provider: Provider;
  rollup: Hex;
  /** Each claims what it was credited itself. */
  accounts: readonly Hex[];
  journalOf: (account: Hex) => JournalState;
  /** L1's prices; undefined while they are not known. */
  market: () => Market | undefined;
  /** A claim is worth it when it pays this many times its gas. */
  factor: number;
}

/** Gas of a claim, rounded up; the limit sent comes from an estimate. */
const CLAIM_GAS = 60_000n;

/** Brings home what settled checkpoints have credited the agent's accounts with, when that pays. */
export class Claimer {
  readonly #parts: ClaimerParts;
  #askedIn: number | undefined;
  #due: ClaimRequest | undefined;

  constructor(parts: ClaimerParts) {
    this.#parts = parts;
  }

  /** The claim to send, if one pays; credits are looked up once a slot. @throws what the provider throws. */
  async request(slot: number): Promise<ClaimRequest | undefined> {
    const market = this.#parts.market();
    if (market === undefined) return undefined;
    if (this.#askedIn !== slot) {
      this.#due = await this.#look(market);
      this.#askedIn = slot;
    }
    return this.#due;
  }

  async #look(market: Market): Promise<ClaimRequest | undefined> {
    const { provider, rollup, accounts, factor, journalOf } = this.#parts;
    const costWei = marketCost(market, { gasEstimate: CLAIM_GAS, blobCount: 0 });
    for (const account of accounts) {
      const creditWei = await getCredit({ provider, rollup }, account);
      if (creditWei >= costWei * BigInt(factor)) return claimRequest(rollup, account, creditWei, journalOf(account));
    }
    return undefined;
  }
}

/** The request for one account's claim. Claims are alike to the byte, and each is to be done: none that is over is taken for this one. */
export function claimRequest(rollup: Hex, from: Hex, creditWei: bigint, journal: JournalState): ClaimRequest {
  for (let occasion = 0; ; occasion++) {
    const request = submitRequest({
      to: rollup,
      data: buildClaimCalldata(),
      checkpoints: [],
      gasEstimate: CLAIM_GAS,
      notBeforeSec: 0,
      deadlineSec: Number.MAX_SAFE_INTEGER,
      valueAtStakeWei: creditWei,
      occasion: `claim ${occasion}`,
    });
    if (landingOf(journal, request)?.final !== true) return { ...request, from };
  }
}
