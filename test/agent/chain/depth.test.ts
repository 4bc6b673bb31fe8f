import { expect } from "chai";
import { placeBlock } from "../../../sdk/agent/chain/blocks.ts";
import { depthLimit, mayStandOn } from "../../../sdk/agent/chain/depth.ts";
import { buildDuty } from "../../../sdk/agent/chain/duties.ts";
import { isAttestable } from "../../../sdk/agent/chain/proposals.ts";
import type { ChainState } from "../../../sdk/agent/chain/state.ts";
import { Timetable } from "../../../sdk/agent/time/timetable.ts";
import { atL1, block, chainOf, entry, GENESIS_TIME, lastHash, timetable } from "./support.ts";

const times = (slot: number) => timetable.of(slot);

/** What each of the three that keep to the depth limit says to a checkpoint of slot 3 on two others. */
function answers(state: ChainState): { holds: boolean; builds: boolean; attests: boolean } {
  const nowMs = times(3).buildStartMs + 100;
  const first = block(3, 0, { parentHash: lastHash(2) });
  const third = { ...state, unsubmitted: [...state.unsubmitted, entry(3, lastHash(2), "proposed")] };
  return {
    holds: placeBlock(state, first, { nowMs, timetable }).place === "open",
    builds: buildDuty(state, timetable.moment(nowMs), timetable).duty === "build",
    attests: isAttestable(third, 3, timetable),
  };
}

describe("the depth limit", () => {
  const rescued = atL1(chainOf("certified", "certified"), times(1).lastOnTimeBlockMs);

  it("is one more while the oldest is certified and in its handoff window", () => {
    expect(depthLimit(rescued, timetable)).to.equal(3);
    expect(depthLimit(atL1(rescued, times(1).lastOnTimeBlockMs - 1_000), timetable)).to.equal(2);
    expect(depthLimit(atL1(rescued, times(1).lastLateBlockMs), timetable)).to.equal(2);
    expect([mayStandOn(rescued, 2, timetable), mayStandOn(rescued, 3, timetable)]).to.deep.equal([true, false]);
  });

  it("is kept alike by who holds, who builds and who attests", () => {
    const yes = { holds: true, builds: true, attests: true };
    const no = { holds: false, builds: false, attests: false };
    expect(answers(rescued)).to.deep.equal(yes);
    expect(answers(atL1(rescued, times(1).lastOnTimeBlockMs - 1_000))).to.deep.equal(no);
    expect(answers(atL1(rescued, times(1).lastLateBlockMs))).to.deep.equal(no);
  });

  it("of one lets each proposer wait until its parent is on L1, rescued or not", () => {
    const sequential = new Timetable({ ...timetable.parameters, maxUnsubmitted: 1 }, GENESIS_TIME);
    const parent = chainOf("certified");
    const moment = sequential.moment(times(2).buildStartMs + 100);
    for (const l1Ms of [times(1).startMs, times(1).lastOnTimeBlockMs, times(1).handoffMs]) {
      expect(buildDuty(atL1(parent, l1Ms), moment, sequential).duty, `${l1Ms}`).to.equal("wait");
      expect(depthLimit(atL1(parent, l1Ms), sequential)).to.equal(1);
    }
    const onL1 = { ...parent, submitted: { ...parent.submitted, slot: 1 }, unsubmitted: [] };
    expect(buildDuty(onL1, moment, sequential)).to.deep.include({ duty: "build", slot: 2, trigger: "parent-on-l1" });
  });
});
