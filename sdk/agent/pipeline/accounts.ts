import { bid, GAS_PER_BLOB } from "../../submit/fees.ts";
import type { JournalState, NonceRecord } from "../../submit/journal/state.ts";
import type { SubmissionManager } from "../../submit/manager.ts";
import type { StepOutcome } from "../../submit/outcome.ts";
import type { SubmitPolicy } from "../../submit/policy.ts";
import type { Market } from "../../submit/types.ts";
import type { Hex } from "../../types/hex.ts";
import { chooseAccount, type UpfrontWei } from "../chain/accounts.ts";
import { sentTogether } from "../chain/carriers.ts";
import type { Logger } from "../types/logger.ts";
import { BONDED_LANDING_GAS, type Funding, LANDING_GAS } from "./funding.ts";
import type { AgentRequest } from "./requests.ts";

/** One account's manager, as far as the accounts use it. */
export type AccountManager = Pick<SubmissionManager<AgentRequest>, "account" | "step" | "history" | "close">;

export interface AccountsParts {
  /** At least one, in the operator's order, each with a journal of its own. */
  managers: readonly AccountManager[];
  funding: Pick<Funding, "look" | "lookNowAndThen">;
  policy: SubmitPolicy;
  log: Logger;
}

/**
 * The agent's L1 accounts, as if they were one: a request goes by the account that `chooseAccount` names, and what the
 * others have on its way is followed. Which account carries what stands in their journals, so it is known after a restart.
 */
export class SubmissionAccounts {
  readonly #parts: AccountsParts;

  constructor(parts: AccountsParts) {
    if (parts.managers.length === 0) throw new RangeError("expected one L1 account or more, got none");
    this.#parts = parts;
  }

  /** All that any of them did. */
  get history(): JournalState {
    return { records: this.#parts.managers.flatMap(({ history }) => history.records) };
  }

  /** What one of them did. */
  historyOf(account: Hex): JournalState {
    return this.#of(account).history;
  }

  /** How many of some checkpoints, by digest and oldest first, the next transaction may carry: one at least. */
  together(checkpoints: readonly Hex[]): number {
    return sentTogether(
      this.#parts.managers.map(({ history }) => history),
      checkpoints,
    );
  }

  /** As `SubmissionManager.step`, for all accounts. */
  async step(nowSec: number, request?: AgentRequest): Promise<StepOutcome> {
    const { managers, funding } = this.#parts;
    let chosen: AccountManager | undefined;
    try {
      chosen = request && (await this.#choose(nowSec, request));
    } catch (error) {
      return { status: "waiting", reason: "l1-unreachable", detail: (error as Error).message };
    }
    // What is to be sent goes first; that another account is free again may be known an L1 block later.
    const outcome = await chosen?.step(nowSec, request);
    const others = managers.filter((one) => one !== chosen && one.history.records.some(isUndecided));
    const followed = await Promise.all(others.map((one) => one.step(nowSec)));
    // Nothing waits for it, and it says by itself what there is to say.
    void funding.lookNowAndThen(nowSec);
    return outcome ?? followed.find(({ status }) => status === "waiting") ?? { status: "stopped", reason: "idle" };
  }

  /** Lets the running steps end, then closes the journals. */
  async close(): Promise<void> {
    await Promise.all(this.#parts.managers.map((manager) => manager.close()));
  }

  async #choose(nowSec: number, request: AgentRequest): Promise<AccountManager> {
    const { managers, funding, policy, log } = this.#parts;
    const [first] = managers as [AccountManager];
    if ("from" in request) return this.#of(request.from);
    if (managers.length === 1) return first;
    const { accounts, market } = await funding.look(nowSec);
    const views = accounts.map((funds) => ({ ...funds, journal: this.#of(funds.account).history }));
    const choice = chooseAccount(views, request, upfrontOf(request, market, policy), nowSec);
    log.debug({ ...choice, checkpoints: request.checkpoints.length }, "L1 account chosen");
    return this.#of(choice.account);
  }

  #of(account: Hex): AccountManager {
    const found = this.#parts.managers.find((manager) => manager.account === account);
    if (found === undefined) throw new RangeError(`${account} is none of the agent's L1 accounts`);
    return found;
  }
}

/** L1 may still take it, or take it back. */
const isUndecided = ({ closed }: NonceRecord): boolean => closed === undefined;

/** What the first bid takes from an account at most: nodes refuse who does not own that, whatever the block's price. */
function upfrontOf(request: AgentRequest, market: Market, policy: SubmitPolicy): UpfrontWei {
  const fees = bid(market, request, policy.headroomBlocks, policy);
  const blobsWei = BigInt(request.blobCount) * GAS_PER_BLOB * (fees.maxFeePerBlobGasWei ?? 0n);
  // An unbonded account pays for the verification of what it lands.
  const verification = request.checkpoints.length === 0 ? 0n : LANDING_GAS - BONDED_LANDING_GAS;
  return (bonded) =>
    (request.gasEstimate + (bonded ? 0n : verification)) * fees.maxFeePerGasWei + blobsWei + request.valueWei;
}
