import { expect } from "chai";
import { publishDuty } from "../../../sdk/agent/chain/publish.ts";
import { atL1, chainOf, timetable } from "./support.ts";

const times = (slot: number) => timetable.of(slot);
const proposes =
  (...slots: number[]) =>
  (slot: number) =>
    slots.includes(slot);
const duty = (state: ReturnType<typeof chainOf>, nowMs: number, ...own: number[]) =>
  publishDuty(state, timetable.moment(nowMs), timetable, proposes(...own));

describe("who lands a checkpoint", () => {
  it("is nobody before it is certified or before its slot can be mined", () => {
    expect(duty(chainOf("proposed"), times(1).startMs, 1).duty).to.equal("wait");
    expect(duty(chainOf("certified"), times(1).firstSendMs - 1, 1).duty).to.equal("wait");
  });

  it("is its proposer in its slot, with the slot's last second as deadline", () => {
    const found = duty(chainOf("certified"), times(1).firstSendMs, 1);
    expect(found).to.deep.equal({
      duty: "submit",
      slots: [1],
      deadlineMs: times(1).handoffMs - 1000,
      role: "proposer",
    });
    expect(duty(chainOf("certified"), times(1).startMs, 2).duty).to.equal("wait");
  });

  it("is nobody between the last on-time block and the end of the slot: what is in flight may be in it", () => {
    const seen = atL1(chainOf("certified"), times(1).lastOnTimeBlockMs);
    expect(duty(seen, times(1).handoffMs - 1, 1, 2).duty).to.equal("wait");
    const notSeen = atL1(chainOf("certified"), times(1).lastOnTimeBlockMs - 2_000);
    expect(duty(notSeen, times(1).handoffMs + 1_000, 1, 2).duty).to.equal("wait");
  });

  it("is the successor in the handoff window, with its own checkpoint once that is certified", () => {
    const both = atL1(chainOf("certified", "certified"), times(1).lastOnTimeBlockMs);
    expect(duty(both, times(1).handoffMs, 2)).to.deep.include({ duty: "submit", slots: [1, 2], role: "successor" });
  });

  it("is the successor alone when its own certificate does not come in time for the first late L1 block", () => {
    const alone = atL1(chainOf("certified", "proposed"), times(1).lastOnTimeBlockMs);
    expect(duty(alone, times(1).handoffMs + 1_599, 2).duty).to.equal("wait");
    expect(duty(alone, times(1).handoffMs + 1_600, 2)).to.deep.include({
      duty: "submit",
      slots: [1],
      role: "successor",
    });
  });

  it("is anyone after the successor's window, and nobody once no L1 block can take it", () => {
    const late = atL1(chainOf("certified"), times(1).lastOnTimeBlockMs);
    expect(duty(late, times(1).openMs - 1).duty).to.equal("wait");
    expect(duty(late, times(1).openMs)).to.deep.include({ duty: "submit", slots: [1], role: "other" });
    expect(duty(atL1(late, times(1).lastLateBlockMs), times(1).openMs).duty).to.equal("wait");
  });
});
