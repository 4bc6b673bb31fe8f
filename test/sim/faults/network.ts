import type { World } from "../world.ts";
import type { FaultPlan } from "./plan.ts";

/** Lets the network be as bad as planned. */
export function disturbNetwork({ loop, hub, trace, agents, setting }: World, plan: FaultPlan): void {
  const at = (timeMs: number, what: string, change: () => void): void => {
    loop.at(timeMs, () => {
      change();
      trace.add(loop.nowMs(), "network", what);
    });
  };
  for (const { fromMs, toMs, model } of plan.links) {
    at(fromMs, `is bad: ${JSON.stringify(model)}`, () => hub.setLink(model));
    at(toMs, "is good", () => hub.setLink(setting.delays.link));
  }
  for (const { fromMs, toMs, apart } of plan.partitions) {
    const others = agents.map(({ name }) => name).filter((name) => !apart.includes(name));
    at(fromMs, `is parted: ${apart.join()} from ${others.join()}`, () => hub.partition(apart, others));
    at(toMs, "is whole", () => hub.heal());
  }
}
