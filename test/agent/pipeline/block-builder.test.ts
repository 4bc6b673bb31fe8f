import { expect } from "chai";
import type { ChainReader, ExecutionEngine } from "../../../sdk/agent/engine/interface.ts";
import type { Mempool, PooledTransaction } from "../../../sdk/agent/mempool/interface.ts";
import { BlockBuilder } from "../../../sdk/agent/pipeline/block-builder.ts";
import { ManualClock } from "../../../sdk/agent/time/manual-clock.ts";
import type { Hex } from "../../../sdk/types/hex.ts";
import type { ExecutionPayload, PayloadAttributes } from "../../../sdk/types/payload.ts";

const PARENT: Hex = `0x${"11".repeat(32)}`;
const FORCED: Hex = `0x${"ff".repeat(500)}`;

const attributes = (forced: Hex[]): PayloadAttributes => ({
  timestamp: 1,
  prevRandao: PARENT,
  feeRecipient: `0x${"22".repeat(20)}`,
  withdrawals: [],
  gasLimit: 30_000_000n,
  forced,
});

/** Builds with an engine that puts these into the block whatever it is offered, as a client with a pool does. */
function build(transactions: Hex[], dataBudget: number, forced: Hex[] = []): Promise<unknown> {
  const payload: ExecutionPayload = {
    ...attributes([]),
    parentHash: PARENT,
    stateRoot: PARENT,
    receiptsRoot: PARENT,
    logsBloom: `0x${"00".repeat(256)}`,
    blockNumber: 1,
    gasUsed: 0n,
    extraData: "0x",
    baseFeePerGas: 7n,
    blockHash: PARENT,
    transactions,
  };
  const engine: Partial<ExecutionEngine & ChainReader> = {
    startPayload: async () => "id",
    getNextBaseFee: async () => 7n,
    getPayload: async () => payload,
  };
  const builder = new BlockBuilder({
    engine: engine as ExecutionEngine & ChainReader,
    mempool: {} as Mempool,
    clock: new ManualClock(1_000),
    head: () => PARENT,
  });
  return builder.build(PARENT, attributes(forced), 1_000, dataBudget, new AbortController().signal);
}

describe("a block of an engine that fills it by itself", () => {
  it("is taken if what was not forced fits the checkpoint's data", async () => {
    await build([`0x${"aa".repeat(100)}`], 100);
    await build([FORCED, `0x${"aa".repeat(100)}`], 100, [FORCED]);
  });

  it("is refused if it does not, before it is signed", async () => {
    const refused = async (promise: Promise<unknown>): Promise<string> =>
      promise.then(
        () => "taken",
        (error: Error) => error.message,
      );
    expect(await refused(build([`0x${"aa".repeat(101)}`], 100))).to.equal(
      "the engine's block has 101 bytes of transactions, room is for 100",
    );
    expect(await refused(build([FORCED, `0x${"aa".repeat(101)}`], 100, [FORCED]))).to.contain("101 bytes");
  });
});

describe("a transaction that the block's chain refuses", () => {
  const REFUSED: Hex = `0x${"ab".repeat(32)}`;

  /** What the pool is told to drop, if the head is this block when the engine has answered. */
  async function dropped(headAfter: Hex): Promise<string[]> {
    const drops: string[] = [];
    let head = PARENT;
    const clock = new ManualClock(0);
    const mempool: Partial<Mempool> = {
      epoch: 1,
      pick: () => [{ raw: "0xaa" as Hex, hash: REFUSED } as PooledTransaction],
      drop: (hash, reason) => void drops.push(`${hash.slice(0, 4)} ${reason}`),
    };
    const engine: Partial<ExecutionEngine & ChainReader> = {
      startPayload: async () => "id",
      getNextBaseFee: async () => 7n,
      async appendTransactions() {
        head = headAfter;
        return [{ hash: REFUSED, outcome: "invalid", reason: "nonce too low" }];
      },
      getPayload: async () => {
        throw new Error("enough");
      },
    };
    const parts = { engine: engine as ExecutionEngine & ChainReader, mempool: mempool as Mempool, clock };
    const builder = new BlockBuilder({ ...parts, head: () => head });
    const building = builder.build(PARENT, attributes([]), 1_000, 100, new AbortController().signal);
    const ended = building.catch((error: Error) => error.message);
    for (let turn = 0; turn < 20; turn++) await new Promise<void>((resolve) => setImmediate(resolve));
    await clock.advanceTo(1_000);
    expect(await ended).to.equal("enough");
    return drops;
  }

  it("leaves the pool, for no later block can hold it", async () => {
    expect(await dropped(PARENT)).to.deep.equal(["0xab nonce too low"]);
  });

  it("stays if that chain was discarded meanwhile, and the pool has taken back what was shown on it", async () => {
    expect(await dropped(`0x${"99".repeat(32)}`)).to.deep.equal([]);
  });
});
