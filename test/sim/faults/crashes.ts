import type { SimulatedAgent } from "../agent.ts";
import type { World } from "../world.ts";
import type { FaultPlan, Window } from "./plan.ts";

/** An agent that cannot read L1 when it starts ends, and whoever looks after it tries again after this long. */
const RETRY_MS = 2_000;

/** Starts every agent, ends some of them as a power cut would, and starts them again. */
export function startAndCrash(
  { loop, agents }: World,
  { crashes, blackouts, skewsMs, outages, ills }: FaultPlan,
  onFailure: (error: unknown) => void,
): void {
  // Not awaited: a start takes time, and time stands still while an event is waited for.
  const start = (index: number): void => {
    const agent = agents[index] as SimulatedAgent;
    const sinceMs = loop.nowMs();
    agent.start(skewsMs[index] ?? 0).catch((error: unknown) => {
      // Its L1 nodes may answer again by the time that it gives up.
      const wasSilent = (one: Window): boolean => one.fromMs <= loop.nowMs() && one.toMs > sinceMs;
      const isForL1 = [...outages, ...ills].some((one) => one.agent === index && wasSilent(one));
      if (!isForL1) return onFailure(error);
      loop.at(loop.nowMs(), () => agent.crash());
      loop.at(loop.nowMs() + RETRY_MS, () => start(index));
    });
  };
  for (const index of agents.keys()) loop.at(loop.nowMs(), () => start(index));
  for (const { fromMs, toMs, agent, at } of crashes) {
    loop.at(fromMs, () => (at === "anywhere" ? agents[agent]?.crash() : agents[agent]?.crashAtNextWrite(at)));
    loop.at(toMs, () => start(agent));
  }
  for (const { fromMs, toMs } of blackouts) {
    for (const index of agents.keys()) {
      loop.at(fromMs, () => agents[index]?.crash());
      loop.at(toMs, () => start(index));
    }
  }
}
