import { expect } from "chai";
import type { L1Event } from "../../../sdk/agent/l1/interface.ts";
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

/** A node at genesis whose peers answer with what `answers` gives, one after the other. */
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
    fetch: () => Promise.resolve(answers.shift()),
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
  settled: undefined,
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
    await reorg.l1.onEvent({ type: "rewind", ancestor: blockEvent(100).l1 });
    expect([reorg.l1.isBehind, reorg.l1.readTo?.blockNumber]).to.deep.equal([false, 100]);
    expect(reorg.keeper.state.l1.blockNumber).to.equal(100);

    const challenged = setUp();
    await challenged.l1.onEvent(blockEvent(101, { landed: [unknown] }));
    await challenged.l1.onEvent(blockEvent(102, { rolledBackTo: 0 }));
    expect([challenged.l1.isBehind, challenged.keeper.state.l1.blockNumber]).to.deep.equal([false, 102]);
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
