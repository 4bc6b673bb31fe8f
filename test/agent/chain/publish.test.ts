import { expect } from "chai";
import { publishDuty } from "../../../sdk/agent/chain/publish.ts";
import { Timetable } from "../../../sdk/agent/time/timetable.ts";
import { atL1, chainOf, GENESIS_TIME, timetable } from "./support.ts";

const times = (slot: number) => timetable.of(slot);
const proposes =
  (...slots: number[]) =>
  (slot: number) =>
    slots.includes(slot);
const duty = (state: ReturnType<typeof chainOf>, nowMs: number, ...own: number[]) =>
  publishDuty(state, timetable.moment(nowMs), timetable, proposes(...own), () => Number.POSITIVE_INFINITY, 0);
const rescue = (state: ReturnType<typeof chainOf>, nowMs: number, rank: number, table = timetable) =>
  publishDuty(state, table.moment(nowMs), table, proposes(), () => rank, 0);
const l1SlotMs = timetable.parameters.l1SlotSeconds * 1000;

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
    expect(duty(alone, times(1).handoffMs + 1_333, 2).duty).to.equal("wait");
    expect(duty(alone, times(1).handoffMs + 1_334, 2)).to.deep.include({
      duty: "submit",
      slots: [1],
      role: "successor",
    });
  });

  it("is the successor alone earlier, when sending lately took it long", () => {
    const alone = atL1(chainOf("certified", "proposed"), times(1).lastOnTimeBlockMs);
    const at = (nowMs: number, sendingMs: number): string =>
      publishDuty(alone, timetable.moment(nowMs), timetable, proposes(2), () => 0, sendingMs).duty;
    expect(at(times(1).handoffMs + 899, 900)).to.equal("wait");
    expect(at(times(1).handoffMs + 900, 900)).to.equal("submit");
    expect(at(times(1).handoffMs, 10_000)).to.equal("submit");
    expect(at(times(1).handoffMs - 1, 10_000)).to.equal("wait");
    expect(at(times(1).handoffMs + 1_333, 466)).to.equal("wait");
  });

  it("is one rescuer for the first L1 block after the successor's window, and everybody for the last", () => {
    const { openMs, lastLateBlockMs } = times(1);
    const before = atL1(chainOf("certified"), openMs - 2 * l1SlotMs);
    const first = atL1(before, openMs - l1SlotMs);
    const second = atL1(before, openMs);
    const none = Number.POSITIVE_INFINITY;
    for (const rank of [0, 1, 2, none]) {
      expect(rescue(before, openMs - l1SlotMs, rank).duty, `before, ${rank}`).to.equal("wait");
      expect(rescue(first, openMs - l1SlotMs + 200, rank).duty, `first, ${rank}`).to.equal(
        rank === 0 ? "submit" : "wait",
      );
      expect(rescue(second, openMs + 200, rank), `last, ${rank}`).to.deep.include({
        duty: "submit",
        slots: [1],
        role: "other",
      });
      expect(rescue(atL1(before, lastLateBlockMs), openMs + 200, rank).duty, `over, ${rank}`).to.equal("wait");
    }
  });

  it("is the next rescuers by the clock where L1 misses the block that they wait for", () => {
    const { openMs } = times(1);
    const stuck = atL1(chainOf("certified"), times(1).lastOnTimeBlockMs);
    expect(rescue(stuck, openMs - l1SlotMs / 2 - 1, 0).duty).to.equal("wait");
    expect(rescue(stuck, openMs - l1SlotMs / 2, 0).duty).to.equal("submit");
    expect(rescue(stuck, openMs + l1SlotMs / 2 - 1, 1).duty).to.equal("wait");
    expect(rescue(stuck, openMs + l1SlotMs / 2, 1).duty).to.equal("submit");
  });

  it("is twice as many rescuers for each L1 block without result where the window is long", () => {
    const table = new Timetable({ ...timetable.parameters, successorWindowSeconds: 2 }, GENESIS_TIME);
    const { openMs } = table.of(1);
    const sends = (blocks: number): number[] => {
      const atMs = openMs + (blocks - 1) * l1SlotMs;
      const seen = atL1(chainOf("certified"), atMs);
      return [0, 1, 2, 3, 4].filter((rank) => rescue(seen, atMs + 200, rank, table).duty === "submit");
    };
    expect(sends(0)).to.deep.equal([0]);
    expect(sends(1)).to.deep.equal([0, 1]);
    expect(sends(2)).to.deep.equal([0, 1, 2, 3, 4]);
  });
});
