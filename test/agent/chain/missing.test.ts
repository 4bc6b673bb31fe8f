import { expect } from "chai";
import { missingSlots } from "../../../sdk/agent/chain/missing.ts";
import { atL1, chainOf, genesis, timetable } from "./support.ts";

const times = (slot: number) => timetable.of(slot);
const proposedByMs = (slot: number): number => (times(slot).startMs + times(slot).proposalDeadlineMs) / 2;
const certifiedByMs = (slot: number): number => times(slot).proposalDeadlineMs + 2000 * timetable.parameters.hopSeconds;

describe("what gossip should have brought", () => {
  it("is nothing while the proposal may well be on its way", () => {
    expect(missingSlots(genesis(), timetable.moment(times(1).startMs - 1), timetable)).to.deep.equal([]);
    expect(missingSlots(genesis(), timetable.moment(proposedByMs(1) - 1), timetable)).to.deep.equal([]);
  });

  it("is the proposal when half of its window is over", () => {
    const now = timetable.moment(proposedByMs(1));
    expect(missingSlots(genesis(), now, timetable)).to.deep.equal([1]);
    expect(missingSlots(chainOf("building"), now, timetable)).to.deep.equal([1]);
    expect(missingSlots(chainOf("complete"), now, timetable)).to.deep.equal([1]);
    expect(missingSlots(chainOf("proposed"), now, timetable)).to.deep.equal([]);
  });

  it("is the certificate two hops after the last moment of the proposal", () => {
    const at = (nowMs: number) => missingSlots(chainOf("proposed"), timetable.moment(nowMs), timetable);
    expect(at(certifiedByMs(1) - 1)).to.deep.equal([]);
    expect(at(certifiedByMs(1))).to.deep.equal([1]);
    expect(missingSlots(chainOf("certified"), timetable.moment(certifiedByMs(1)), timetable)).to.deep.equal([]);
  });

  it("is what a rescue needs as well, until L1 takes it no more", () => {
    const now = timetable.moment(certifiedByMs(2));
    const late = atL1(chainOf("proposed", "certified"), times(1).lastOnTimeBlockMs);
    expect(missingSlots(late, now, timetable)).to.deep.equal([1]);
    expect(missingSlots(atL1(late, times(1).lastLateBlockMs), now, timetable)).to.deep.equal([]);
  });

  it("is never more than the two slots that can land, however long the node was away", () => {
    const now = timetable.moment(certifiedByMs(500));
    expect(missingSlots(genesis(), now, timetable)).to.deep.equal([499, 500]);
  });
});
