import type { SubmitRequest } from "../../submit/types.ts";
import type { Hex } from "../../types/hex.ts";
import { epochWithoutSeed } from "../chain/seeds.ts";
import type { ChainState } from "../chain/state.ts";
import type { ValidatorSets } from "../sets/interface.ts";
import type { Moment, Timetable } from "../time/timetable.ts";
import { slotCall } from "./slot-call.ts";

export interface PokerParts {
  rollup: Hex;
  timetable: Timetable;
  sets: Pick<ValidatorSets, "proposerOf">;
}

/** Gas of storing a seed, rounded up; the limit sent comes from an estimate. */
const GAS = 60_000n;

/**
 * Has the seed of the next epoch stored when no landing did: the proposer of one slot after the other, from the middle
 * of the epoch on, until L1 knows it. Whoever comes later finds that L1 names the next proposers, and sends nothing.
 */
export class Poker {
  readonly #parts: PokerParts;

  constructor(parts: PokerParts) {
    this.#parts = parts;
  }

  /** What to send in this slot, if it is this agent's to send. @throws what asking L1 throws. */
  async request(state: ChainState, moment: Moment, isProposer: boolean): Promise<SubmitRequest | undefined> {
    const { timetable, sets } = this.#parts;
    const epoch = isProposer ? epochWithoutSeed(state, moment, timetable) : undefined;
    if (epoch === undefined) return undefined;
    if ((await sets.proposerOf(epoch * timetable.parameters.epochSlots)) !== undefined) return undefined;
    return slotCall(this.#parts, moment, {
      method: "poke",
      args: [],
      gasEstimate: GAS,
      // Alike to the byte in every epoch, and to be done in each.
      occasion: `seed of epoch ${epoch}`,
    });
  }
}
