import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { open } from "lmdb";
import {
  MAX_DISCARDED_SLOTS,
  MIN_DISCARDED_SLOTS,
  type StoreChanges,
  StoreError,
} from "../../../sdk/agent/store/interface.ts";
import { type ChainStoreOptions, LmdbChainStore } from "../../../sdk/agent/store/lmdb-chain-store.ts";
import { blockAt, CHAIN_ID, checkpointAt, ROLLUP, statementAt, temporaryDirectory, tipsAt } from "./fixtures.ts";

describe("LmdbChainStore", () => {
  let directory: ReturnType<typeof temporaryDirectory>;
  const opened: LmdbChainStore[] = [];

  beforeEach(() => {
    directory = temporaryDirectory();
  });

  afterEach(async () => {
    for (const store of opened.splice(0)) await store.close();
    directory.remove();
  });

  const path = (): string => join(directory.path, "chain", "chain.mdb");

  function openStore(options: Partial<ChainStoreOptions> = {}): LmdbChainStore {
    const store = new LmdbChainStore({ path: path(), chainId: CHAIN_ID, rollup: ROLLUP, ...options });
    opened.push(store);
    return store;
  }

  async function codeOf(action: () => unknown): Promise<string> {
    try {
      await action();
    } catch (error) {
      expect(error).to.be.instanceOf(StoreError);
      return (error as StoreError).code;
    }
    return "none";
  }

  it("isEmptyWhenNew", () => {
    const empty = { tips: undefined, cursor: undefined, checkpoints: [], blocks: [] };
    expect(openStore().load()).to.deep.equal(empty);
  });

  it("givesBackAllThatWasCommittedAfterReopening", async () => {
    const { signature: _, ...unsigned } = blockAt(2, 2);
    const changes: Required<StoreChanges> = {
      tips: tipsAt([3, 2, 2, 1, 0, 0]),
      cursor: { blockNumber: 77, blockHash: blockAt(1, 1).blockHash },
      putCheckpoints: [
        checkpointAt(2),
        { ...checkpointAt(1), certificate: undefined, landing: undefined, status: "proposed" },
      ],
      putBlocks: [blockAt(2, 0, 1), blockAt(1, 11), blockAt(1, 2), blockAt(300, 0, 0, 380_000), blockAt(2, 1, 0)],
      removeSlots: [],
      draft: { baseHash: blockAt(1, 1).blockHash, block: unsigned },
      equivocations: [{ first: statementAt("proposal", 8n), second: statementAt("proposal", 9n), isOver: true }],
    };
    const first = openStore();
    await first.commit(changes);
    await first.close();
    const second = openStore();
    const { tips, cursor, checkpoints, blocks } = second.load();
    expect(second.draft()).to.deep.equal(changes.draft);
    expect(second.equivocations()).to.deep.equal(changes.equivocations);
    expect(tips).to.deep.equal(changes.tips);
    expect(cursor).to.deep.equal(changes.cursor);
    expect(checkpoints).to.deep.equal([changes.putCheckpoints[1], changes.putCheckpoints[0]]);
    expect(blocks.map(({ slot, attempt, index }) => [slot, attempt, index])).to.deep.equal([
      [1, 0, 2],
      [1, 0, 11],
      [2, 0, 1],
      [2, 1, 0],
      [300, 0, 0],
    ]);
    expect(blocks[4]).to.deep.equal(changes.putBlocks[3]);
  });

  it("servesTheBlocksOfOneSlotByIndexAndTheCheckpointOfASlot", async () => {
    const store = openStore();
    await store.commit({
      putBlocks: [blockAt(5, 1), blockAt(5, 0), blockAt(55, 0), blockAt(6, 0)],
      putCheckpoints: [checkpointAt(5)],
    });
    expect(store.blocksOf(5)).to.deep.equal([blockAt(5, 0), blockAt(5, 1)]);
    expect(store.checkpointOf(5)).to.deep.equal(checkpointAt(5));
    expect(store.checkpointOf(6)).to.equal(undefined);
    expect(store.blocksOf(7)).to.deep.equal([]);
  });

  it("replacesASlotWithinOneCommit", async () => {
    const store = openStore();
    await store.commit({ putBlocks: [blockAt(5, 0), blockAt(5, 1)], putCheckpoints: [checkpointAt(5)] });
    await store.commit({ removeSlots: [5], putBlocks: [blockAt(5, 0, 1)] });
    expect(store.blocksOf(5)).to.deep.equal([blockAt(5, 0, 1)]);
    expect(store.checkpointOf(5)).to.equal(undefined);
  });

  it("refusesTipsOutOfOrderAndWritesNothingOfTheCommit", async () => {
    const store = openStore();
    await store.commit({ tips: tipsAt([3, 3, 2, 1, 1, 1]) });
    for (const slots of [
      [3, 4, 2, 1, 1, 1],
      [4, 2, 3, 1, 1, 1],
      [4, 3, 1, 2, 1, 1],
      [4, 3, 2, 1, 2, 1],
      [4, 3, 2, 1, 0, 1],
    ] as Parameters<typeof tipsAt>[0][]) {
      const attempt = (): Promise<void> => store.commit({ tips: tipsAt(slots), putCheckpoints: [checkpointAt(9)] });
      expect(await codeOf(attempt), slots.join()).to.equal("tips-order");
    }
    expect(store.load().tips).to.deep.equal(tipsAt([3, 3, 2, 1, 1, 1]));
    expect(store.checkpointOf(9)).to.equal(undefined);
  });

  it("writesNothingOfACommitThatFailsHalfWay", async () => {
    const store = openStore();
    const broken = { ...blockAt(5, 1), parentHash: "0x12" as const };
    let failure: unknown;
    await store
      .commit({ putCheckpoints: [checkpointAt(5)], putBlocks: [blockAt(5, 0), broken] })
      .catch((error: unknown) => {
        failure = error;
      });
    expect(String(failure)).to.contain("parentHash: expected 32 bytes, got 1");
    expect(store.load().checkpoints).to.deep.equal([]);
    expect(store.load().blocks).to.deep.equal([]);
  });

  it("removesFinalSlotsBelowTheRetainedOnesAndNoneThatIsNotFinal", async () => {
    const store = openStore({ retainSlots: 3 });
    const slots = [1, 2, 3, 4, 5, 6, 7, 8];
    await store.commit({ putCheckpoints: slots.map(checkpointAt), putBlocks: slots.map((slot) => blockAt(slot, 0)) });
    await store.commit({ tips: tipsAt([8, 8, 8, 8, 8, 3]) });
    expect(store.load().checkpoints.map(({ slot }) => slot)).to.deep.equal([3, 4, 5, 6, 7, 8]);
    await store.commit({ tips: tipsAt([8, 8, 8, 8, 8, 8]) });
    expect(store.load().checkpoints.map(({ slot }) => slot)).to.deep.equal([5, 6, 7, 8]);
    expect(store.load().blocks.map(({ slot }) => slot)).to.deep.equal([5, 6, 7, 8]);
  });

  it("refusesAnotherChainAndAnotherRollupNamingBoth", async () => {
    await openStore().close();
    expect(await codeOf(() => openStore({ chainId: 1 }))).to.equal("other-chain");
    const rollup = `0x${"cd".repeat(20)}` as const;
    expect(() => openStore({ rollup })).to.throw(
      StoreError,
      `expected rollup ${rollup} on chain 31337, found ${ROLLUP}`,
    );
    expect(openStore().load().tips).to.equal(undefined);
  });

  it("refusesASecondOpenerWhileTheFirstHoldsItAndLeavesTheFirstWorking", async () => {
    const first = openStore();
    expect(await codeOf(() => openStore())).to.equal("in-use");
    await first.commit({ putCheckpoints: [checkpointAt(1)] });
    expect(first.checkpointOf(1)).to.deep.equal(checkpointAt(1));
    await first.close();
    expect(openStore().checkpointOf(1)).to.deep.equal(checkpointAt(1));
  });

  it("refusesAFileThatIsNoDatabase", async () => {
    const file = join(directory.path, "garbage.mdb");
    writeFileSync(file, Buffer.alloc(65_536, 0x5a));
    expect(await codeOf(() => openStore({ path: file }))).to.equal("corrupt");
  });

  it("refusesARowThatWasChangedOnDisk", async () => {
    const store = openStore();
    await store.commit({ putCheckpoints: [checkpointAt(4)] });
    await store.close();
    const raw = open<Buffer>({ path: path(), encoding: "binary", noSubdir: true });
    const row = Buffer.from(raw.get(["checkpoint", 4]) as Buffer);
    row[40] = (row[40] as number) ^ 1;
    raw.putSync(["checkpoint", 4], row);
    await raw.close();
    expect(() => openStore().load()).to.throw(StoreError, "fails its checksum");
  });

  it("answersClosedAfterClose", async () => {
    const store = openStore();
    await store.close();
    await store.close();
    expect(await codeOf(() => store.load())).to.equal("closed");
    expect(await codeOf(() => store.commit({}))).to.equal("closed");
  });

  it("keepsADiscardedCheckpointWholeWhileL1MayHoldItYet", async () => {
    const store = openStore();
    const last = { ...blockAt(5, 1), last: true };
    const record = checkpointAt(5);
    const proposal = { ...record.proposal, header: { ...record.proposal.header, lastBlockHash: last.blockHash } };
    const { certificate, digest } = record;
    const whole = { blocks: [blockAt(5, 0), last], proposal, certificate };
    await store.commit({ putBlocks: whole.blocks, putCheckpoints: [{ ...record, proposal }] });
    expect(store.discardedCheckpoint(5, digest)).to.equal(undefined);
    await store.commit({ removeSlots: [5] });
    expect(store.checkpointOf(5)).to.equal(undefined);
    await store.close();
    const reopened = openStore();
    expect(reopened.discardedCheckpoint(5, digest)).to.deep.equal(whole);
    expect(reopened.discardedCheckpoint(6, digest)).to.equal(undefined);
    const discard = async (slot: number, finalized: number): Promise<void> => {
      await reopened.commit({ putBlocks: [blockAt(slot, 0)] });
      await reopened.commit({ removeSlots: [slot], tips: tipsAt([99, 99, 99, 99, finalized, finalized]) });
    };
    for (let slot = 6; slot < 6 + MIN_DISCARDED_SLOTS; slot++) await discard(slot, 4);
    expect(reopened.discardedCheckpoint(5, digest)).to.deep.equal(whole);
    await discard(50, 5);
    expect(reopened.discardedCheckpoint(5, digest)).to.equal(undefined);
    expect(reopened.discarded()).to.have.length(MIN_DISCARDED_SLOTS + 1);
  });

  it("keepsTheBlocksOfDiscardedSlotsApartAndOfTheNewestOnly", async () => {
    const store = openStore();
    const numbers = Array.from({ length: MAX_DISCARDED_SLOTS + 2 }, (_, i) => i + 1);
    await store.commit({
      putBlocks: numbers.flatMap((slot) => [blockAt(slot, 1), blockAt(slot, 0)]),
      putCheckpoints: numbers.map(checkpointAt),
    });
    await store.commit({ removeSlots: numbers, putBlocks: numbers.map((slot) => blockAt(slot, 0, 1)) });
    await store.commit({ removeSlots: numbers });
    await store.close();
    const reopened = openStore();
    expect(reopened.load().blocks).to.deep.equal([]);
    expect(reopened.discarded().map(({ slot, attempt, index }) => [slot, attempt, index])).to.deep.equal(
      numbers.slice(2).flatMap((slot) => [
        [slot, 0, 1],
        [slot, 1, 0],
      ]),
    );
  });
});
