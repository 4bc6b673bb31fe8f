import { expect } from "chai";
import { applyLanded, applyRewind, applyRollback } from "../../../sdk/agent/chain/l1.ts";
import type { ChainState } from "../../../sdk/agent/chain/state.ts";
import { addSuspect, isVouchedFor, takeSuspects, vouchedUpTo } from "../../../sdk/agent/chain/suspects.ts";
import { chainOf, hash, landed, timetable } from "./support.ts";

const unsigned = (slot: number) => ({ ...landed(slot), signed: false });
const forged = (slot: number, number = slot) => ({ ...landed(slot, number), signed: false, digest: hash(`f${slot}`) });
const numbers = (state: ChainState) => state.suspects.map(({ landing }) => landing.number);

describe("a checkpoint on L1 with a bad signature", () => {
  it("is followed if its certificate is held, or if it is followed already; else it is not", () => {
    expect(isVouchedFor(chainOf("certified"), unsigned(1))).to.equal(true);
    expect(isVouchedFor(chainOf("proposed"), unsigned(1))).to.equal(false);
    expect(isVouchedFor(chainOf("certified"), forged(1))).to.equal(false);
    expect(isVouchedFor(chainOf(), landed(1)), "signed, though nothing of it is here").to.equal(true);
    const promoted = applyLanded(chainOf("proposed"), landed(1)).state;
    expect(isVouchedFor(promoted, unsigned(1))).to.equal(true);
    expect(isVouchedFor(promoted, forged(1))).to.equal(false);
  });

  it("is followed once its certificate comes, with what it stands on", () => {
    const state = [forged(1), unsigned(2), forged(3)].reduce(addSuspect, chainOf("building"));
    expect(vouchedUpTo(state)).to.equal(undefined);
    const certified = { ...state, unsubmitted: chainOf("building", "certified").unsubmitted };
    expect(vouchedUpTo(certified)).to.equal(2);
    const { state: rest, taken } = takeSuspects(certified, 2);
    expect(taken.map(({ slot, signed }) => [slot, signed])).to.deep.equal([
      [1, true],
      [2, true],
    ]);
    expect(numbers(rest)).to.deep.equal([3]);
  });

  it("is read again after a restart: the block before it is remembered", () => {
    const { suspects, l1 } = addSuspect(chainOf("certified"), forged(1));
    expect(suspects[0]?.before).to.equal(l1);
  });

  it("is forgotten when an L1 reorg or a challenge takes it off L1, and nothing followed goes with it", () => {
    const state = [forged(2), forged(3)].reduce(addSuspect, applyLanded(chainOf("certified"), landed(1)).state);
    const back = applyRewind(state, { blockNumber: 102, blockHash: hash("l1.102"), timestamp: 1 });
    expect(numbers(back)).to.deep.equal([2]);
    const rolled = applyRollback(state, 2, timetable.of(9).startMs / 1000, timetable);
    expect(numbers(rolled.state)).to.deep.equal([2]);
    expect(rolled.discarded).to.deep.equal([]);
    expect(rolled.state.submitted.slot).to.equal(1);
  });
});
