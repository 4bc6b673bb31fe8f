import { type JsonRpcApiProvider, Wallet } from "ethers";
import type { Journal } from "../../submit/journal/interface.ts";
import { landedOn } from "../../submit/landings.ts";
import { SubmissionManager } from "../../submit/manager.ts";
import { DEFAULT_POLICY, type SubmitPolicy } from "../../submit/policy.ts";
import type { Simulate } from "../../submit/simulation.ts";
import type { Hex } from "../../types/hex.ts";
import type { AgentConfig } from "../config/interface.ts";
import type { L1Views } from "../l1/endpoints/interface.ts";
import { SubmissionAccounts } from "../pipeline/accounts.ts";
import { Funding } from "../pipeline/funding.ts";
import type { AgentRequest } from "../pipeline/requests.ts";
import type { Logger } from "../types/logger.ts";

export interface AccountSurroundings {
  l1: JsonRpcApiProvider & L1Views;
  rollup: Hex;
  policy: SubmitPolicy;
  simulate: Simulate<AgentRequest>;
  openJournal: (account: Hex) => Journal;
  maxBlobsPerCheckpoint: number;
  log: Logger;
}

/** How the agent's accounts bid on L1. */
export const policyOf = (l1: AgentConfig["l1"], l1SlotSeconds: number): SubmitPolicy => ({
  ...DEFAULT_POLICY,
  l1SlotSeconds,
  caps: {
    ...DEFAULT_POLICY.caps,
    maxFeePerGasWei: l1.maxFeePerGasWei,
    maxFeePerBlobGasWei: l1.maxFeePerBlobGasWei,
  },
  blobWrapperVersion: l1.blobWrapperVersion,
});

/** Addresses of the configured accounts, in their order. */
export const addressesOf = ({ accountKeys }: AgentConfig["l1"]): Hex[] =>
  accountKeys.map((key) => new Wallet(key).address.toLowerCase() as Hex);

/**
 * Opens a journal for each L1 account, and what sends from all of them.
 * @throws SubmitError if a journal cannot be opened; those opened before are closed again.
 */
export async function openAccounts(
  { accountKeys, warnBelowLandings }: AgentConfig["l1"],
  around: AccountSurroundings,
): Promise<{ accounts: SubmissionAccounts; funding: Funding }> {
  const { l1, rollup, policy, simulate, openJournal, maxBlobsPerCheckpoint, log } = around;
  const journals: Journal[] = [];
  try {
    const managers: SubmissionManager<AgentRequest>[] = [];
    for (const key of accountKeys) {
      const signer = new Wallet(key, l1);
      const journal = openJournal(signer.address.toLowerCase() as Hex);
      journals.push(journal);
      managers.push(
        await SubmissionManager.create<AgentRequest>(policy, {
          provider: l1,
          signer,
          journal,
          simulate,
          landed: landedOn(rollup),
          view: (read) => l1.view(read),
        }),
      );
    }
    const funding = new Funding({
      provider: l1,
      rollup,
      accounts: managers.map(({ account }) => account),
      policy,
      maxBlobsPerCheckpoint,
      warnBelowLandings,
      log,
    });
    return { accounts: new SubmissionAccounts({ managers, funding, policy, log }), funding };
  } catch (error) {
    for (const journal of journals) journal.close();
    throw error;
  }
}
