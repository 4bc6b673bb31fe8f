import { expect } from "chai";
import type { ChainReader, ExecutionEngine } from "../../../sdk/agent/engine/interface.ts";
import type { Hex } from "../../../sdk/types/hex.ts";
import type { ExecutionPayload } from "../../../sdk/types/payload.ts";
import { attributes, benchOf, built, PARENT, pooled } from "./support.ts";

const FORCED: Hex = `0x${"ff".repeat(500)}`;

/** Builds with an engine that puts these into the block whatever it is offered, as a client with a pool does. */
async function build(transactions: Hex[], dataBudget: number, forced: Hex[] = []): Promise<unknown> {
  const { forced: _, ...fields } = attributes();
  const payload: ExecutionPayload = {
    ...fields,
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
  const bench = benchOf({}, { engine: engine as ExecutionEngine & ChainReader });
  const result = await bench.build({ attributes: attributes({ forced }), dataBudget });
  expect(bench.shown, "what is in it is not known before").to.deep.equal([]);
  return result instanceof Error ? result.message : result.payload.transactions;
}

describe("a block of an engine that fills it by itself", () => {
  it("is taken if what was not forced fits the checkpoint's data", async () => {
    const raw: Hex = `0x${"aa".repeat(100)}`;
    expect(await build([raw], 100)).to.deep.equal([raw]);
    expect(await build([FORCED, raw], 100, [FORCED])).to.deep.equal([FORCED, raw]);
  });

  it("is refused if it does not, before it is signed", async () => {
    const raw: Hex = `0x${"aa".repeat(101)}`;
    expect(await build([raw], 100)).to.equal("the engine's block has 101 bytes of transactions, room is for 100");
    expect(await build([FORCED, raw], 100, [FORCED])).to.contain("101 bytes");
  });
});

describe("a block that is sealed once", () => {
  it("is filled until its seal must begin, and published when that is done", async () => {
    const { build: run, pool, engine, shown } = benchOf({ sealMs: () => 30 }, { isContinuous: false });
    const [a, b, late] = [pooled({ tip: 1n }), pooled({ tip: 2n }), pooled({ tip: 3n })];
    pool.put(a);
    const at = { 500: () => pool.put(b), 960: () => pool.put(late) };
    const { payload } = built(await run({ at }));
    expect(payload.transactions).to.deep.equal([a.raw, b.raw]);
    expect([shown, engine.calls.filter((call) => call !== "append")]).to.deep.equal([[], ["start", "get"]]);
  });

  it("comes late, and not shorter, when its seal takes long", async () => {
    const { build: run, pool, clock } = benchOf({ sealMs: () => 300 }, { isContinuous: false });
    pool.put(pooled({ tip: 1n }));
    const { payload } = built(await run({ overMs: 500 }));
    expect(payload.transactions).to.have.length(1);
    expect(clock.nowMs()).to.equal(1_001_500);
  });
});
