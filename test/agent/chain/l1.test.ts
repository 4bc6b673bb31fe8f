import { expect } from "chai";
import {
  applyFinalized,
  applyL1Block,
  applyLanded,
  applyRewind,
  applyRollback,
  applySettled,
} from "../../../sdk/agent/chain/l1.ts";
import type { ChainState } from "../../../sdk/agent/chain/state.ts";
import { tipsOf } from "../../../sdk/agent/chain/tips.ts";
import { chainOf, digestOf, hash, landed, timetable } from "./support.ts";

const l1At = (timestampMs: number) => ({ blockNumber: 500, blockHash: hash("l1"), timestamp: timestampMs / 1000 });

function promoted(state: ChainState, ...slots: number[]): ChainState {
  return slots.reduce((current, slot) => {
    const result = applyLanded(current, landed(slot));
    if (result.outcome !== "promoted") throw new Error(result.outcome);
    return result.state;
  }, state);
}

describe("what L1 shows", () => {
  it("promotes the checkpoint held here and keeps what stands on it", () => {
    const state = promoted(chainOf("certified", "proposed"), 1);
    expect(state.submitted.slot).to.equal(1);
    expect(state.unsubmitted.map((entry) => entry.slot)).to.deep.equal([2]);
  });

  it("takes the same checkpoint in another L1 block for the same checkpoint", () => {
    const state = promoted(chainOf("certified"), 1);
    const moved = applyLanded(state, landed(1, 1, 999));
    expect(moved.outcome).to.equal("known");
    expect(moved.state.unsettled[0]?.landing.l1BlockNumber).to.equal(999);
    expect(moved.state.submitted).to.deep.equal(state.submitted);
  });

  it("discards what L1 contradicts and asks for what it holds", () => {
    const result = applyLanded(chainOf("certified", "proposed"), { ...landed(1), digest: hash("another") });
    if (result.outcome !== "missing") throw new Error(result.outcome);
    expect(result.state.unsubmitted).to.have.length(0);
    expect(result.discarded.map((gone) => gone.reason)).to.deep.equal(["l1-differs", "parent-discarded"]);
  });

  it("keeps a checkpoint that is merely not mined yet until no L1 block can take it", () => {
    const state = chainOf("certified", "building");
    const alive = applyL1Block(state, l1At(timetable.of(1).lastLateBlockMs - 2_000), timetable);
    expect(alive.discarded).to.have.length(0);
    const dead = applyL1Block(state, l1At(timetable.of(1).lastLateBlockMs), timetable);
    expect(dead.discarded.map((gone) => [gone.slot, gone.reason])).to.deep.equal([
      [1, "dead"],
      [2, "parent-discarded"],
    ]);
    expect(dead.state.unsubmitted).to.have.length(0);
  });

  it("makes checkpoints unsubmitted again when a reorg removes them, and promotes them when they return", () => {
    const state = promoted(chainOf("certified", "certified", "proposed"), 1, 2);
    const back = applyRewind(state, { blockNumber: 101, blockHash: hash("l1.101"), timestamp: 1 });
    expect(back.submitted.slot).to.equal(1);
    expect(back.unsubmitted.map((entry) => entry.slot)).to.deep.equal([2, 3]);
    expect(promoted(back, 2).submitted.slot).to.equal(2);
  });

  it("removes what a challenge rolled back, with everything on it", () => {
    const state = promoted(chainOf("certified", "certified", "proposed"), 1, 2);
    const result = applyRollback(state, 1, timetable.of(2).lastLateBlockMs / 1000, timetable);
    expect(result.state.submitted.slot).to.equal(1);
    expect(result.state.unsubmitted).to.have.length(0);
    expect(result.discarded.map((gone) => gone.slot)).to.deep.equal([2, 3]);
  });

  it("keeps what a quorum signed and can still land when a challenge takes it off L1, and what stands on it", () => {
    const state = promoted(chainOf("certified", "certified", "proposed"), 1, 2);
    const inTime = timetable.of(2).lastLateBlockMs / 1000 - 2;
    const result = applyRollback(state, 1, inTime, timetable);
    expect(result.discarded).to.deep.equal([]);
    expect(result.state.submitted.slot).to.equal(1);
    expect(result.state.unsubmitted.map(({ slot }) => slot)).to.deep.equal([2, 3]);
    // On a parent that is gone it could not.
    const both = applyRollback(state, 0, inTime, timetable);
    expect(both.discarded.map(({ slot, reason }) => [slot, reason])).to.deep.equal([
      [1, "removed-on-l1"],
      [2, "parent-discarded"],
      [3, "parent-discarded"],
    ]);
  });

  it("moves the settled tip only over what has landed", () => {
    const state = promoted(chainOf("certified", "certified"), 1, 2);
    const settled = applySettled(state, 1);
    expect(settled.settled.slot).to.equal(1);
    expect(settled.unsettled.map((entry) => entry.entry.slot)).to.deep.equal([2]);
    expect(applySettled(settled, 1)).to.equal(settled);
  });

  it("moves the finalized tip over what is settled, and nothing moves it back", () => {
    const landedAll = promoted(chainOf("certified", "certified", "certified"), 1, 2, 3);
    expect(applyFinalized(landedAll, 2), "not settled here yet").to.equal(landedAll);
    const settled = applySettled(landedAll, 2);
    const final = applyFinalized(settled, 1);
    expect([final.finalized.slot, final.settled.slot]).to.deep.equal([1, 2]);
    expect(applyFinalized(final, 0)).to.equal(final);
    const back = applyRewind(final, { blockNumber: 50, blockHash: hash("l1.50"), timestamp: 1 }, 0);
    expect([back.finalized.slot, back.settled.slot, back.submitted.slot]).to.deep.equal([1, 1, 1]);
    expect(back.unsubmitted.map(({ slot }) => slot)).to.deep.equal([2, 3]);
    expect(applyLanded(back, landed(1)), "read again").to.deep.equal({ outcome: "known", state: back });
  });

  it("unsettles what a reorg unsettles, and settles it again", () => {
    const settled = applySettled(promoted(chainOf("certified", "certified", "certified"), 1, 2, 3), 3);
    const ancestor = { blockNumber: 103, blockHash: hash("l1.103"), timestamp: 1 };
    const back = applyRewind(settled, ancestor, 1);
    expect([back.settled.slot, back.submitted.slot]).to.deep.equal([1, 3]);
    expect(back.unsettled.map(({ base }) => base.slot)).to.deep.equal([2, 3]);
    expect(applyRewind(settled, ancestor).settled.slot, "where L1 does not tell").to.equal(3);
    expect({ ...applySettled(back, 3), l1: settled.l1 }).to.deep.equal(settled);
  });
});

describe("tips", () => {
  it("are ordered at every stage", () => {
    const stages = ["building", "complete", "proposed", "certified"] as const;
    for (const a of stages.slice(2)) {
      for (const b of stages) {
        const tips = tipsOf(chainOf(a, b));
        const numbers = [tips.head, tips.proposed, tips.attested, tips.submitted, tips.settled, tips.finalized].map(
          (tip) => tip.blockNumber,
        );
        expect(numbers).to.deep.equal([...numbers].sort((x, y) => y - x));
      }
    }
  });

  it("name the head by block until its checkpoint is proposed", () => {
    expect(tipsOf(chainOf("certified", "building")).head).to.include({
      slot: 2,
      digest: undefined,
      blockHash: hash("b2.0"),
    });
    expect(tipsOf(chainOf("certified")).attested).to.include({ slot: 1, digest: `0x${digestOf(1).slice(-40)}` });
  });

  it("do not count a certificate above an uncertified checkpoint", () => {
    expect(tipsOf(chainOf("proposed", "certified")).attested.slot).to.equal(0);
  });
});
