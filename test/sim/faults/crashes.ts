import type { World } from "../world.ts";
import type { FaultPlan } from "./plan.ts";

/** Starts every agent, ends some of them as a power cut would, and starts them again. */
export function startAndCrash(
  { loop, agents }: World,
  { crashes, skewsMs }: FaultPlan,
  onFailure: (error: unknown) => void,
): void {
  // Not awaited: a start takes time, and time stands still while an event is waited for.
  const start = (index: number): void => {
    agents[index]?.start(skewsMs[index] ?? 0).catch(onFailure);
  };
  for (const index of agents.keys()) loop.at(loop.nowMs(), () => start(index));
  for (const { fromMs, toMs, agent } of crashes) {
    loop.at(fromMs, () => agents[agent]?.crash());
    loop.at(toMs, () => start(agent));
  }
}
