import { expect } from "chai";
import { addCertificate } from "../../../sdk/agent/chain/certificates.ts";
import { depthLimit } from "../../../sdk/agent/chain/depth.ts";
import { buildDuty } from "../../../sdk/agent/chain/duties.ts";
import { isAttestable } from "../../../sdk/agent/chain/proposals.ts";
import { atL1, chainOf, genesis, skipCertificate, timetable } from "./support.ts";

const times = (slot: number) => timetable.of(slot);

describe("what a proposer builds on", () => {
  it("starts slot 1 on genesis", () => {
    const duty = buildDuty(genesis(), timetable.moment(times(1).buildStartMs), timetable);
    expect(duty).to.deep.include({ duty: "build", slot: 1, trigger: "parent-on-l1" });
  });

  it("starts on the predecessor's last block before its checkpoint is proposed or attested", () => {
    const duty = buildDuty(chainOf("complete"), timetable.moment(times(2).buildStartMs), timetable);
    expect(duty).to.deep.include({ duty: "build", slot: 2, trigger: "parent-complete" });
  });

  it("waits for a predecessor that is still building, until its proposal can no longer come", () => {
    const early = buildDuty(chainOf("building"), timetable.moment(times(2).buildStartMs), timetable);
    expect(early).to.include({ duty: "wait", untilMs: times(1).proposalDeadlineMs });
    const late = buildDuty(chainOf("building"), timetable.moment(times(1).proposalDeadlineMs), timetable);
    expect(late).to.deep.include({ duty: "build", slot: 2, trigger: "parent-silent" });
    if (late.duty === "build") expect(late.base.slot).to.equal(0);
  });

  it("passes over a complete predecessor that never proposed", () => {
    const duty = buildDuty(chainOf("complete"), timetable.moment(times(1).proposalDeadlineMs), timetable);
    if (duty.duty !== "build") throw new Error(duty.duty);
    expect(duty.base.slot).to.equal(0);
  });

  it("waits at the depth limit, and has one more while the oldest is certified in its handoff window", () => {
    const now = timetable.moment(times(3).buildStartMs + 100);
    const stuck = atL1(chainOf("proposed", "proposed"), times(1).lastOnTimeBlockMs);
    expect(buildDuty(stuck, now, timetable)).to.include({ duty: "wait" });
    const rescue = atL1(chainOf("certified", "proposed"), times(1).lastOnTimeBlockMs);
    expect(depthLimit(rescue, timetable)).to.equal(3);
    expect(buildDuty(rescue, now, timetable)).to.deep.include({ duty: "build", slot: 3 });
    expect(depthLimit(atL1(rescue, times(1).lastLateBlockMs), timetable)).to.equal(2);
  });

  it("goes on with its own blocks after a restart", () => {
    const duty = buildDuty(
      chainOf("certified", "building"),
      timetable.moment(times(2).buildStartMs + 3_000),
      timetable,
    );
    expect(duty).to.deep.include({ duty: "build", slot: 2, trigger: "resumed" });
  });

  it("is done once the slot is proposed: a spent slot is never proposed again", () => {
    const duty = buildDuty(
      chainOf("certified", "proposed"),
      timetable.moment(times(2).buildStartMs + 3_000),
      timetable,
    );
    expect(duty.duty).to.equal("done");
  });
});

describe("what may be attested", () => {
  it("needs a parent that is submitted or certified here", () => {
    expect(isAttestable(chainOf("proposed"), 1, timetable)).to.equal(true);
    expect(isAttestable(chainOf("proposed", "proposed"), 2, timetable)).to.equal(false);
    expect(isAttestable(chainOf("certified", "proposed"), 2, timetable)).to.equal(true);
  });

  it("needs every slot between the parent's and its own to be dead or skipped", () => {
    const chain = chainOf("certified", "proposed", "proposed");
    const gap = {
      ...chain,
      unsubmitted: [chain.unsubmitted[0], chain.unsubmitted[2]].filter((entry) => entry !== undefined),
    };
    expect(isAttestable(gap, 3, timetable)).to.equal(false);
    expect(isAttestable(addCertificate(gap, skipCertificate(2)).state, 3, timetable)).to.equal(true);
    expect(isAttestable(atL1(gap, times(2).lastLateBlockMs), 3, timetable)).to.equal(true);
    expect(isAttestable(atL1(gap, times(2).lastLateBlockMs - 2_000), 3, timetable)).to.equal(false);
  });
});
