import { type Block, formatEther, type JsonRpcApiProvider } from "ethers";
import { getConfig, type RollupConfig } from "../../../get/config.ts";
import type { Hex } from "../../../types/hex.ts";
import type { AgentConfig, Deployment } from "../../config/interface.ts";
import { assertChainId, assertForcedFits, assertWindows, parametersOf } from "../../config/parameters.ts";
import { Funding, type Funds } from "../../pipeline/funding.ts";
import type { Clock } from "../../time/interface.ts";
import { policyOf } from "../accounts.ts";
import { l1Endpoints } from "../l1.ts";
import { SILENT } from "../silent.ts";
import { accountOf } from "./files.ts";
import { type Finding, fail, failed, ok, warn } from "./finding.ts";
import { examineNodes } from "./l1-nodes.ts";

/** So many that nobody counts them. */
const PLENTY_OF_LANDINGS = 1_000_000;
/** L1 slots without a block before the L1 node counts as behind. */
const MANY_MISSED_SLOTS = 4;

/** Whether L1 is there, is the chain and has the rollup that are configured, and whether the agent could land on it. */
export async function examineL1(config: AgentConfig, deployment: Deployment, clock: Clock): Promise<Finding[]> {
  const nodes = await examineNodes(config, deployment, clock);
  if (nodes.some(({ result }) => result === "fail")) return nodes;
  const l1 = l1Endpoints(config.l1, deployment, { clock, log: SILENT });
  try {
    return [...nodes, ...(await examine(l1, config, deployment, clock))];
  } finally {
    l1.destroy();
  }
}

async function examine(
  l1: JsonRpcApiProvider,
  config: AgentConfig,
  deployment: Deployment,
  clock: Clock,
): Promise<Finding[]> {
  const findings: Finding[] = [];
  let [check, remedy] = ["rollup", "l1.deploymentFile, l2 and timing must be what the rollup's other agents have"];
  try {
    const rollup = await getConfig({ provider: l1, rollup: deployment.rollup });
    assertChainId("L2", config.l2.chainId, rollup.l2ChainId);
    assertForcedFits(rollup, config.l2.gasLimit);
    assertWindows(parametersOf(rollup, config.timing));
    findings.push(
      ok(check, `${deployment.rollup} has slots of ${rollup.slotSeconds} s for L2 chain ${rollup.l2ChainId}`),
    );
    [check, remedy] = ["L1 head", "Wait until that node has synced, or name another in l1.rpcUrls"];
    const head = await l1.getBlock("latest");
    if (head === null) throw new Error("expected a latest block, got none");
    findings.push(clockFinding(clock.nowMs(), head.timestamp, rollup.l1SlotSeconds, config.timing.clockDisparityMs));
    findings.push(blobFinding(head));
    [check, remedy] = ["account", "See whether that node is well, or name another in l1.rpcUrls"];
    findings.push(...(await examineAccounts(l1, config, deployment.rollup, rollup)));
  } catch (error) {
    findings.push(failed(check, error, remedy));
  }
  return findings;
}

/** An L1 block is never there before its own time; one that is old says that the node is behind, or this clock ahead. */
export function clockFinding(nowMs: number, headTime: number, l1SlotSeconds: number, disparityMs: number): Finding {
  const ageMs = nowMs - headTime * 1000;
  if (ageMs < -disparityMs) {
    const text = `L1's latest block is ${-ageMs} ms in the future, ${disparityMs} ms are allowed`;
    return fail("clock", text, "Set this machine's clock by NTP");
  }
  const text = `L1's latest block is ${Math.max(0, ageMs)} ms old`;
  if (ageMs <= MANY_MISSED_SLOTS * l1SlotSeconds * 1000) return ok("clock", text);
  return warn("clock", text, "Wait until the L1 node has synced; if it has, set this machine's clock by NTP");
}

/** A block from before Cancun has no price for blobs. */
export function blobFinding({ excessBlobGas, number }: Pick<Block, "excessBlobGas" | "number">): Finding {
  if (excessBlobGas === null) {
    return fail("blobs", `L1's block ${number} has no room for blobs`, "Use an L1 from Cancun on");
  }
  return ok("blobs", `L1's block ${number} has a price for them`);
}

async function examineAccounts(
  l1: JsonRpcApiProvider,
  { l1: config }: AgentConfig,
  rollup: Hex,
  { maxBlobsPerCheckpoint, l1SlotSeconds }: RollupConfig,
): Promise<Finding[]> {
  const { warnBelowLandings } = config;
  if (config.accountKeys.length === 0) return [ok("account", "none is configured: this agent lands nothing")];
  // What is no key has no account; that it is none is said where the keys are examined.
  const accounts = config.accountKeys.map(accountOf).filter((account) => account !== undefined);
  if (accounts.length === 0) return [];
  const policy = policyOf(config, l1SlotSeconds);
  const parts = { provider: l1, rollup, accounts, policy, maxBlobsPerCheckpoint, warnBelowLandings, log: SILENT };
  const view = await new Funding(parts).look(0);
  return [fundingFinding(view.accounts, view.landingsLeft, warnBelowLandings)];
}

/** What the accounts own against what landings cost. */
export function fundingFinding(accounts: readonly Funds[], landings: number, warnBelowLandings: number): Finding {
  const each = accounts.map(
    ({ account, balanceWei, bonded }) =>
      `${account} owns ${formatEther(balanceWei)} ether and is ${bonded ? "" : "not "}bonded`,
  );
  const isRich = landings > PLENTY_OF_LANDINGS;
  const text = `${each.join("; ")}: ${isRich ? `over ${PLENTY_OF_LANDINGS}` : landings} landings at today's prices`;
  if (landings >= Math.max(1, warnBelowLandings)) return ok("account", text);
  const remedy = `Send it what ${warnBelowLandings} landings cost`;
  return landings === 0 ? fail("account", text, remedy) : warn("account", text, remedy);
}
