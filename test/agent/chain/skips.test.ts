import { expect } from "chai";
import { addCertificate } from "../../../sdk/agent/chain/certificates.ts";
import { noteBuildable, slotsToSkip } from "../../../sdk/agent/chain/skips.ts";
import { noteSlot, slotRecord } from "../../../sdk/agent/chain/slots.ts";
import type { ChainState } from "../../../sdk/agent/chain/state.ts";
import { atL1, certificate, chainOf, genesis, skipCertificate, timetable } from "./support.ts";

const times = (slot: number) => timetable.of(slot);
const at = (nowMs: number) => timetable.moment(nowMs);
const timeoutMs = times(1).livenessDeadlineMs - times(1).buildStartMs;
const lateMs = (slot: number): number => times(slot).proposalDeadlineMs + timetable.parameters.clockDisparityMs;
const skips = (state: ChainState, nowMs: number): number[] => slotsToSkip(state, at(nowMs), timetable, () => false);
const notedAt = (state: ChainState, nowMs: number): ChainState => noteBuildable(state, at(nowMs), timetable);

describe("a slot whose proposal did not come", () => {
  /** Its successor has begun, so that no other slot is in question. */
  const noted = (state: ChainState): ChainState => noteSlot(state, 2, { parents: { 0: "0x" } });

  it("is skipped after the deadline and the clocks' disparity", () => {
    expect(skips(noted(genesis()), lateMs(1) - 1)).to.deep.equal([]);
    expect(skips(noted(genesis()), lateMs(1))).to.deep.equal([1]);
    expect(skips(noted(chainOf("complete")), lateMs(1))).to.deep.equal([1]);
  });

  it("is not skipped where one did, nor where the votes have been counted", () => {
    for (const state of [
      chainOf("proposed"),
      addCertificate(genesis(), certificate(1)).state,
      addCertificate(genesis(), skipCertificate(1)).state,
    ]) {
      expect(skips(noted(state), lateMs(1))).to.deep.equal([]);
    }
  });
});

describe("a slot of which no block came", () => {
  const startMs = times(2).buildStartMs + 100;
  const parentThere = chainOf("complete");

  it("is skipped when the liveness timeout is over since its proposer could build", () => {
    const noted = notedAt(chainOf("certified"), startMs);
    expect(skips(noted, startMs + timeoutMs - 1)).to.deep.equal([]);
    expect(skips(noted, startMs + timeoutMs)).to.deep.equal([2]);
  });

  it("is given all its time when its parent came late", () => {
    const building = notedAt(chainOf("building"), startMs);
    expect(slotRecord(building, 2).buildableMs).to.equal(undefined);
    const noted = notedAt({ ...parentThere, slots: building.slots }, startMs + 500);
    expect(slotRecord(notedAt(noted, startMs + 600), 2).buildableMs).to.equal(startMs + 500);
  });

  it("is given its time anew when the parent went away before a block of it was seen", () => {
    const noted = notedAt(parentThere, startMs);
    const gone = notedAt({ ...noted, unsubmitted: chainOf("building").unsubmitted }, startMs + 500);
    expect(slotRecord(gone, 2).buildableMs).to.equal(undefined);
  });

  it("is not counted while the depth limit holds its proposer back", () => {
    const stuck = atL1(chainOf("proposed", "proposed"), times(1).lastOnTimeBlockMs - 1_000);
    expect(slotRecord(notedAt(stuck, times(3).buildStartMs + 100), 3).buildableMs).to.equal(undefined);
  });

  it("is not skipped while later blocks of it wait here: who missed its first one knows of its proposer", () => {
    const noted = notedAt(chainOf("certified"), startMs);
    const nowMs = startMs + timeoutMs;
    expect(slotsToSkip(noted, at(nowMs), timetable, (slot) => slot === 2)).to.deep.equal([]);
    expect(slotsToSkip(noted, at(nowMs), timetable, (slot) => slot === 3)).to.deep.equal([2]);
    const late = times(2).proposalDeadlineMs + timetable.parameters.clockDisparityMs;
    expect(slotsToSkip(noted, at(late), timetable, () => true)).to.deep.equal([2]);
  });

  it("is not skipped once a valid block of it was seen, whatever became of that", () => {
    const noted = noteSlot(notedAt(chainOf("certified"), startMs), 2, { parents: { 0: "0x" } });
    expect(skips(noted, startMs + timeoutMs)).to.deep.equal([]);
  });
});
