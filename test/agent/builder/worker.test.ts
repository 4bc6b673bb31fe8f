import { expect } from "chai";
import { Transaction } from "ethers";
import { WorkerEngine } from "../../../sdk/agent/engine/worker/worker-engine.ts";
import { SystemClock } from "../../../sdk/agent/time/clock.ts";
import type { Hex } from "../../../sdk/types/hex.ts";
import { attributes, GWEI, genesis, genesisPoint, transfer, Workshop, wallets } from "../engine/fixture.ts";
import { benchOf, built, pooled } from "./support.ts";

/** Real time: the thread has to answer in the middle of it, also on a busy machine. */
const BLOCK_MS = 1_500;

/** Far longer than it takes until a first part is shown: a block that is broken off is not to be complete before. */
const LONG_BLOCK_MS = 20_000;

describe("a block built with the engine's thread, in real time", function () {
  this.timeout(60_000);
  const workshop = new Workshop();
  after(() => workshop.cleanUp());

  async function setUp() {
    const crashes: string[] = [];
    const engine = workshop.closeLater(
      await WorkerEngine.open({ path: workshop.path(), genesis }, { onCrash: ({ code }) => void crashes.push(code) }),
    );
    const clock = new SystemClock();
    const bench = benchOf({}, { engine, clock });
    const parent = genesisPoint(engine);
    const begin = (lastsMs = BLOCK_MS) => {
      const startMs = clock.nowMs();
      const window = { startMs, endMs: startMs + lastsMs };
      return bench.builder
        .build(parent.blockHash, attributes(parent), window, 1e6, new AbortController().signal)
        .catch((error: unknown) => error as Error);
    };
    const raws = await Promise.all(
      wallets.flatMap((wallet) => Array.from({ length: 20 }, (_, nonce) => transfer(wallet, nonce, wallet.address))),
    );
    for (const raw of raws) {
      const { from, nonce, gasLimit, hash } = Transaction.from(raw);
      const fees = { gasLimit, maxFeePerGas: 20n * GWEI };
      bench.pool.put(pooled({ tip: GWEI, raw, from: from as Hex, nonce, hash: hash as Hex, ...fees }));
    }
    return { ...bench, engine, crashes, begin, raws };
  }

  it("is what its parts have shown, and what another engine makes of it", async () => {
    const { begin, shown, engine, raws, stats } = await setUp();
    const { payload } = built(await begin());
    const judge = await workshop.open();
    expect(await judge.newPayload(payload)).to.deep.equal({ status: "VALID" });
    expect(await engine.newPayload(payload)).to.deep.equal({ status: "VALID" });
    expect(await engine.getBlock(payload.blockHash)).to.deep.equal(payload);
    let before: readonly Hex[] = [];
    for (const { payload: part, receipts, from } of shown) {
      expect([from, receipts.length]).to.deep.equal([before.length, part.transactions.length - before.length]);
      expect(part.transactions.slice(0, before.length)).to.deep.equal(before);
      before = part.transactions;
    }
    expect(payload.transactions).to.deep.equal(before);
    expect(payload.transactions.length).to.be.within(1, raws.length);
    expect([stats.poolFailures, stats.triggerFailures, stats.building]).to.deep.equal([0, 0, 0]);
  });

  it("ends with the thread, in the middle of an interval, and gives back what was shown", async () => {
    const { begin, shown, engine, pool, stats, abandoned } = await setUp();
    const building = begin(LONG_BLOCK_MS);
    while (shown.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    await engine.close();
    expect(await building).to.include({ name: "EngineError", code: "closed" });
    const seen = shown.at(-1)?.payload.transactions ?? [];
    expect(pool.discarded).to.deep.equal(seen.length > 0 ? [seen] : []);
    expect([abandoned.length, stats.building]).to.deep.equal([seen.length > 0 ? 1 : 0, 0]);
  });
});
