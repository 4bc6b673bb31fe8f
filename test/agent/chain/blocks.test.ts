import { expect } from "chai";
import { addBlock, placeBlock } from "../../../sdk/agent/chain/blocks.ts";
import { addCertificate } from "../../../sdk/agent/chain/certificates.ts";
import { bases } from "../../../sdk/agent/chain/state.ts";
import { block, chainOf, GENESIS_HASH, genesis, hash, lastHash, skipCertificate, timetable } from "./support.ts";

const during = (slot: number) => ({ nowMs: timetable.of(slot).buildStartMs + 500, timetable });
const afterDeadline = (slot: number) => ({ nowMs: timetable.of(slot).proposalDeadlineMs, timetable });

describe("placing a block", () => {
  it("opens a checkpoint on the submitted tip", () => {
    const placement = placeBlock(genesis(), block(1, 0), during(1));
    expect(placement).to.include({ place: "open", depth: 0 });
  });

  it("continues the newest checkpoint only with its next index on its last block", () => {
    const state = chainOf("building");
    expect(placeBlock(state, block(1, 1, { parentHash: hash("b1.0") }), during(1)).place).to.equal("append");
    expect(placeBlock(state, block(1, 2, { parentHash: hash("b1.1") }), during(1)).place).to.equal("orphan");
    expect(placeBlock(state, block(1, 1, { parentHash: hash("other") }), during(1)).place).to.equal("refused");
    expect(placeBlock(state, block(1, 0), during(1)).place).to.equal("known");
    expect(placeBlock(state, block(1, 0, { hash: hash("twin") }), during(1)).place).to.equal("refused");
  });

  it("keeps several blocks ahead of their parent as orphans instead of jumping", () => {
    const state = genesis();
    for (const index of [1, 2, 3]) expect(placeBlock(state, block(1, index), during(1)).place).to.equal("orphan");
    expect(placeBlock(state, block(2, 0, { parentHash: lastHash(1) }), during(2)).place).to.equal("orphan");
  });

  it("lets nothing build past a certified checkpoint, however late it is", () => {
    const placement = placeBlock(chainOf("certified"), block(2, 0), afterDeadline(2));
    expect(placement).to.deep.include({ place: "refused" });
  });

  it("holds back an impatient successor while the predecessor may still propose, and after it has", () => {
    expect(placeBlock(chainOf("complete"), block(2, 0), during(2)).place).to.equal("orphan");
    expect(placeBlock(chainOf("proposed"), block(2, 0), afterDeadline(1)).place).to.equal("orphan");
  });

  it("holds it back as well where nothing of the predecessor has come here, unless that was skipped by votes", () => {
    expect(placeBlock(genesis(), block(2, 0), during(2)).place).to.equal("orphan");
    expect(placeBlock(genesis(), block(2, 0), afterDeadline(1)).place).to.equal("open");
    const skipped = addCertificate(chainOf("building"), skipCertificate(1)).state;
    expect(placeBlock(skipped, block(2, 0), during(2)).place).to.equal("open");
  });

  it("passes over a predecessor whose proposal can no longer come, and discards its blocks", () => {
    const state = chainOf("building");
    const placement = placeBlock(state, block(2, 0), afterDeadline(1));
    if (placement.place !== "open") throw new Error(placement.place);
    const added = addBlock(state, block(2, 0), placement);
    expect(added.state.unsubmitted.map((entry) => entry.slot)).to.deep.equal([2]);
    expect(added.discarded).to.have.length(1);
    expect(added.discarded[0]).to.include({ slot: 1, reason: "superseded" });
  });

  it("takes a second attempt on another parent only while the slot is not spent", () => {
    const second = block(2, 0, { attempt: 1, hash: hash("again") });
    const unspent = chainOf("certified", "building");
    const onGenesis = { ...unspent, unsubmitted: unspent.unsubmitted.slice(1) };
    expect(placeBlock(onGenesis, second, afterDeadline(1)).place).to.equal("open");
    const spent = chainOf("certified", "proposed");
    expect(placeBlock({ ...spent, unsubmitted: spent.unsubmitted.slice(1) }, second, during(2)).place).to.equal(
      "refused",
    );
  });

  it("ignores blocks of slots that are on L1", () => {
    const state = { ...genesis(), submitted: { ...genesis().submitted, slot: 4 } };
    expect(placeBlock(state, block(4, 0, { parentHash: GENESIS_HASH }), during(4)).place).to.equal("refused");
  });

  it("counts inbox messages of a checkpoint before its proposal is known", () => {
    const state = chainOf("complete");
    const withMessages = {
      ...state,
      unsubmitted: state.unsubmitted.map((entry) => ({
        ...entry,
        blocks: entry.blocks.map((one, i) => (i === 0 ? { ...one, withdrawalCount: 3 } : one)),
      })),
    };
    expect(bases(withMessages).at(-1)?.inboxCount).to.equal(3);
  });
});
