import { expect } from "chai";
import { MAX_WAITING_BLOCKS, MAX_WAITING_PROPOSALS, WaitingRoom } from "../../../sdk/agent/pipeline/waiting.ts";
import { proposal } from "../chain/support.ts";
import { blockProposal } from "./support.ts";

describe("the waiting room", () => {
  it("gives blocks back by slot and index, however they came", () => {
    const room = new WaitingRoom();
    for (const [slot, index] of [
      [3, 0],
      [2, 1],
      [2, 0],
    ] as const)
      room.keepBlock(blockProposal(slot, index));
    expect(room.blocks.map(({ slot, index }) => [slot, index])).to.deep.equal([
      [2, 0],
      [2, 1],
      [3, 0],
    ]);
    expect([2, 3, 4].map((slot) => room.hasBlockOf(slot))).to.deep.equal([true, true, false]);
  });

  it("is bounded: a flood drives out the oldest and nothing else", () => {
    const room = new WaitingRoom();
    for (let index = 0; index < 3 * MAX_WAITING_BLOCKS; index++) room.keepBlock(blockProposal(9, index));
    expect(room.blocks).to.have.length(MAX_WAITING_BLOCKS);
    expect(room.blocks[0]?.index).to.equal(2 * MAX_WAITING_BLOCKS);
    for (let slot = 1; slot <= 3 * MAX_WAITING_PROPOSALS; slot++) room.keepProposal(proposal(slot));
    expect(room.proposals).to.have.length(MAX_WAITING_PROPOSALS);
  });

  it("keeps several proposals at once, and the first of each slot", () => {
    const room = new WaitingRoom();
    room.keepProposal(proposal(5));
    room.keepProposal(proposal(4));
    room.keepProposal({ ...proposal(5), blobHashes: [] });
    expect(room.proposals.map(({ header }) => header.slot)).to.deep.equal([4, 5]);
    expect(room.proposals[1]?.blobHashes).to.have.length(1);
  });

  it("forgets what is on L1", () => {
    const room = new WaitingRoom();
    room.keepBlock(blockProposal(2, 0));
    room.keepBlock(blockProposal(3, 0));
    room.keepProposal(proposal(2));
    room.prune(2);
    expect(room.blocks.map(({ slot }) => slot)).to.deep.equal([3]);
    expect(room.proposals).to.have.length(0);
  });
});
