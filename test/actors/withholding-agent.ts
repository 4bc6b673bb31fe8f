import { runCli } from "../../sdk/agent/cli.ts";
import type { Publishing } from "../../sdk/agent/pipeline/publisher.ts";

/** Set by whoever starts this actor: it keeps back its first own checkpoint from this slot on whose successor is another. */
const FROM_SLOT = Number(process.env.WITHHOLD_FROM_SLOT ?? 3);
/** Or, if this is set: it keeps back the checkpoint of this slot, whosever it is and whatever its own part would be. */
const { WITHHOLD_SLOT } = process.env;

/**
 * An agent that once gossips its checkpoint, gathers the attestations and then never sends it to L1. Everything else
 * it does is what the real agent does: only its publisher is told to look away while that checkpoint is its to land.
 */
function withholding(real: Publishing): Publishing {
  let withheld = WITHHOLD_SLOT === undefined ? undefined : Number(WITHHOLD_SLOT);
  let told = false;
  return {
    tick(state, moment, isProposer) {
      const oldest = state.unsubmitted[0];
      const slot = oldest?.slot;
      if (withheld === undefined && slot !== undefined && slot >= FROM_SLOT) {
        if (isProposer(slot) && !isProposer(slot + 1) && oldest?.proposed !== undefined) withheld = slot;
      }
      if (slot !== undefined && slot === withheld) {
        if (!told && isProposer(slot)) process.send?.({ type: "withholding", slot });
        told = true;
        return;
      }
      real.tick(state, moment, isProposer);
    },
    stop: () => real.stop(),
  };
}

await runCli(process.argv, { publisher: withholding });
