import type { Provider } from "ethers";
import { getProvenNumber } from "../../get/tips.ts";
import type { SubmitRequest } from "../../submit/types.ts";
import type { Hex } from "../../types/hex.ts";
import type { ChainState } from "../chain/state.ts";
import type { Landings } from "../l1/landings.ts";
import type { Moment, Timetable } from "../time/timetable.ts";
import { slotCall } from "./slot-call.ts";

export interface PrunerParts {
  provider: Provider;
  rollup: Hex;
  timetable: Timetable;
  landings: Pick<Landings, "standing">;
  /** Whole epochs after its own in which a checkpoint must be proven; undefined where nothing is proven. */
  proofWindowEpochs: number | undefined;
}

/** Gas of pruning, rounded up; the limit sent comes from an estimate. */
const GAS = 80_000n;

/**
 * Removes what nobody proved in time, or the chain could never settle again: the proposer of each slot tries until L1
 * shows it done.
 */
export class Pruner {
  readonly #parts: PrunerParts;

  constructor(parts: PrunerParts) {
    this.#parts = parts;
  }

  /** What to send in this slot, if it is this agent's to send. @throws what the provider throws. */
  async request(state: ChainState, moment: Moment, isProposer: boolean): Promise<SubmitRequest | undefined> {
    const { provider, rollup, landings } = this.#parts;
    const [oldest] = landings.standing;
    if (!isProposer || oldest === undefined || !this.#isDue(oldest.checkpoint.slot, state)) return undefined;
    const proven = await getProvenNumber({ provider, rollup });
    const first = landings.standing.find(({ checkpoint }) => checkpoint.number === proven + 1);
    if (first === undefined || !this.#isDue(first.checkpoint.slot, state)) return undefined;
    return slotCall(this.#parts, moment, {
      method: "prune",
      args: [first.log],
      gasEstimate: GAS,
      // Alike to the byte if an L1 reorg undoes it; then it is to be done again.
      occasion: `prune in slot ${moment.submissionSlot}`,
    });
  }

  /** By L1's time, as the contract judges it. */
  #isDue(slot: number, { l1 }: ChainState): boolean {
    const { timetable, proofWindowEpochs } = this.#parts;
    if (proofWindowEpochs === undefined) return false;
    const { epochSlots } = timetable.parameters;
    const fromSlot = (timetable.epochOf(slot) + 1 + proofWindowEpochs) * epochSlots;
    return l1.timestamp * 1000 >= timetable.startMs(fromSlot);
  }
}
