import { DEVNET_PARAMETERS } from "../../sdk/types/parameters.ts";
import type { Devnet } from "./devnet.ts";
import { landingOf, type Witnesses } from "./evidence.ts";
import type { Monitor } from "./monitor.ts";
import type { Stage } from "./scenarios/interface.ts";
import type { Moment } from "./timeline.ts";

/** What a scenario can do to a devnet. What it says is printed at once, and kept. */
export function stageOf(
  devnet: Devnet,
  witnesses: Witnesses,
  monitor: Monitor,
  slotStartMs: (slot: number) => number,
  said: Moment[],
): Stage {
  return {
    proposerOf: (slot) => monitor.proposerOf(slot),
    slotStartMs,
    kill: (name) => devnet.killAgent(name),
    restart: (names) => devnet.restartAgents(names),
    direct: (name, direction) => devnet.directAgent(name, direction),
    forge: (slot) => devnet.forge(slot),
    separate: (areApart) => devnet.links.separate(areApart),
    heal: () => devnet.links.heal(),
    reorganizeL1: (depth, keeps) => devnet.reorganizeL1(depth, keeps),
    landingOf: (slot) => landingOf(witnesses, slot, DEVNET_PARAMETERS.l1SlotSeconds),
    say(what) {
      said.push({ atMs: Date.now(), what });
      console.log(what);
    },
  };
}
