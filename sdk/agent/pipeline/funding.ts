import type { Provider } from "ethers";
import { getBond } from "../../get/bonds.ts";
import { marketCost } from "../../submit/fees.ts";
import { readPrices } from "../../submit/network.ts";
import type { SubmitPolicy } from "../../submit/policy.ts";
import type { Market } from "../../submit/types.ts";
import type { Hex } from "../../types/hex.ts";
import { landingsLeft } from "../chain/accounts.ts";
import type { Logger } from "../types/logger.ts";

/** Gas of landing one checkpoint whose signature L1 verifies, and some to spare. */
export const LANDING_GAS = 250_000n;
/** The same of a bonded account. */
export const BONDED_LANDING_GAS = 60_000n;

/** What an account has. */
export interface Funds {
  account: Hex;
  balanceWei: bigint;
  bonded: boolean;
}

/** Money and prices at one look. */
export interface FundingView {
  accounts: Funds[];
  market: Market;
  /** Landings that the accounts pay for at these prices, blobs and all. */
  landingsLeft: number;
}

export interface FundingParts {
  provider: Provider;
  rollup: Hex;
  accounts: readonly Hex[];
  policy: SubmitPolicy;
  maxBlobsPerCheckpoint: number;
  /** Fewer landings than this are too few. */
  warnBelowLandings: number;
  log: Logger;
}

/** Watches what the accounts can still pay for, and says when it is little. */
export class Funding {
  readonly #parts: FundingParts;
  #last: FundingView | undefined;
  #lastSec = Number.NEGATIVE_INFINITY;
  #isLow = false;

  constructor(parts: FundingParts) {
    this.#parts = parts;
  }

  /** As of the last look; undefined before the first. */
  get last(): FundingView | undefined {
    return this.#last;
  }

  /** Looks now. @throws what the provider throws when L1 cannot be asked. */
  async look(nowSec: number): Promise<FundingView> {
    const { provider, rollup, policy, accounts, maxBlobsPerCheckpoint: blobCount } = this.#parts;
    const [market, ...funds] = await Promise.all([
      readPrices(provider, this.#last?.market ?? policy.fallback),
      ...accounts.map(async (account): Promise<Funds> => {
        const [balanceWei, { active }] = await Promise.all([
          provider.getBalance(account),
          getBond({ provider, rollup }, account),
        ]);
        return { account, balanceWei, bonded: active };
      }),
    ]);
    const left = funds.map(({ balanceWei, bonded }) => {
      const gasEstimate = bonded ? BONDED_LANDING_GAS : LANDING_GAS;
      return landingsLeft(balanceWei, marketCost(market, { gasEstimate, blobCount }));
    });
    const view = { accounts: funds, market, landingsLeft: left.reduce((sum, one) => sum + one, 0) };
    this.#last = view;
    this.#lastSec = nowSec;
    this.#warn(view);
    return view;
  }

  /** Looks if the last look is old. Never rejects: trouble with L1 is left to whoever has something to send. */
  async lookNowAndThen(nowSec: number): Promise<void> {
    const { policy, log } = this.#parts;
    if (nowSec - this.#lastSec < LOOK_EVERY_BLOCKS * policy.l1SlotSeconds) return;
    this.#lastSec = nowSec;
    await this.look(nowSec).catch((error: unknown) => {
      log.debug({ error: String(error) }, "the accounts' balances could not be read");
    });
  }

  /** Said once when it becomes little, and once when it is enough again. */
  #warn({ landingsLeft: left, accounts }: FundingView): void {
    const { warnBelowLandings, log } = this.#parts;
    const isLow = left < warnBelowLandings;
    if (isLow === this.#isLow) return;
    this.#isLow = isLow;
    const fields = {
      landingsLeft: left,
      accounts: accounts.map(({ account, balanceWei }) => ({ account, balanceWei })),
    };
    if (isLow) log.warn(fields, "the L1 accounts pay for few landings more: send them money");
    else log.info(fields, "the L1 accounts are funded again");
  }
}

/** L1 blocks between two looks when nothing is to be sent. */
const LOOK_EVERY_BLOCKS = 5;
