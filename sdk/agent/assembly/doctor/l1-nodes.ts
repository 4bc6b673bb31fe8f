import type { AgentConfig, Deployment } from "../../config/interface.ts";
import { commonNumber, type Look, standingsOf } from "../../l1/endpoints/compare.ts";
import type { L1Endpoints } from "../../l1/endpoints/endpoints.ts";
import { namesOf } from "../../l1/endpoints/http.ts";
import { type ChainHead, L1EndpointsError } from "../../l1/endpoints/interface.ts";
import type { Clock } from "../../time/interface.ts";
import { l1Endpoints } from "../l1.ts";
import { SILENT } from "../silent.ts";
import { type Finding, fail, ok, warn } from "./finding.ts";

/** Whether each L1 node is there, is of the chain, and has the same chain as the others. */
export async function examineNodes(config: AgentConfig, deployment: Deployment, clock: Clock): Promise<Finding[]> {
  const names = namesOf(config.l1.rpcUrls);
  const nodes = config.l1.rpcUrls.map((url) =>
    l1Endpoints({ ...config.l1, rpcUrls: [url] }, deployment, { clock, log: SILENT }),
  );
  try {
    const heads = await Promise.all(nodes.map(headOf));
    const isEnough = heads.some((head) => !(head instanceof Error));
    const findings = heads.map((head, at) => nodeFinding(names[at] as string, head, deployment.chainId, isEnough));
    return [...findings, ...(await headFindings(nodes, names, heads))];
  } finally {
    for (const node of nodes) node.destroy();
  }
}

async function headOf(node: L1Endpoints): Promise<ChainHead | Error> {
  try {
    return await blockOf(node, "latest");
  } catch (error) {
    return error as Error;
  }
}

async function blockOf(node: L1Endpoints, tag: string): Promise<ChainHead> {
  const block = (await node.send("eth_getBlockByNumber", [tag, false])) as { number: string; hash: string } | null;
  if (block === null) throw new L1EndpointsError("unreachable", `expected block ${tag}, got none`);
  return { number: Number(block.number), hash: block.hash };
}

/** One that cannot be used is no failure as long as another can. */
function nodeFinding(name: string, head: ChainHead | Error, chainId: number, isEnough: boolean): Finding {
  if (!(head instanceof Error)) return ok("L1 node", `${name} answers, chain ${chainId}, head ${head.number}`);
  const complain = isEnough ? warn : fail;
  return head instanceof L1EndpointsError && head.code === "wrong-chain"
    ? complain("L1 chain", head.message, "Name a node of that chain in l1.rpcUrls, or the deployment on this one")
    : complain("L1 node", `${name}: ${head.message}`, "Start that node, or name another in l1.rpcUrls");
}

/** Nodes on another fork than most, or behind. */
async function headFindings(nodes: L1Endpoints[], names: string[], heads: (ChainHead | Error)[]): Promise<Finding[]> {
  const known = heads.map((head) => (head instanceof Error ? undefined : head));
  const common = commonNumber(known);
  if (common === undefined || nodes.length < 2) return [];
  const looks = await Promise.all(
    known.map(async (head, at): Promise<Look | undefined> => {
      if (head === undefined) return undefined;
      if (head.number < common) return { head, hashAtCommon: undefined };
      const there = await blockOf(nodes[at] as L1Endpoints, `0x${common.toString(16)}`).catch(() => undefined);
      return { head, hashAtCommon: there?.hash };
    }),
  );
  return standingsOf(looks, 0).flatMap((standing, at) =>
    standing === "level"
      ? []
      : [warn("L1 head", `${names[at]} is ${standing}`, "See whether that node is well, or name another")],
  );
}
