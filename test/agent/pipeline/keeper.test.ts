import { expect } from "chai";
import {
  block,
  certificate,
  chainOf,
  digestOf,
  GENESIS_HASH,
  genesis,
  hash,
  landed,
  proposal,
  timetable,
} from "../chain/support.ts";
import { blockProposal, keeperOf } from "./support.ts";

describe("the keeper of the chain", () => {
  it("makes a block durable before it moves the head", async () => {
    const { keeper, commits, heads, events } = keeperOf(genesis());
    await keeper.addBlock(block(1, 0), blockProposal(1, 0), {
      place: "open",
      base: genesis().submitted,
      depth: 0,
      reason: "superseded",
    });
    expect(commits[0]?.putBlocks).to.have.length(1);
    expect(commits[0]?.tips?.head.blockHash).to.equal(hash("b1.0"));
    expect(heads).to.deep.equal([hash("b1.0")]);
    expect(events.map(({ type }) => type)).to.deep.equal(["head"]);
  });

  it("changes nothing when the disk refuses", async () => {
    const { keeper, heads, events } = keeperOf(genesis());
    const broken = keeperOf(genesis(), () => Promise.reject(new Error("disk full")));
    const place = { place: "open", base: genesis().submitted, depth: 0, reason: "superseded" } as const;
    const failure = await broken.keeper
      .addBlock(block(1, 0), blockProposal(1, 0), place)
      .catch((error: Error) => error.message);
    expect(failure).to.equal("disk full");
    expect(broken.keeper.state).to.deep.equal(keeper.state);
    expect([heads, broken.heads, events, broken.events]).to.deep.equal([[], [], [], []]);
  });

  it("returns the transactions of all discarded checkpoints at once, in their old order, and removes their rows", async () => {
    const { keeper, returned, commits, events, heads } = keeperOf(chainOf("certified", "complete"));
    await keeper.applyL1Block({
      blockNumber: 9,
      blockHash: hash("l1"),
      timestamp: timetable.of(1).lastLateBlockMs / 1000,
    });
    expect(returned).to.deep.equal([["b1.0", "b1.1", "b2.0", "b2.1"].map((name) => `${hash(name)}ff`)]);
    expect(commits[0]?.removeSlots).to.deep.equal([1, 2]);
    expect(commits[0]?.cursor?.blockNumber).to.equal(9);
    expect(heads).to.deep.equal([GENESIS_HASH]);
    expect(events.map((event) => event.type === "discarded" && event.discarded.reason)).to.deep.equal([
      "dead",
      "parent-discarded",
    ]);
  });

  it("has what is built past handed back before anything is built, and never what is proposed", async () => {
    const { keeper, returned, events } = keeperOf(chainOf("certified", "complete"));
    await keeper.passOver(hash("b1.1"));
    expect(returned).to.deep.equal([["b2.0", "b2.1"].map((name) => `${hash(name)}ff`)]);
    expect(keeper.state.unsubmitted.map(({ slot }) => slot)).to.deep.equal([1]);
    for (const base of [GENESIS_HASH, hash("b1.1"), hash("no such block")]) await keeper.passOver(base);
    expect(keeper.state.unsubmitted.map(({ slot }) => slot)).to.deep.equal([1]);
    expect(events.map(({ type }) => type)).to.deep.equal(["discarded"]);
    const proposed = keeperOf(chainOf("proposed", "complete")).keeper;
    await proposed.passOver(GENESIS_HASH);
    expect(proposed.state.unsubmitted).to.have.length(2);
  });

  it("tells of a certificate once, with the number of its signers", async () => {
    const { keeper, events } = keeperOf(chainOf("proposed"));
    expect(await keeper.addCertificate(certificate(1))).to.equal(true);
    expect(await keeper.addCertificate(certificate(1))).to.equal(false);
    expect(events).to.deep.equal([{ type: "attested", slot: 1, digest: digestOf(1), signers: 3 }]);
  });

  it("keeps the first proposal of a slot", async () => {
    const { keeper, commits } = keeperOf(chainOf("complete"));
    await keeper.addProposal(proposal(1), digestOf(1));
    await keeper.addProposal({ ...proposal(1), blobHashes: [hash("other")] }, hash("other digest"));
    expect(keeper.state.unsubmitted[0]?.proposed?.digest).to.equal(digestOf(1));
    expect(commits).to.have.length(1);
  });

  it("promotes a landing and records where it stands on L1", async () => {
    const { keeper, commits, events } = keeperOf(chainOf("certified"));
    expect(await keeper.applyLanded(landed(1))).to.equal("promoted");
    expect(commits[0]?.putCheckpoints?.[0]).to.deep.include({
      slot: 1,
      status: "submitted",
      landing: landed(1).landing,
    });
    expect(events[0]?.type).to.equal("submitted");
    expect(keeper.tips.submitted.slot).to.equal(1);
  });

  it("is not moved by being read: tips go on with what is applied, and with nothing else", async () => {
    const { keeper, commits, heads, events } = keeperOf(chainOf("certified"));
    await keeper.applyLanded(landed(1));
    const [state, written, moved, told] = [keeper.state, commits.length, heads.length, events.length];
    const tips = Array.from({ length: 3 }, () => keeper.tips);
    expect(keeper.state).to.equal(state);
    expect(tips).to.deep.equal([tips[0], tips[0], tips[0]]);
    expect([commits.length, heads.length, events.length]).to.deep.equal([written, moved, told]);
    await keeper.applySettled(1);
    await keeper.applyFinalized(1);
    expect([tips[0]?.finalized.slot, keeper.tips.finalized.slot]).to.deep.equal([0, 1]);
  });
});
