import { expect } from "chai";
import { addBlock, placeBlock } from "../../../sdk/agent/chain/blocks.ts";
import { addCertificate, discardOverdue, makeRoom } from "../../../sdk/agent/chain/certificates.ts";
import { buildDuty } from "../../../sdk/agent/chain/duties.ts";
import { applyL1Block } from "../../../sdk/agent/chain/l1.ts";
import { missingSlots } from "../../../sdk/agent/chain/missing.ts";
import { addProposal, fitProposal } from "../../../sdk/agent/chain/proposals.ts";
import { certificateOf, certificatesOf, isCertifiedElsewhere, pruneSlots } from "../../../sdk/agent/chain/slots.ts";
import type { ChainState, Discarded } from "../../../sdk/agent/chain/state.ts";
import {
  atL1,
  block,
  certificate,
  chainOf,
  digestOf,
  entry,
  GENESIS_HASH,
  genesis,
  hash,
  lastHash,
  proposal,
  skipCertificate,
  timetable,
} from "./support.ts";

const times = (slot: number) => timetable.of(slot);
const slots = (state: ChainState): number[] => state.unsubmitted.map(({ slot }) => slot);
const told = (discarded: Discarded[]): string[] => discarded.map(({ slot, reason }) => `${slot} ${reason}`);
/** Of another checkpoint than the one that is held. */
const other = (slot: number) => ({ ...certificate(slot), digest: hash(`other ${slot}`) });

describe("what a certificate shows", () => {
  it("is that the checkpoint held is certified", () => {
    const { state, discarded } = addCertificate(chainOf("proposed"), certificate(1));
    expect(state.unsubmitted[0]?.proposed?.certificate).to.deep.equal(certificate(1));
    expect(discarded).to.deep.equal([]);
  });

  it("is that another checkpoint of its slot, and all on it, will never be certified", () => {
    const { state, discarded } = addCertificate(chainOf("certified", "proposed", "complete"), other(2));
    expect(slots(state)).to.deep.equal([1]);
    expect(told(discarded)).to.deep.equal(["2 equivocated", "3 parent-discarded"]);
    expect(discarded.flatMap(({ blocks }) => blocks.map((one) => one.hash))).to.deep.equal(
      ["b2.0", "b2.1", "b3.0", "b3.1"].map(hash),
    );
  });

  it("is that a skipped slot holds nothing worth building on", () => {
    for (const stage of ["building", "complete", "proposed"] as const) {
      const { state, discarded } = addCertificate(chainOf("certified", stage), skipCertificate(2));
      expect(slots(state)).to.deep.equal([1]);
      expect(told(discarded)).to.deep.equal(["2 skipped"]);
      const late = block(2, 1, { parentHash: hash("b2.0") });
      expect(placeBlock(state, late, { nowMs: times(2).startMs, timetable }).place).to.equal("refused");
    }
  });

  it("never takes away what is certified already", () => {
    const chain = chainOf("certified");
    for (const one of [other(1), skipCertificate(1)])
      expect(slots(addCertificate(chain, one).state)).to.deep.equal([1]);
  });

  it("is kept for a proposal that comes later, and keeps others out", () => {
    const known = addCertificate(chainOf("complete"), certificate(1)).state;
    expect(addProposal(known, proposal(1), digestOf(1)).unsubmitted[0]?.proposed?.certificate).to.deep.equal(
      certificate(1),
    );
    const elsewhere = addCertificate(chainOf("complete"), other(1)).state;
    expect(slots(elsewhere)).to.deep.equal([1]);
    expect(fitProposal(elsewhere, proposal(1), digestOf(1)).fit).to.equal("no");
  });

  it("is the first of its kind in a slot, and is given to whoever asks", () => {
    let { state } = addCertificate(genesis(), certificate(1));
    for (const one of [other(1), skipCertificate(2), certificate(2)]) state = addCertificate(state, one).state;
    expect(certificateOf(state, 1)).to.deep.equal(certificate(1));
    expect(certificatesOf(state, 2)).to.deep.equal([certificate(2), skipCertificate(2)]);
    expect(certificatesOf(chainOf("certified"), 1)).to.deep.equal([certificate(1)]);
    expect(certificatesOf(pruneSlots(state, 2), 1)).to.deep.equal([]);
  });
});

describe("who builds next after a certificate", () => {
  const at = (nowMs: number) => timetable.moment(nowMs);

  it("waits for a certified checkpoint that is not here, as long as it can land", () => {
    const lacking = addCertificate(chainOf("certified", "proposed"), other(2)).state;
    const nowMs = times(2).proposalDeadlineMs + 1_000;
    expect(isCertifiedElsewhere(lacking, timetable)).to.equal(true);
    expect(buildDuty(lacking, at(nowMs), timetable).duty).to.equal("wait");
    const dead = atL1({ ...lacking, unsubmitted: [] }, times(2).lastLateBlockMs);
    expect(buildDuty(dead, at(nowMs), timetable).duty).to.equal("build");
  });

  it("does not wait for what stood on a dead checkpoint, unless an L1 reorg lets that land after all", () => {
    const chain = addCertificate(chainOf("certified", "certified"), certificate(2)).state;
    const l1 = { ...chain.l1, timestamp: times(1).lastLateBlockMs / 1000 };
    const { state, discarded } = applyL1Block(chain, l1, timetable);
    expect(told(discarded)).to.deep.equal(["1 dead", "2 parent-discarded"]);
    const moment = at(times(1).lastLateBlockMs + 200);
    const duty = buildDuty(state, moment, timetable);
    expect(duty).to.deep.include({ duty: "build", slot: 3 });
    if (duty.duty === "build") expect(duty.base.slot).to.equal(0);
    expect(missingSlots(state, moment, timetable)).to.deep.equal([]);
    const reorganized = atL1(state, times(1).lastOnTimeBlockMs);
    expect(isCertifiedElsewhere(reorganized, timetable)).to.equal(true);
  });

  it("does not wait for a predecessor that was skipped, and builds on the newest certified checkpoint", () => {
    const chain = addCertificate(chainOf("certified", "building"), skipCertificate(2)).state;
    const duty = buildDuty(chain, at(times(3).buildStartMs), timetable);
    expect(duty).to.deep.include({ duty: "build", slot: 3 });
    if (duty.duty === "build") expect(duty.base.slot).to.equal(1);
  });

  it("does not build in a slot of its own that was skipped", () => {
    const skipped = addCertificate(genesis(), skipCertificate(1)).state;
    expect(buildDuty(skipped, at(times(1).buildStartMs), timetable).duty).to.equal("done");
  });
});

describe("room for the certified one of two", () => {
  const twin = addCertificate(chainOf("certified", "complete", "building"), other(2)).state;

  it("is made by discarding what stands on its parent and is not it", () => {
    const { state, discarded } = makeRoom(twin, 2, lastHash(1), false);
    expect(slots(state)).to.deep.equal([1]);
    expect(told(discarded)).to.deep.equal(["2 equivocated", "3 parent-discarded"]);
  });

  it("is not needed where its own first blocks stand, nor where its parent is not here", () => {
    expect(makeRoom(twin, 2, lastHash(1), true).discarded).to.deep.equal([]);
    expect(makeRoom(twin, 2, hash("unknown"), false).discarded).to.deep.equal([]);
  });

  it("is not made at the cost of what is certified", () => {
    expect(makeRoom(chainOf("certified"), 2, GENESIS_HASH, false).discarded).to.deep.equal([]);
  });
});

describe("what has no certificate", () => {
  const overdueMs = (slot: number): number =>
    times(slot).attestationDeadlineMs + 2000 * timetable.parameters.hopSeconds;

  it("is discarded two hops after its attestation deadline, with all on it", () => {
    const chain = chainOf("certified", "proposed", "building");
    expect(discardOverdue(chain, overdueMs(2) - 1, timetable).discarded).to.deep.equal([]);
    const { state, discarded } = discardOverdue(chain, overdueMs(2), timetable);
    expect(slots(state)).to.deep.equal([1]);
    expect(told(discarded)).to.deep.equal(["2 uncertified", "3 parent-discarded"]);
  });

  it("leaves what has one", () => {
    expect(discardOverdue(chainOf("certified"), overdueMs(9), timetable).discarded).to.deep.equal([]);
  });

  it("makes way for a second attempt of the next slot, on another parent than the first", () => {
    const chain = chainOf("proposed");
    const first = block(2, 0, { parentHash: lastHash(1) });
    const time = { nowMs: times(2).buildStartMs + 100, timetable };
    const placed = placeBlock(chain, first, time);
    if (placed.place !== "open") throw new Error(placed.place);
    const { state } = discardOverdue(addBlock(chain, first, placed).state, overdueMs(1), timetable);
    const again = block(2, 0, { attempt: 1, parentHash: GENESIS_HASH, hash: hash("again") });
    expect(placeBlock(state, again, { nowMs: overdueMs(1), timetable }).place).to.equal("open");
    // The parent came back by its certificate: the second attempt still may not name it.
    const back = { ...state, unsubmitted: [entry(1, GENESIS_HASH, "certified")] };
    const same = placeBlock(back, { ...again, parentHash: lastHash(1) }, time);
    expect(same).to.deep.include({ place: "refused" });
    expect(same.place === "refused" && same.verdict.verdict).to.equal("reject");
  });
});
