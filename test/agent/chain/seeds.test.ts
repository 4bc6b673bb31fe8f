import { expect } from "chai";
import { epochWithoutSeed } from "../../../sdk/agent/chain/seeds.ts";
import type { ChainState } from "../../../sdk/agent/chain/state.ts";
import { genesis, timetable } from "./support.ts";

const { epochSlots } = timetable.parameters;
const HALF = epochSlots / 2;

/** Asked in the middle of `slot`, when L1 has come to `l1Slot` and holds the checkpoint of `submittedSlot`. */
function asked(slot: number, submittedSlot: number, l1Slot = slot): number | undefined {
  const { l1, submitted, ...rest } = genesis();
  const state: ChainState = {
    ...rest,
    l1: { ...l1, timestamp: timetable.startMs(l1Slot) / 1000 },
    submitted: { ...submitted, slot: submittedSlot },
  };
  return epochWithoutSeed(state, timetable.moment(timetable.startMs(slot) + 1), timetable);
}

describe("the seed of the next epoch", () => {
  it("is left to the first landing in the first half of an epoch, and asked for in the second", () => {
    const slots = Array.from({ length: epochSlots }, (_, i) => epochSlots + i);
    const of = (submittedSlot: number) => slots.map((slot) => asked(slot, submittedSlot));
    expect(of(epochSlots - 1)).to.deep.equal(slots.map((_, i) => (i < HALF ? undefined : 2)));
    expect(of(epochSlots)).to.deep.equal(slots.map(() => undefined));
  });

  it("is the deployment's for the first two epochs", () => {
    expect(asked(HALF, 0)).to.equal(undefined);
    expect(asked(0, 0)).to.equal(undefined);
  });

  it("is not asked for while L1's newest block is of the epoch before: it would be another epoch's", () => {
    expect(asked(2 * epochSlots + HALF, 3, 2 * epochSlots - 1)).to.equal(undefined);
    expect(asked(2 * epochSlots + HALF, 3, 2 * epochSlots)).to.equal(3);
  });
});
