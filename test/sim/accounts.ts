import { type Account, agentKeys, mnemonicAccount } from "../../deploy/devnet/accounts.ts";
import type { Hex } from "../../sdk/types/hex.ts";
import { type FaultPlan, isWithin } from "./faults/plan.ts";

const ETHER = 10n ** 18n;
/** More and less than what the first account has: whichever has less pays next. */
const RICH_WEI = 1_000_000n * ETHER;
const POOR_WEI = ETHER;

/** Funded on L1, and nobody else's. */
const secondOf = (agent: number): Account => mnemonicAccount(20 + agent);

/** The agents' L1 accounts: some have two, between which money is moved about. */
export class L1Accounts {
  readonly #windows: FaultPlan["secondPays"];
  readonly #two: ReadonlySet<number>;

  constructor({ secondPays }: FaultPlan) {
    this.#windows = secondPays;
    this.#two = new Set(secondPays.map(({ agent }) => agent));
  }

  keysOf(agent: number): Hex[] {
    return [agentKeys(agent).l1Key, ...(this.#two.has(agent) ? [secondOf(agent).key] : [])];
  }

  addressesOf(agent: number): Hex[] {
    return [agentKeys(agent).l1Address, ...(this.#two.has(agent) ? [secondOf(agent).address] : [])];
  }

  /** What each second account has at a time. */
  balancesAt(timeMs: number): [Hex, bigint][] {
    return [...this.#two].map((agent) => {
      const pays = isWithin(
        this.#windows.filter((window) => window.agent === agent),
        timeMs,
      );
      return [secondOf(agent).address, pays ? POOR_WEI : RICH_WEI];
    });
  }
}
