import type { Publishing } from "../../sdk/agent/pipeline/publisher.ts";
import type { Directions } from "./directions.ts";

/** The real publisher, but for the checkpoints it was told to hold, or to land against its successor. */
export function directedPublisher(real: Publishing, directions: Directions): Publishing {
  return {
    tick(state, moment, isProposer) {
      const oldest = state.unsubmitted[0];
      if (oldest === undefined) return real.tick(state, moment, isProposer);
      const held = directions.of("hold-checkpoint", oldest.slot);
      if (held !== undefined && held.untilMs === undefined) return;
      const race = directions.of("race-successor", oldest.slot);
      const sinceMs = held?.untilMs ?? race?.fromMs ?? 0;
      // Not its turn, it thinks; what it prepares for its turn is ready.
      if (moment.nowMs < sinceMs) return real.tick(state, moment, () => false);
      if (race === undefined) return real.tick(state, moment, isProposer);
      // As if it were the successor, and had no checkpoint of its own to land with it.
      real.tick({ ...state, unsubmitted: [oldest] }, moment, () => true);
    },
    stop: () => real.stop(),
  };
}
