import { join } from "node:path";
import { formatEther, Wallet } from "ethers";
import { getCredit } from "../../get/bonds.ts";
import { getConfig } from "../../get/config.ts";
import { marketCost } from "../../submit/fees.ts";
import { openJournal } from "../../submit/journal/file.ts";
import { SubmissionManager } from "../../submit/manager.ts";
import { readPrices } from "../../submit/network.ts";
import type { SubmitPolicy } from "../../submit/policy.ts";
import { waitForLanding } from "../../submit/wait.ts";
import type { Hex } from "../../types/hex.ts";
import { l1Steps } from "../commands/l1-steps.ts";
import type { AgentConfig, Deployment } from "../config/interface.ts";
import { loadConfig, loadDeployment } from "../config/load.ts";
import type { L1Endpoints } from "../l1/endpoints/endpoints.ts";
import { claimRequest } from "../pipeline/claimer.ts";
import { simulateCall } from "../pipeline/simulate-call.ts";
import { SystemClock } from "../time/clock.ts";
import { policyOf } from "./accounts.ts";
import { l1Endpoints } from "./l1.ts";
import { SILENT } from "./silent.ts";

/**
 * Claims what each account was credited, where that is more than its gas, and waits until L1 has it. Resolves with
 * whether none failed. Rejects with ConfigError, with SubmitError "journal-locked" if the agent runs, with the signal's
 * reason, and with what is thrown when L1 cannot be asked.
 */
export async function runClaim(
  configFile: string,
  print: (line: string) => void,
  signal: AbortSignal,
): Promise<boolean> {
  const clock = new SystemClock();
  const config = await loadConfig(configFile);
  const deployment = await loadDeployment(config.l1.deploymentFile);
  const l1 = l1Endpoints(config.l1, deployment, { clock, log: SILENT });
  try {
    const { l1SlotSeconds } = await getConfig({ provider: l1, rollup: deployment.rollup });
    const policy = policyOf(config.l1, l1SlotSeconds);
    const nextStep = l1Steps(l1, clock, l1SlotSeconds, signal);
    let isWell = true;
    for (const key of config.l1.accountKeys) {
      const said = await claim(key, { l1, config, deployment, policy, nextStep, signal });
      print(said.text);
      isWell &&= said.isWell;
    }
    return isWell;
  } finally {
    l1.destroy();
  }
}

interface Surroundings {
  l1: L1Endpoints;
  config: AgentConfig;
  deployment: Deployment;
  policy: SubmitPolicy;
  nextStep: () => Promise<number>;
  signal: AbortSignal;
}

async function claim(key: Hex, around: Surroundings): Promise<{ text: string; isWell: boolean }> {
  const { l1, config, deployment, policy, nextStep, signal } = around;
  const { rollup, chainId } = deployment;
  const signer = new Wallet(key, l1);
  const account = signer.address.toLowerCase() as Hex;
  const [creditWei, market] = await Promise.all([
    getCredit({ provider: l1, rollup }, account),
    readPrices(l1, policy.fallback),
  ]);
  const journal = openJournal({ path: join(config.dataDir, `submissions-${account}.jsonl`), chainId, account });
  const manager = await SubmissionManager.create(policy, {
    provider: l1,
    signer,
    journal,
    simulate: (request, at) => simulateCall(l1, request, at),
    landed: () => [],
    view: (read) => l1.view(read),
  });
  try {
    const request = claimRequest(rollup, account, creditWei, journal.state);
    const costWei = marketCost(market, request);
    const ether = `${formatEther(creditWei)} ether`;
    if (creditWei <= costWei) return { text: `${account}: ${ether} credited, less than claiming costs`, isWell: true };
    const { reason, landing } = await waitForLanding(manager, request, { nextStep, signal });
    return reason === "landed" && landing !== undefined
      ? { text: `${account}: ${ether} claimed by ${landing.mined.hash}`, isWell: true }
      : { text: `${account}: ${ether} credited, and claiming it ended with: ${reason}`, isWell: false };
  } finally {
    await manager.close();
  }
}
