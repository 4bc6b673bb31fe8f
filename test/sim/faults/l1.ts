import { readTransaction } from "../../../deploy/devnet/l1/pool.ts";
import type { L1Accounts } from "../accounts.ts";
import type { Chance } from "../chance.ts";
import { behindPort } from "../forbidden.ts";
import type { SimulatedL1 } from "../l1/chain.ts";
import { illNode, STALL_MS } from "../l1/ills.ts";
import type { L1Request } from "../l1/provider.ts";
import type { Life } from "../life.ts";
import type { EventLoop } from "../loop.ts";
import type { Setting } from "../setting.ts";
import type { Trace } from "../trace.ts";
import type { Sent, Witnesses } from "../witness.ts";
import { type FaultPlan, isWithin } from "./plan.ts";

const SEND = "eth_sendRawTransaction";

/** What a call says when there is no L1 node. */
const L1_AWAY = "connect ECONNREFUSED";

/** L1 and all that its faults are made of. */
export interface L1Surroundings {
  setting: Setting;
  loop: EventLoop;
  l1: SimulatedL1;
  trace: Trace;
  chance: Chance;
  plan: FaultPlan;
  accounts: L1Accounts;
  witnesses: Witnesses;
}

/** An agent's way to L1: through a node that may be silent, forget what it was given, or be ill. */
export function l1RequestOf(around: L1Surroundings, { agent, node }: L1Way, life: Life): L1Request {
  const { loop, l1, plan, chance, trace, setting, witnesses } = around;
  const outages = plan.outages.filter((outage) => outage.agent === agent);
  const isWatched = agent !== plan.villain?.agent;
  const sentBy = async (raw: string): Promise<Sent & { hash: string }> => {
    const { hash, from, nonce, data } = behindPort(() => readTransaction(raw));
    return { hash, agent, from, nonce, data, latestNonces: await noncesOf(around, agent) };
  };
  const tell = async (raw: string): Promise<void> => {
    const sent = await sentBy(raw);
    if (isWatched) witnesses.onSend(sent);
  };
  const late: L1Request = async (method, params) => {
    const nowMs = loop.nowMs();
    if (isWithin(outages, nowMs)) throw new Error(L1_AWAY);
    if (method !== SEND) return l1.request(method, params);
    const sent = await sentBy(params[0] as string);
    const drop = plan.drops.find((window) => isWithin([window], nowMs));
    const isDropped = drop !== undefined && chance.hits(drop.probability);
    trace.add(nowMs, "L1", `${isDropped ? "forgets" : "takes"} ${sent.hash.slice(0, 10)} of agent-${agent}`);
    if (!isDropped) await l1.request(method, params);
    if (isWatched) witnesses.onTaken(sent);
    return sent.hash;
  };
  const sound: L1Request = async (method, params) => {
    if (method === SEND && !isWithin(outages, loop.nowMs())) await tell(params[0] as string);
    return late(method, params);
  };
  const ills = plan.ills
    .filter((ill) => ill.agent === agent && ill.node === node)
    .map((window) => ({ window, request: illNode(sound, window, chance) }));
  const call = (request: () => Promise<unknown>): Promise<unknown> => life.call(request, setting.delays.l1Call);
  return async (method, params) => {
    const ill = ills.find(({ window }) => isWithin([window], loop.nowMs()));
    if (ill?.window.ill !== "stalls") return call(() => (ill?.request ?? sound)(method, params));
    // What an agent sends, it sends now, whenever the node gets round to it.
    if (method === SEND) await call(() => tell(params[0] as string));
    await life.clock.sleepUntil(life.clock.nowMs() + STALL_MS);
    return call(() => late(method, params));
  };
}

async function noncesOf({ l1, accounts }: L1Surroundings, agent: number): Promise<ReadonlyMap<string, number>> {
  const counted = accounts.addressesOf(agent).map(async (address): Promise<[string, number]> => {
    return [address, Number(await l1.request("eth_getTransactionCount", [address, "latest"]))];
  });
  return new Map(await Promise.all(counted));
}

/** Which agent's node it is. */
export interface L1Way {
  agent: number;
  node: number;
}

/** Makes L1's blocks on the slots' boundaries, but for those missed, and lets some of them go again. */
export function runL1(around: L1Surroundings, untilMs: number, afterChange: () => Promise<void>): void {
  const { loop, l1, plan, chance, trace, setting, accounts } = around;
  const stepMs = setting.parameters.l1SlotSeconds * 1000;
  const reorgs = [...plan.reorgs];
  const at = (timeMs: number): void => {
    if (timeMs >= untilMs) return;
    if (setting.delays.l1LeadMs > 0) loop.at(timeMs - setting.delays.l1LeadMs, () => l1.closeBlock());
    loop.at(timeMs, async () => {
      const reorg = reorgs[0];
      if (reorg !== undefined && reorg.fromMs <= timeMs) {
        reorgs.shift();
        const gone = await l1.reorganize(reorg.depth, () => chance.hits(reorg.keepProbability));
        trace.add(timeMs, "L1", `reorg: the blocks of ${gone} slots went, head ${await l1.describeHead()}`);
        await afterChange();
      }
      for (const [address, balanceWei] of accounts.balancesAt(timeMs)) await l1.setBalance(address, balanceWei);
      if (isWithin(plan.missed, timeMs)) trace.add(timeMs, "L1", "misses a slot");
      else {
        await l1.mineAt(timeMs / 1000, {
          feesRise: isWithin(plan.feesRise, timeMs),
          isEmpty: isWithin(plan.empty, timeMs),
        });
        trace.add(timeMs, "L1", `block ${await l1.describeHead()}`);
        await afterChange();
      }
      at(timeMs + stepMs);
    });
  };
  at(Math.ceil(loop.nowMs() / stepMs) * stepMs);
}
