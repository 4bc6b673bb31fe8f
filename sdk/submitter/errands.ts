import { getBond, getCredit } from "../get/bonds.ts";
import type { RollupConfig } from "../get/config.ts";
import type { RollupRef } from "../get/view.ts";
import { SubmitError } from "../submit/errors.ts";
import { marketCost } from "../submit/fees.ts";
import type { JournalState } from "../submit/journal/state.ts";
import type { StepOutcome } from "../submit/outcome.ts";
import type { Market } from "../submit/types.ts";
import type { Hex } from "../types/hex.ts";
import { type ErrandRequest, errandAmount, errandRequest, simulateErrand } from "./errandRequest.ts";
import { costOf } from "./ledger/costs.ts";
import type { Ledger } from "./ledger/interface.ts";

export interface ErrandParts {
  ref: RollupRef;
  config: RollupConfig;
  account: Hex;
  recipient: Hex;
  /** Bond the account if it is not bonded. */
  bond: boolean;
  ledger: Ledger;
}

/** What is to be done when there is nothing to land: bonding first, then claiming what was earned. */
export class Errands {
  readonly #parts: ErrandParts;
  /** The one under way: it is followed until it is final. */
  #current: ErrandRequest | undefined;

  constructor(parts: ErrandParts) {
    this.#parts = parts;
  }

  /**
   * The errand that is due, or under way; undefined for none.
   * @throws what the provider throws, and an error in words when a bond is wanted that is being released.
   */
  async due(market: Market, journal: JournalState): Promise<ErrandRequest | undefined> {
    this.#current ??= (await this.#bond()) ?? (await this.#claim(market, journal));
    return this.#current;
  }

  /** Books an errand that is done. */
  async book(request: ErrandRequest, outcome: StepOutcome): Promise<void> {
    if (outcome.status !== "stopped") return;
    this.#current = undefined;
    if (outcome.landing === undefined) return;
    const { ref, ledger } = this.#parts;
    const { mined } = outcome.landing;
    const { hash, gasUsed } = mined;
    const receipt = await ref.provider.getTransactionReceipt(hash);
    const amountWei = errandAmount(receipt?.logs ?? []);
    const { purpose } = request;
    ledger.append({ type: "errand", purpose, hash, gasUsed, costWei: costOf(mined, 0), amountWei });
  }

  async #bond(): Promise<ErrandRequest | undefined> {
    const { ref, config, account, bond, ledger } = this.#parts;
    if (!bond) return undefined;
    const { active, amountWei, releaseAtSec } = await getBond(ref, account);
    if (releaseAtSec > 0) {
      throw new SubmitError(
        "bond-releasing",
        `${account}: expected no bond that is being released, found one until ${releaseAtSec}: withdraw it first.`,
      );
    }
    if (active) return undefined;
    return errandRequest(ref.rollup, "bond", config.bondWei - amountWei, ledger.state.totals.bonds);
  }

  /** A claim is due once the credit is worth more than its gas. */
  async #claim(market: Market, journal: JournalState): Promise<ErrandRequest | undefined> {
    const { ref, account, recipient, ledger } = this.#parts;
    if (recipient !== account) return undefined;
    const creditWei = await getCredit(ref, account);
    const request = errandRequest(ref.rollup, "claim", creditWei, ledger.state.totals.claims);
    // Sent before a restart.
    if (journal.records.some(({ attempts }) => attempts.some(({ content }) => content === request.content))) {
      return request;
    }
    if (creditWei === 0n) return undefined;
    const simulated = await simulateErrand(ref.provider, request, account);
    if (simulated.verdict !== "ok") return undefined;
    const costWei = marketCost(market, { gasEstimate: simulated.gas, blobCount: 0 });
    return creditWei > costWei ? { ...request, gasEstimate: simulated.gas } : undefined;
  }
}
