import { expect } from "chai";
import type { ExecutionEngine, ForkchoiceState } from "../../../sdk/agent/engine/interface.ts";
import { restoreChain } from "../../../sdk/agent/pipeline/restore.ts";
import type { Hex } from "../../../sdk/types/hex.ts";
import { GENESIS_HASH, genesis, hash, landed, timetable } from "../chain/support.ts";
import { checkpointOn, type FollowerHarness, followerOf } from "./support.ts";

interface Engine {
  engine: ExecutionEngine;
  heads: Hex[];
}

/** An engine that has lost these blocks, and cannot get them back by execution. */
function engineWithout(...lost: Hex[]): Engine {
  const heads: Hex[] = [];
  const missing = (blockHash: Hex) => ({ status: lost.includes(blockHash) ? "SYNCING" : "VALID" });
  const engine = {
    genesisHash: GENESIS_HASH,
    newPayload: ({ blockHash }: { blockHash: Hex }) => Promise.resolve(missing(blockHash)),
    forkchoiceUpdated: ({ headBlockHash }: ForkchoiceState) => {
      heads.push(headBlockHash);
      return Promise.resolve(missing(headBlockHash));
    },
  };
  return { engine: engine as unknown as ExecutionEngine, heads };
}

/** A node with slots 1 and 2 on L1, slot 3 proposed and slot 4 complete. */
async function running(): Promise<FollowerHarness> {
  const harness = followerOf(genesis(), timetable.of(1).startMs);
  const { follower, keeper } = harness;
  let parent: Parameters<typeof checkpointOn>[0] = genesis().submitted;
  for (const slot of [1, 2, 3, 4]) {
    const checkpoint = await checkpointOn(parent, slot);
    for (const block of checkpoint.data.blocks) await follower.onBlock(block);
    if (slot < 4) await follower.onProposal(checkpoint.data.proposal);
    parent = checkpoint.base;
    if (slot > 2) continue;
    await keeper.applyLanded({ ...landed(slot), digest: checkpoint.digest });
    await keeper.applyL1Block({ blockNumber: 100 + slot, blockHash: hash(`l1.${100 + slot}`), timestamp: 1 });
  }
  return harness;
}

describe("a chain restored after a start", () => {
  it("is the one that was left, but for L1's time, and the engine is told its head", async () => {
    const { keeper, store } = await running();
    const { engine, heads } = engineWithout();
    const restored = await restoreChain(store, engine);
    expect(restored.unsubmitted.map(({ slot, proposed }) => [slot, proposed !== undefined])).to.deep.equal([
      [3, true],
      [4, false],
    ]);
    expect(restored).to.deep.equal({ ...keeper.state, l1: { ...keeper.state.l1, timestamp: 0 } });
    expect(heads).to.deep.equal([keeper.tips.head.blockHash]);
  });

  it("ends below what cannot be rebuilt, here and on disk", async () => {
    const { keeper, store } = await running();
    const top = keeper.state.unsubmitted.at(-1);
    const { engine, heads } = engineWithout(top?.blocks.at(-1)?.hash as Hex);
    const restored = await restoreChain(store, engine);
    expect(restored.unsubmitted).to.deep.equal(keeper.state.unsubmitted.slice(0, -1));
    expect(store.blocksOf(top?.slot as number)).to.deep.equal([]);
    expect(heads).to.have.length(1);
  });

  it("reads L1 again from where a landed checkpoint was lost", async () => {
    const { keeper, store } = await running();
    const { engine } = engineWithout(keeper.state.unsettled[1]?.base.blockHash as Hex);
    const restored = await restoreChain(store, engine);
    expect([restored.submitted.slot, restored.unsubmitted.length]).to.deep.equal([1, 0]);
    expect([restored.l1.blockNumber, store.load().cursor?.blockNumber]).to.deep.equal([101, 101]);
    expect([...store.checkpoints.keys()]).to.deep.equal([1]);
  });

  it("keeps what is settled and what is final, whether an L1 reorg unsettles it or not", async () => {
    const { keeper, store } = await running();
    await keeper.applySettled(2);
    await keeper.applyFinalized(1);
    const restored = await restoreChain(store, engineWithout().engine);
    expect(restored).to.deep.equal({ ...keeper.state, l1: { ...keeper.state.l1, timestamp: 0 } });
    expect([restored.finalized.slot, restored.settled.slot, restored.submitted.slot]).to.deep.equal([1, 2, 2]);
  });

  it("reads L1 again from where a settled checkpoint was lost that is not final", async () => {
    const { keeper, store } = await running();
    await keeper.applySettled(2);
    await keeper.applyFinalized(1);
    const restored = await restoreChain(store, engineWithout(keeper.state.settled.blockHash).engine);
    expect([restored.settled.slot, restored.l1.blockNumber]).to.deep.equal([1, 101]);
  });

  it("is refused when the engine has lost what is final", async () => {
    const { keeper, store } = await running();
    await keeper.applySettled(2);
    await keeper.applyFinalized(2);
    const lost = [keeper.state.settled, ...keeper.state.unsubmitted.flatMap(({ blocks }) => blocks)];
    const { engine } = engineWithout(...lost.map((one) => ("blockHash" in one ? one.blockHash : one.hash)));
    const failure = await restoreChain(store, engine).catch((error: Error) => error.message);
    expect(failure).to.match(/^the engine's database lacks final block 4 /);
  });
});
