import { expect } from "chai";
import type { L1Event } from "../../../sdk/agent/l1/interface.ts";
import { heldCheckpoint } from "../../../sdk/agent/pipeline/checkpoint.ts";
import { L1Follower, MAX_HELD_BACK } from "../../../sdk/agent/pipeline/l1-follower.ts";
import { Mailbox } from "../../../sdk/agent/time/mailbox.ts";
import type { CheckpointData } from "../../../sdk/agent/types/messages.ts";
import { decodeBlockData, encodeBlockData } from "../../../sdk/blob/blockData.ts";
import { block, genesis, hash, landed, timetable } from "../chain/support.ts";
import { Collector } from "../network/fixtures.ts";
import { checkpointOn, type FollowerHarness, followerOf, identity, kzg } from "./support.ts";

type Checkpoint = Awaited<ReturnType<typeof checkpointOn>>;

interface Setup extends FollowerHarness {
  l1: L1Follower;
  /** Resolves once what a peer answered was taken in or refused. */
  answered(): Promise<void>;
}

/** A mailbox that tells when a task has run. */
class WatchedMailbox extends Mailbox {
  onDone: () => void = () => {};

  override post(task: () => Promise<void>): boolean {
    return super.post(() => task().finally(() => this.onDone()));
  }
}

/** A node at genesis whose peers answer with what `answers` gives, one after the other; then it asks its own disk. */
function setUp(...answers: (CheckpointData | undefined)[]): Setup {
  const harness = followerOf(genesis(), timetable.of(1).startMs);
  const done = new Collector<string>();
  let waitedFor = 0;
  const mailbox = new WatchedMailbox(100, (error) => done.add(String(error)));
  mailbox.onDone = () => done.add("taken in");
  const l1 = new L1Follower({
    keeper: harness.keeper,
    follower: harness.follower,
    mailbox,
    kzg,
    identity,
    maxBlobs: 3,
    fetch: (landed) => Promise.resolve(answers.shift() ?? heldCheckpoint(harness.store, landed)),
    log: { ...harness.log, warn: () => done.add("refused") },
  });
  const answered = async (): Promise<void> => {
    await done.until(++waitedFor);
    expect(done.values.filter((value) => value.includes("Error"))).to.deep.equal([]);
  };
  return { ...harness, l1, answered };
}

const blockEvent = (
  blockNumber: number,
  over: Partial<Extract<L1Event, { type: "block" }>> = {},
): Extract<L1Event, { type: "block" }> => ({
  type: "block",
  l1: { blockNumber, blockHash: hash(`l1.${blockNumber}`), timestamp: timetable.of(1).startMs / 1000 },
  rolledBackTo: undefined,
  landed: [],
  cured: [],
  settled: undefined,
  finalized: undefined,
  ...over,
});

const landedAs = (checkpoint: Checkpoint, slot: number, l1BlockNumber: number, number = slot) => ({
  ...landed(slot, number, l1BlockNumber),
  digest: checkpoint.digest,
});

describe("a landed checkpoint that is not here", () => {
  let one: Checkpoint;
  let two: Checkpoint;

  before(async () => {
    one = await checkpointOn(genesis().submitted, 1);
    two = await checkpointOn(one.base, 2);
  });

  it("is fetched and taken in, with all that L1 showed behind it", async () => {
    const { l1, keeper, answered } = setUp(one.data, two.data);
    await l1.onEvent(blockEvent(101, { landed: [landedAs(one, 1, 101)] }));
    expect(l1.isBehind).to.equal(true);
    await l1.onEvent(blockEvent(102, { landed: [landedAs(two, 2, 102)] }));
    await answered();
    await answered();
    expect(l1.isBehind).to.equal(false);
    expect([keeper.state.submitted.slot, keeper.state.l1.blockNumber]).to.deep.equal([2, 102]);
  });

  it("is taken from nobody who slips other blocks in, or other bytes of the same", async () => {
    const [first, last] = one.data.blocks as [CheckpointData["blocks"][0], CheckpointData["blocks"][0]];
    const blocks = {
      more: [first, last, { ...two.data.blocks[0], index: 2 } as typeof first],
      otherSlot: [first, last, two.data.blocks[0] as typeof first],
      notLast: [first, { ...last, last: false }],
      otherBytes: [first, { ...last, data: encodeBlockData({ ...decodeBlockData(last.data), gasUsed: 1n }) }],
    };
    for (const [name, wrong] of Object.entries(blocks)) {
      const { l1, keeper, answered } = setUp({ ...one.data, blocks: wrong });
      await l1.onEvent(blockEvent(101, { landed: [landedAs(one, 1, 101)] }));
      await answered();
      expect(keeper.state.unsubmitted, name).to.deep.equal([]);
    }
  });

  it("replaces what was built in its place, without a second question", async () => {
    const { l1, keeper, follower, answered } = setUp(one.data);
    const other = await checkpointOn(genesis().submitted, 1, "'");
    for (const proposed of other.data.blocks) await follower.onBlock(proposed);
    await l1.onEvent(blockEvent(101, { landed: [landedAs(one, 1, 101)] }));
    await answered();
    expect([l1.isBehind, keeper.state.submitted.slot]).to.deep.equal([false, 1]);
  });

  it("does not cost the blocks that stand on it when only its proposal is missing", async () => {
    const { l1, keeper, follower, answered, events } = setUp(one.data);
    for (const proposed of [...one.data.blocks, ...two.data.blocks]) await follower.onBlock(proposed);
    await l1.onEvent(blockEvent(101, { landed: [landedAs(one, 1, 101)] }));
    await answered();
    expect(keeper.state.submitted.slot).to.equal(1);
    expect(keeper.state.unsubmitted.map(({ slot, blocks }) => [slot, blocks.length])).to.deep.equal([[2, 2]]);
    expect(events.some(({ type }) => type === "discarded")).to.equal(false);
  });

  it("is forgotten when L1 has it no more: after a reorg, and after a rollback", async () => {
    const unknown = landed(1, 1, 101);
    const reorg = setUp();
    await reorg.l1.onEvent(blockEvent(100));
    await reorg.l1.onEvent(blockEvent(101, { landed: [unknown] }));
    await reorg.l1.onEvent(blockEvent(102));
    expect(reorg.l1.readTo?.blockNumber).to.equal(102);
    await reorg.l1.onEvent({ type: "rewind", ancestor: blockEvent(100).l1, settled: undefined });
    expect([reorg.l1.isBehind, reorg.l1.readTo?.blockNumber]).to.deep.equal([false, 100]);
    expect(reorg.keeper.state.l1.blockNumber).to.equal(100);

    const challenged = setUp();
    await challenged.l1.onEvent(blockEvent(101, { landed: [unknown] }));
    await challenged.l1.onEvent(blockEvent(102, { rolledBackTo: 0 }));
    expect([challenged.l1.isBehind, challenged.keeper.state.l1.blockNumber]).to.deep.equal([false, 102]);
  });

  it("and had been given up for dead here is taken from this agent's own disk, as is what stood on it", async () => {
    const { l1, keeper, follower, store, answered } = setUp();
    for (const { blocks, proposal } of [one.data, two.data]) {
      for (const proposed of blocks) await follower.onBlock(proposed);
      await follower.onProposal(proposal);
    }
    const late = { ...blockEvent(101).l1, timestamp: timetable.of(2).lastLateBlockMs / 1000 };
    await l1.onEvent(blockEvent(101, { l1: late }));
    expect([keeper.state.unsubmitted, store.blocks.size]).to.deep.equal([[], 0]);
    for (const digest of [undefined, hash("another")]) {
      expect(heldCheckpoint(store, { slot: 1, digest })).to.equal(undefined);
    }
    await l1.onEvent({ type: "rewind", ancestor: blockEvent(100).l1, settled: undefined });
    await l1.onEvent(blockEvent(101, { landed: [landedAs(one, 1, 101), landedAs(two, 2, 101)] }));
    await answered();
    await answered();
    expect([l1.isBehind, keeper.state.submitted.slot]).to.deep.equal([false, 2]);
  });

  it("holds back a bounded part of L1", async () => {
    const { l1 } = setUp();
    await l1.onEvent(blockEvent(101, { landed: [landed(1, 1, 101)] }));
    for (let i = 2; l1.readTo !== undefined; i++) {
      expect(i).to.be.at.most(MAX_HELD_BACK + 1);
      await l1.onEvent(blockEvent(100 + i));
    }
    expect(l1.isBehind).to.equal(true);
  });
});

describe("a challenge and the right checkpoint in one L1 block", () => {
  it("leave the right one", async () => {
    const wrong = await checkpointOn(genesis().submitted, 1, "'");
    const right = await checkpointOn(genesis().submitted, 1);
    const { l1, keeper, answered } = setUp(wrong.data, right.data);
    await l1.onEvent(blockEvent(101, { landed: [landedAs(wrong, 1, 101)] }));
    await answered();
    expect(keeper.state.submitted.slot).to.equal(1);
    await l1.onEvent(blockEvent(102, { rolledBackTo: 0, landed: [landedAs(right, 1, 102)] }));
    await answered();
    expect(keeper.state.submitted.blockHash).to.equal(block(1, 1).hash);
    expect(keeper.state.unsettled.map(({ landing }) => landing.l1BlockNumber)).to.deep.equal([102]);
  });
});

describe("a landed checkpoint that no quorum is known to have signed", () => {
  let one: Checkpoint;
  let two: Checkpoint;
  const ZERO = { kind: "attestation", signers: 7n, signature: "0x" } as const;

  before(async () => {
    one = await checkpointOn(genesis().submitted, 1);
    two = await checkpointOn(one.base, 2);
  });

  const forged = (slot: number, l1BlockNumber: number, number = slot) => ({
    ...landed(slot, number, l1BlockNumber),
    digest: hash(`f${slot}`),
    signed: false,
  });
  const feed = async ({ follower }: Setup, { data }: Checkpoint): Promise<void> => {
    for (const proposed of data.blocks) await follower.onBlock(proposed);
    await follower.onProposal(data.proposal);
  };

  it("is not followed, asks no peer, and stops nobody", async () => {
    const setup = setUp();
    await feed(setup, one);
    await setup.l1.onEvent(blockEvent(101, { landed: [forged(1, 101)] }));
    const { state } = setup.keeper;
    expect(setup.l1.isBehind).to.equal(false);
    expect([state.submitted.slot, state.l1.blockNumber]).to.deep.equal([0, 101]);
    expect(state.unsubmitted.map(({ slot }) => slot)).to.deep.equal([1]);
    expect(state.suspects.map(({ digest }) => digest)).to.deep.equal([hash("f1")]);
    expect(setup.events.filter(({ type }) => type === "discarded")).to.deep.equal([]);
  });

  it("is gone once it is challenged, and the right one is followed in its place", async () => {
    const setup = setUp();
    await feed(setup, one);
    await setup.l1.onEvent(blockEvent(101, { landed: [forged(1, 101)] }));
    await setup.l1.onEvent(blockEvent(102, { rolledBackTo: 0, landed: [landedAs(one, 1, 102)] }));
    expect(setup.keeper.state.suspects).to.deep.equal([]);
    expect(setup.keeper.state.submitted.slot).to.equal(1);
  });

  it("is followed when its certificate comes", async () => {
    const setup = setUp();
    await feed(setup, one);
    await setup.l1.onEvent(blockEvent(101, { landed: [{ ...landedAs(one, 1, 101), signed: false }] }));
    expect(setup.keeper.state.submitted.slot).to.equal(0);
    await setup.keeper.addCertificate({ ...ZERO, slot: 1, digest: one.digest });
    await setup.l1.retry();
    expect(setup.keeper.state.submitted.slot).to.equal(1);
    expect(setup.keeper.state.suspects).to.deep.equal([]);
  });

  it("is followed when L1 itself answers for it, or one that a quorum signed stands on it", async () => {
    const bad = { ...landedAs(one, 1, 101), signed: false };
    const last: { [how: string]: Partial<Extract<L1Event, { type: "block" }>> } = {
      cured: { cured: [1] },
      settled: { settled: 1 },
      built: { landed: [landedAs(two, 2, 102)] },
    };
    for (const [how, event] of Object.entries(last)) {
      const setup = setUp();
      await feed(setup, one);
      await feed(setup, two);
      await setup.l1.onEvent(blockEvent(101, { landed: [bad] }));
      expect(setup.keeper.state.submitted.slot, how).to.equal(0);
      await setup.l1.onEvent(blockEvent(102, event));
      expect(setup.keeper.state.submitted.slot, how).to.equal(how === "built" ? 2 : 1);
      expect(setup.keeper.state.suspects, how).to.deep.equal([]);
    }
  });

  it("keeps the mark on disk before it, so that a node that starts again sees it again", async () => {
    const setup = setUp();
    await setup.l1.onEvent(blockEvent(100));
    await setup.l1.onEvent(blockEvent(101, { landed: [forged(1, 101)] }));
    await setup.l1.onEvent(blockEvent(102));
    expect(setup.store.load().cursor?.blockNumber).to.equal(100);
    await setup.l1.onEvent(blockEvent(103, { rolledBackTo: 0 }));
    expect(setup.store.load().cursor?.blockNumber).to.equal(103);
  });
});
