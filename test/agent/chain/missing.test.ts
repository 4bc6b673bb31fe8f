import { expect } from "chai";
import { addCertificate } from "../../../sdk/agent/chain/certificates.ts";
import { isTakeable, type Missing, missingSlots } from "../../../sdk/agent/chain/missing.ts";
import type { ChainState } from "../../../sdk/agent/chain/state.ts";
import { atL1, certificate, chainOf, genesis, skipCertificate, timetable } from "./support.ts";

const times = (slot: number) => timetable.of(slot);
const proposedByMs = (slot: number): number => (times(slot).startMs + times(slot).proposalDeadlineMs) / 2;
const certifiedByMs = (slot: number): number => times(slot).proposalDeadlineMs + 2000 * timetable.parameters.hopSeconds;
const missingAt = (state: ChainState, nowMs: number): Missing[] =>
  missingSlots(state, timetable.moment(nowMs), timetable);
const checkpoint = (slot: number): Missing => ({ slot, checkpoint: true, certificates: false });
const certificates = (slot: number): Missing => ({ slot, checkpoint: false, certificates: true });
const acceptedUntilMs = (slot: number): number =>
  times(slot).proposalDeadlineMs + timetable.parameters.clockDisparityMs;

describe("what gossip should have brought", () => {
  it("is nothing while the proposal may well be on its way", () => {
    expect(missingAt(genesis(), times(1).startMs - 1)).to.deep.equal([]);
    expect(missingAt(genesis(), proposedByMs(1) - 1)).to.deep.equal([]);
  });

  it("is the proposal when half of its window is over", () => {
    const nowMs = proposedByMs(1);
    for (const state of [genesis(), chainOf("building"), chainOf("complete")]) {
      expect(missingAt(state, nowMs)).to.deep.equal([checkpoint(1)]);
    }
    expect(missingAt(chainOf("proposed"), nowMs)).to.deep.equal([]);
  });

  it("is a certificate two hops after the last moment of the proposal", () => {
    expect(missingAt(chainOf("proposed"), certifiedByMs(1) - 1)).to.deep.equal([]);
    expect(missingAt(chainOf("proposed"), certifiedByMs(1))).to.deep.equal([certificates(1)]);
    expect(missingAt(chainOf("certified"), certifiedByMs(1))).to.deep.equal([]);
  });

  it("is no proposal of which the window is over: only what is certified is taken in after it", () => {
    expect(missingAt(genesis(), acceptedUntilMs(1))).to.deep.equal([checkpoint(1)]);
    expect(missingAt(genesis(), acceptedUntilMs(1) + 1)).to.deep.equal([]);
    expect(missingAt(genesis(), certifiedByMs(1))).to.deep.equal([certificates(1)]);
    const certified = addCertificate(genesis(), certificate(1)).state;
    const takeable = [genesis(), certified].flatMap((state) =>
      [0, 1].map((afterMs) => isTakeable(state, 1, acceptedUntilMs(1) + afterMs, timetable)),
    );
    expect(takeable).to.deep.equal([true, false, true, true]);
  });

  it("is the checkpoint alone where a certificate for one is held, and nothing of a slot that was skipped", () => {
    const certified = addCertificate(genesis(), certificate(1)).state;
    expect(missingAt(certified, certifiedByMs(1))).to.deep.equal([checkpoint(1)]);
    expect(missingAt(addCertificate(genesis(), skipCertificate(1)).state, certifiedByMs(1))).to.deep.equal([]);
  });

  it("is what a rescue needs as well, until L1 takes it no more", () => {
    const nowMs = certifiedByMs(2);
    const late = atL1(chainOf("proposed", "certified"), times(1).lastOnTimeBlockMs);
    expect(missingAt(late, nowMs)).to.deep.equal([certificates(1)]);
    expect(missingAt(atL1(late, times(1).lastLateBlockMs), nowMs)).to.deep.equal([]);
  });

  it("is never more than the two slots that can land, however long the node was away", () => {
    expect(missingAt(genesis(), certifiedByMs(500))).to.deep.equal([certificates(499), certificates(500)]);
  });
});
