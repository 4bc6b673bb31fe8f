import { expect } from "chai";
import { MAX_WAITING_BLOCKS, MAX_WAITING_PROPOSALS, WaitingRoom } from "../../../sdk/agent/pipeline/waiting.ts";
import type { BlockProposal } from "../../../sdk/agent/types/messages.ts";
import { GENESIS_HASH, hash, proposal } from "../chain/support.ts";

const blockAt = (slot: number, index: number): BlockProposal => ({
  slot,
  index,
  attempt: 0,
  last: false,
  parentHash: GENESIS_HASH,
  blockHash: hash(`b${slot}.${index}`),
  data: new Uint8Array(),
  signature: "0x",
});

describe("the waiting room", () => {
  it("gives blocks back by slot and index, however they came", () => {
    const room = new WaitingRoom();
    for (const [slot, index] of [
      [3, 0],
      [2, 1],
      [2, 0],
    ] as const)
      room.keepBlock(blockAt(slot, index));
    expect(room.blocks.map(({ slot, index }) => [slot, index])).to.deep.equal([
      [2, 0],
      [2, 1],
      [3, 0],
    ]);
  });

  it("is bounded: a flood drives out the oldest and nothing else", () => {
    const room = new WaitingRoom();
    for (let index = 0; index < 3 * MAX_WAITING_BLOCKS; index++) room.keepBlock(blockAt(9, index));
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
    room.keepBlock(blockAt(2, 0));
    room.keepBlock(blockAt(3, 0));
    room.keepProposal(proposal(2));
    room.prune(2);
    expect(room.blocks.map(({ slot }) => slot)).to.deep.equal([3]);
    expect(room.proposals).to.have.length(0);
  });
});
