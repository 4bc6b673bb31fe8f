import type { Scheme } from "./interface.ts";
import type { Villain } from "./villain.ts";

/** What it sends reaches L1 around the end of the slot: for its last block, or in the middle of its rescue. */
export function lastSecond(villain: Villain): Scheme {
  const { loop, startOf, setting } = villain.haunts;
  return {
    sends() {
      const slotMs = setting.parameters.slotSeconds * 1000;
      const nowMs = loop.nowMs();
      const endMs = startOf(Math.floor((nowMs - startOf(0)) / slotMs) + 1);
      return [Math.max(nowMs, endMs + villain.chance.between(-2_500, 500))];
    },
  };
}

export function doubleSends(villain: Villain): Scheme {
  const { loop } = villain.haunts;
  return { sends: () => [loop.nowMs(), loop.nowMs() + villain.chance.between(0, 5_000)] };
}
