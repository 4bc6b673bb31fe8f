import { expect } from "chai";
import type { BlockBuilder } from "../../../sdk/agent/builder/block-builder.ts";
import { bases } from "../../../sdk/agent/chain/state.ts";
import type { GuardRow } from "../../../sdk/agent/guard/interface.ts";
import { blockProposalDigest } from "../../../sdk/agent/messages/block-proposal.ts";
import { PipelineEvents } from "../../../sdk/agent/pipeline/events.ts";
import { Proposer } from "../../../sdk/agent/pipeline/proposer.ts";
import { prevRandaoOf } from "../../../sdk/agent/pipeline/rules.ts";
import type { ChainStore } from "../../../sdk/agent/store/interface.ts";
import type { BlockProposal, CheckpointProposal } from "../../../sdk/agent/types/messages.ts";
import { encodeBlockData } from "../../../sdk/blob/blockData.ts";
import { EMPTY_OUTBOX_ROOT } from "../../../sdk/outbox/tree.ts";
import type { Hex } from "../../../sdk/types/hex.ts";
import { chainOf, GENESIS_HASH, genesis, hash, lastHash, timetable } from "../chain/support.ts";
import { checkpointOn, emptyInbox, followerOf, identity, KEYS, kzg, MemoryGuard, rules, signerOf } from "./support.ts";

const SLOT = 1;
const OWNER = SLOT % 4;
const times = timetable.of(SLOT);
/** The second half of the build slot: what a restart leaves. */
const RESTART_MS = times.buildStartMs + 6_000;

const row = (sequence: string): GuardRow => ({
  validator: KEYS[OWNER]!.publicKey,
  kind: "block",
  slot: SLOT,
  sequence,
  digest: hash(`lost ${sequence}`),
});

const attributesAt = (index: number): object => ({
  timestamp: timetable.blockTimestamp(SLOT, index),
  prevRandao: prevRandaoOf(SLOT, index),
  feeRecipient: `0x${"11".repeat(20)}`,
  withdrawals: [],
  gasLimit: rules.gasLimit,
});

function setUp({
  initial = genesis(),
  slot = SLOT,
  slots = [SLOT],
  commit = kzg.commit,
  atMs = 0,
  inbox = emptyInbox,
} = {}) {
  const harness = followerOf(initial, atMs || timetable.of(slot).buildStartMs + 6_000);
  const asked: { startMs: number; endMs: number; atMs: number }[] = [];
  const guard = new MemoryGuard();
  const published: BlockProposal[] = [];
  const proposals: CheckpointProposal[] = [];
  const missed: string[] = [];
  const events = new PipelineEvents((error) => {
    throw error;
  });
  events.on((event) => event.type === "missed-duty" && missed.push(event.reason));
  let built = 0;
  const faults: (() => Promise<void>)[] = [];
  const builder = {
    build: async (parentHash: Hex, attributes: object, window?: { startMs: number; endMs: number }) => {
      if (window !== undefined) asked.push({ ...window, atMs: harness.clock.nowMs() });
      await faults.shift()?.();
      const fields = { stateRoot: hash("state"), receiptsRoot: hash("receipts"), logsBloom: `0x${"00".repeat(256)}` };
      const rest = { blockNumber: ++built, gasUsed: 0n, extraData: "0x", baseFeePerGas: 7n, transactions: [] };
      const payload = { ...attributes, parentHash, ...fields, ...rest, blockHash: hash(`built ${built}`) } as never;
      return { payload, data: encodeBlockData(payload), payloadId: hash(`shown ${built}`) };
    },
  };
  const proposer = new Proposer({
    keeper: harness.keeper,
    builder: builder as Partial<BlockBuilder> as BlockBuilder,
    store: harness.store as Partial<ChainStore> as ChainStore,
    chain: { getStorageAt: () => Promise.resolve(EMPTY_OUTBOX_ROOT) },
    inbox,
    kzg: { ...kzg, commit },
    clock: harness.clock,
    identity,
    rules,
    validators: slots.map((own) => ({ signer: signerOf(own % 4, guard), guard, coinbase: `0x${"11".repeat(20)}` })),
    events,
    blockDigest: blockProposalDigest,
    passOver: (baseHash) => harness.keeper.passOver(baseHash),
    publishBlock: async (block) => {
      published.push(block);
      await harness.follower.onBlock(block);
    },
    publishProposal: async (proposal) => {
      proposals.push(proposal);
      await harness.follower.onProposal(proposal);
    },
    log: harness.log,
  });
  /** Runs the job to its end: its commitments are computed by threads that no clock here moves. */
  async function run(untilMs = times.startMs): Promise<void> {
    proposer.tick(KEYS[slot % 4]?.publicKey);
    await harness.clock.advanceTo(RESTART_MS);
    await harness.clock.advanceTo(untilMs);
    while (proposals.length === 0 && missed.length === 0) await new Promise<void>((resolve) => setImmediate(resolve));
    await proposer.stop();
  }
  /** Takes in what was built before the restart, by this agent or not: the first blocks of the first attempt. */
  async function builtBefore(count: number, signedHere = true): Promise<void> {
    let parentHash = GENESIS_HASH;
    for (let index = 0; index < count; index++) {
      const { payload, data } = await builder.build(parentHash, attributesAt(index));
      const { blockHash } = payload as { blockHash: Hex };
      const place = { slot: SLOT, index, attempt: 0 as const, last: false, parentHash };
      if (signedHere) guard.rows.push(row(`0/${index}`));
      await harness.follower.onBlock({ ...place, blockHash, data, signature: "0x" });
      parentHash = blockHash;
    }
  }
  /** The next block was signed, and the agent went down before anybody had it, itself included. */
  async function lose(index: number): Promise<Hex> {
    const parentHash = harness.keeper.tips.head.blockHash;
    const { payload, data } = await builder.build(parentHash, attributesAt(index));
    const { blockHash } = payload as { blockHash: Hex };
    const block = { slot: SLOT, index, attempt: 0 as const, last: false, parentHash, blockHash, data };
    await harness.store.commit({ draft: { baseHash: GENESIS_HASH, block } });
    guard.rows.push({ ...row(`0/${index}`), digest: blockProposalDigest(block) });
    return blockHash;
  }
  const shown = (): string[] => published.map(({ attempt, index }) => `${attempt}/${index}`);
  return { ...harness, asked, proposer, guard, published, proposals, missed, faults, run, builtBefore, lose, shown };
}

describe("a proposer that was restarted in the middle of its slot", () => {
  it("gives out again what it has, goes on after it, and proposes a shorter checkpoint", async () => {
    const { run, builtBefore, shown, proposals, keeper } = setUp();
    await builtBefore(3);
    await run();
    expect(shown()).to.deep.equal(["0/0", "0/1", "0/2", "0/3", "0/4", "0/5", "0/6", "0/7", "0/8"]);
    expect(proposals).to.have.length(1);
    expect(keeper.state.unsubmitted[0]?.proposed?.proposal).to.equal(proposals[0]);
  });

  it("given a block that it signed and that went no further, signs that one again and goes on after it", async () => {
    const { run, builtBefore, shown, proposals, published, lose, guard } = setUp();
    await builtBefore(2);
    const lost = await lose(2);
    await run();
    expect(shown()).to.deep.equal(["0/0", "0/1", "0/2", "0/3", "0/4", "0/5", "0/6", "0/7", "0/8"]);
    expect(published[2]?.blockHash).to.equal(lost);
    expect(proposals).to.have.length(1);
    expect(guard.rows.filter(({ sequence }) => sequence === "0/2").map(({ digest }) => digest)).to.have.length(2);
    expect(new Set(guard.rows.map(({ kind, sequence, digest }) => `${kind} ${sequence} ${digest}`)).size).to.equal(
      new Set(guard.rows.map(({ kind, sequence }) => `${kind} ${sequence}`)).size,
    );
  });

  it("does so with the very first block as well", async () => {
    const { run, shown, published, lose } = setUp();
    const lost = await lose(0);
    await run();
    expect([shown()[0], published[0]?.blockHash]).to.deep.equal(["0/0", lost]);
  });

  it("given that its first attempt named the parent that still stands, begins no second one and says so once", async () => {
    const { proposer, clock, missed, shown, guard } = setUp();
    guard.rows.push(row("0/0"));
    for (const afterMs of [0, 50, 100]) {
      proposer.tick(KEYS[OWNER]?.publicKey);
      await clock.advanceTo(RESTART_MS + afterMs);
    }
    expect(shown()).to.deep.equal([]);
    expect(missed).to.have.length(1);
    await proposer.stop();
  });
});

describe("a proposer before its slot", () => {
  const [SECOND] = [SLOT + 1];
  const startMs = timetable.of(SECOND).buildStartMs;
  const next = KEYS[SECOND % 4]?.publicKey;

  /** What its builder is asked for, looked at every 50 ms before its slot. */
  async function askedBefore(setting: Parameters<typeof setUp>[0], fromMs = startMs - 2_000) {
    const { proposer, clock, asked, missed } = setUp({ slot: SECOND, slots: [SECOND], atMs: fromMs, ...setting });
    for (let nowMs = fromMs; nowMs < startMs; nowMs += 50) {
      proposer.tick(undefined, next);
      await clock.advanceTo(nowMs + 50);
    }
    await proposer.stop();
    expect(missed).to.deep.equal([]);
    return asked;
  }

  it("begins its first block ahead of its time, once all is there that it stands on", async () => {
    const asked = await askedBefore({ initial: chainOf("complete") });
    const leadMs = Math.min(1_000, 2_000 * timetable.parameters.hopSeconds);
    const [{ atMs, ...times }] = asked as [(typeof asked)[number]];
    // What comes before it is asked for takes a step of this clock.
    expect(atMs).to.be.within(startMs - leadMs, startMs - leadMs + 50);
    expect(times).to.deep.equal({ startMs, endMs: timetable.of(SECOND).blocks[0]?.deadlineMs });
  });

  it("waits for its predecessor's last block, and for messages that were not read yet", async () => {
    expect(await askedBefore({ initial: chainOf("building") })).to.deep.equal([]);
    const unread = { ...emptyInbox, due: () => undefined };
    expect(await askedBefore({ initial: chainOf("complete"), inbox: unread })).to.deep.equal([]);
  });

  it("passes nothing over ahead of time", async () => {
    expect(await askedBefore({ initial: genesis() })).to.deep.equal([]);
  });
});

describe("a proposer", () => {
  it("keeps out of its slot when another agent with its key is building in it", async () => {
    const { proposer, builtBefore, clock, shown, guard, log } = setUp();
    await builtBefore(2, false);
    for (const atMs of [RESTART_MS, RESTART_MS + 1_000, times.startMs - 1]) {
      await clock.advanceTo(atMs);
      proposer.tick(KEYS[OWNER]?.publicKey);
    }
    expect([shown(), guard.rows]).to.deep.equal([[], []]);
    expect(log.lines.filter((line) => line.startsWith("another agent"))).to.have.length(1);
    await proposer.stop();
  });

  it("signs no proposal that the others can no longer accept", async () => {
    const { run, builtBefore, missed, guard } = setUp();
    await builtBefore(1);
    await run(times.proposalDeadlineMs + 1);
    expect(missed).to.deep.equal(["the proposal came too late"]);
    expect(guard.rows.some(({ kind }) => kind === "proposal")).to.equal(false);
  });

  it("goes on with its next slot while the commitments of the one before are still being made", async () => {
    const gate = Promise.withResolvers<void>();
    const commit = (blob: Uint8Array): Promise<Hex> => gate.promise.then(() => kzg.commit(blob));
    const { proposer, clock, published, proposals, missed } = setUp({ slots: [SLOT, SLOT + 1], commit });
    const next = timetable.of(SLOT + 1);
    for (let nowMs = clock.nowMs(); nowMs < next.blocks[1]!.startMs; nowMs += 50) {
      proposer.tick(KEYS[timetable.moment(nowMs).buildSlot % 4]?.publicKey);
      await clock.advanceTo(nowMs + 50);
    }
    expect(proposals).to.deep.equal([]);
    expect(published.map(({ slot }) => slot)).to.include(SLOT + 1);
    expect(missed).to.deep.equal([]);
    gate.resolve();
    while (proposals.length === 0) await new Promise<void>((resolve) => setImmediate(resolve));
    expect(proposals.map(({ header }) => header.slot)).to.deep.equal([SLOT]);
    await proposer.stop();
  });

  it("starts anew on what there is when its job fails because the chain below went away", async () => {
    const { proposer, keeper, clock, faults, published, missed } = setUp({
      initial: chainOf("certified"),
      slot: 2,
      slots: [2],
    });
    faults.push(async () => {
      const timestamp = timetable.of(1).lastLateBlockMs / 1000;
      await keeper.applyL1Block({ blockNumber: 9, blockHash: hash("l1"), timestamp });
      throw new Error("unknown block");
    });
    const startMs = clock.nowMs();
    for (let turn = 0; turn < 5; turn++) {
      proposer.tick(KEYS[2]?.publicKey);
      await clock.advanceTo(startMs + turn);
    }
    await clock.advanceTo(startMs + 1_000);
    expect(missed).to.deep.equal([]);
    expect(published[0]?.parentHash).to.equal(GENESIS_HASH);
    await proposer.stop();
  });

  it("changes to a parent whose proposal comes at the last moment, while its first block without it is filled", async () => {
    const { proposer, keeper, follower, clock, faults, published, missed } = setUp({ slot: 2, slots: [2] });
    const { data } = await checkpointOn(bases(genesis())[0]!, 1);
    let taken = Promise.resolve();
    const take = async (): Promise<void> => {
      for (const block of data.blocks) await follower.onBlock(block);
      await follower.onProposal(data.proposal);
      // The next look drops the job, before anything of it is signed.
      proposer.dropStale();
    };
    faults.push(() => (taken = take()));
    for (let nowMs = clock.nowMs(); published.length === 0; nowMs += 50) {
      proposer.tick(KEYS[2]?.publicKey);
      await clock.advanceTo(nowMs + 50);
      await taken;
    }
    expect(missed).to.deep.equal([]);
    expect(published[0]).to.include({ slot: 2, attempt: 0, parentHash: data.blocks[1]?.blockHash });
    expect(keeper.state.unsubmitted.map(({ slot }) => slot)).to.deep.equal([1, 2]);
    await proposer.stop();
  });

  it("builds anew, as its second attempt, below a parent whose certificate did not come in time", async () => {
    const { proposer, keeper, clock, published, events } = setUp({
      initial: chainOf("proposed"),
      slot: 2,
      slots: [2],
    });
    const overdueMs = timetable.of(1).attestationDeadlineMs + 2000 * timetable.parameters.hopSeconds;
    for (let nowMs = clock.nowMs(); nowMs < overdueMs + 1_500; nowMs += 50) {
      await keeper.applyTime(timetable.moment(nowMs));
      proposer.tick(KEYS[2]?.publicKey);
      await clock.advanceTo(nowMs + 50);
    }
    const firsts = published.filter(({ index }) => index === 0);
    expect(firsts.map(({ attempt, parentHash }) => [attempt, parentHash])).to.deep.equal([
      [0, lastHash(1)],
      [1, GENESIS_HASH],
    ]);
    expect(
      events.flatMap((event) =>
        event.type === "discarded" ? [`${event.discarded.slot} ${event.discarded.reason}`] : [],
      ),
    ).to.deep.equal(["1 uncertified", "2 parent-discarded"]);
    await proposer.stop();
  });
});

describe("a proposer whose chain below goes away", () => {
  /** It is building its first block on slot 1 when the chain may change; what it has shown a while later. */
  async function shownAfter(change: (parts: ReturnType<typeof setUp>) => Promise<void>): Promise<number> {
    const parts = setUp({ initial: chainOf("certified"), slot: 2, slots: [2] });
    const { proposer, clock, faults, published, guard } = parts;
    const building = Promise.withResolvers<void>();
    const release = Promise.withResolvers<void>();
    faults.push(async () => {
      building.resolve();
      await release.promise;
    });
    proposer.tick(KEYS[2]?.publicKey);
    const startMs = clock.nowMs();
    for (let turn = 1; turn <= 5; turn++) await clock.advanceTo(startMs + turn);
    await building.promise;
    await change(parts);
    proposer.dropStale();
    release.resolve();
    for (let turn = 6; turn <= 10; turn++) await clock.advanceTo(startMs + turn);
    const count = published.length;
    expect(guard.rows.length, "signed").to.equal(count);
    await proposer.stop();
    return count;
  }

  it("drops what it builds before that is signed, and says that no duty was missed", async () => {
    const missed: string[][] = [];
    const count = await shownAfter(async (parts) => {
      missed.push(parts.missed);
      const timestamp = timetable.of(1).lastLateBlockMs / 1000;
      await parts.keeper.applyL1Block({ blockNumber: 9, blockHash: hash("l1"), timestamp });
    });
    expect([count, missed]).to.deep.equal([0, [[]]]);
  });

  it("goes on if it is still there", async () => {
    expect(await shownAfter(() => Promise.resolve())).to.equal(1);
  });
});
