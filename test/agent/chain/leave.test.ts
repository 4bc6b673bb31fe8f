import { expect } from "chai";
import { lastSlotToBuild, leaving } from "../../../sdk/agent/chain/leave.ts";
import type { ChainState } from "../../../sdk/agent/chain/state.ts";
import { chainOf, genesis, timetable } from "./support.ts";

/** Slot 2 is this agent's. */
const isProposer = (slot: number): boolean => slot === 2;
const at = (ms: number) => timetable.moment(ms);
const [one, two, three] = [1, 2, 3].map((slot) => timetable.of(slot)) as [Times, Times, Times];
type Times = ReturnType<typeof timetable.of>;
const nearMs = 2 * timetable.parameters.l1SlotSeconds * 1000;

describe("an agent that is told to stop", () => {
  for (const { when, ms, last } of [
    { when: "long before its build slot, takes it on no more", ms: two.buildStartMs - nearMs - 1, last: 1 },
    { when: "shortly before its build slot, does it first", ms: two.buildStartMs - nearMs, last: 2 },
    { when: "in its build slot, does it to its end", ms: two.buildStartMs + 5_000, last: 2 },
    { when: "after it, takes on nothing", ms: two.startMs, last: 3 },
  ]) {
    it(when, () => expect(lastSlotToBuild(at(ms), timetable, isProposer)).to.equal(last));
  }

  const onL1 = (): ChainState => ({ ...genesis(), submitted: { ...genesis().submitted, slot: 2 } });
  const both = chainOf("certified", "proposed");
  const cases: { when: string; state: ChainState; ms: number; lands?: boolean; last?: number; stays?: string }[] = [
    { when: "before it has begun", state: chainOf("certified"), ms: two.buildStartMs - 1, stays: "build" },
    { when: "while it builds", state: chainOf("certified", "building"), ms: two.buildStartMs + 1, stays: "build" },
    { when: "until its proposal is out", state: chainOf("certified", "complete"), ms: two.startMs + 1, stays: "build" },
    { when: "but not for one that comes too late", state: chainOf(), ms: two.proposalDeadlineMs + 1 },
    {
      when: "until it has landed",
      state: { ...both, unsubmitted: both.unsubmitted.slice(1) },
      ms: two.startMs + 1,
      stays: "land",
    },
    { when: "and leaves when it has", state: onL1(), ms: two.startMs + 3_000 },
    { when: "leaves it to its successor", state: { ...chainOf(), unsubmitted: [] }, ms: two.handoffMs },
    {
      when: "rescues its predecessor's",
      state: chainOf("certified"),
      ms: one.handoffMs + two.proposalDeadlineMs - two.startMs + 1,
      stays: "rescue",
    },
    { when: "not for ever", state: chainOf("certified", "certified"), ms: two.closesMs },
    {
      when: "with no account, once it is proposed",
      state: chainOf("certified", "proposed"),
      ms: two.startMs,
      lands: false,
    },
    { when: "with nothing of its own", state: chainOf("certified"), ms: three.startMs, last: 3 },
  ];
  for (const { when, state, ms, lands = true, last = 2, stays } of cases) {
    it(`${stays === undefined ? "leaves" : "stays"}: ${when}`, () => {
      const found = leaving(state, at(ms), timetable, isProposer, last, lands);
      expect(found.leave ? "leaves" : found.reason).to.match(new RegExp(stays ?? "^leaves$"));
    });
  }
});
