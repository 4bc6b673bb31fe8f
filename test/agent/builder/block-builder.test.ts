import { expect } from "chai";
import { SenderLimits } from "../../../sdk/agent/builder/limits.ts";
import { EngineError } from "../../../sdk/agent/engine/interface.ts";
import { decodeBlockData } from "../../../sdk/blob/blockData.ts";
import type { Hex } from "../../../sdk/types/hex.ts";
import { attributes, benchOf, built, GAS_LIMIT, PARENT, pooled } from "./support.ts";

const INTERVALS = 5;

describe("a block that is built continuously", () => {
  it("shows an empty beginning, then what comes, in parts that make up the block", async () => {
    const { build, pool, shown, engine } = benchOf();
    const [a, b] = [pooled({ tip: 1n }), pooled({ tip: 2n })];
    const { payload, data } = built(await build({ at: { 250: () => pool.put(a), 650: () => pool.put(b) } }));
    expect(payload.transactions).to.deep.equal([a.raw, b.raw]);
    expect(decodeBlockData(data)).to.deep.equal(payload);
    expect(
      shown.map(({ index, from, atMs, payload: { transactions } }) => [index, from, atMs, transactions]),
    ).to.deep.equal([
      [0, 0, 200, []],
      [1, 0, 400, [a.raw]],
      [2, 1, 800, [a.raw, b.raw]],
    ]);
    expect(engine.kept).to.deep.equal([payload.blockHash]);
    expect([engine.payloads.size, new Set(shown.map(({ payloadId }) => payloadId)).size]).to.deep.equal([0, 1]);
  });

  it("is published at its end as it was sealed: nothing is asked of the engine in between but to keep it", async () => {
    const { build, pool, engine } = benchOf();
    pool.put(pooled({ tip: 1n }));
    const before = { 999: () => void engine.calls.push("here") };
    built(await build({ at: before }));
    expect(engine.calls.slice(engine.calls.indexOf("here") + 1)).to.deep.equal(["keep", "drop"]);
  });

  it("is another sequence for each block, also on the same parent at the same time", async () => {
    const { build, shown, builder, clock } = benchOf();
    await build();
    const signal = new AbortController().signal;
    const second = [0, 1].map(() =>
      builder.build(PARENT, attributes(), { startMs: clock.nowMs(), endMs: clock.nowMs() + 300 }, 1e6, signal),
    );
    await new Promise<void>((resolve) => setImmediate(resolve));
    await clock.advanceTo(clock.nowMs() + 300);
    await Promise.all(second);
    const frames = shown.map(({ payloadId, index }) => `${payloadId} ${index}`);
    expect(new Set(frames).size).to.equal(frames.length);
    expect(new Set(shown.map(({ payloadId }) => payloadId)).size).to.equal(3);
    for (const { payloadId } of shown) expect(payloadId).to.match(/^0x[0-9a-f]{16}$/);
  });

  it("takes zero-tip transactions as well, and what was forced stands first and is offered no second time", async () => {
    const { build, pool, shown } = benchOf();
    const [forced, free] = [pooled({ tip: 5n }), pooled({ tip: 0n })];
    pool.put(forced, free);
    const { payload } = built(await build({ attributes: attributes({ forced: [forced.raw] }) }));
    expect(payload.transactions).to.deep.equal([forced.raw, free.raw]);
    expect(shown[0]?.from).to.equal(0);
    expect(shown.at(-1)?.payload.transactions).to.deep.equal(payload.transactions);
  });

  it("keeps to its gas, shared among its intervals, and to its data", async () => {
    const { build, pool, shown } = benchOf();
    for (let i = 0; i < 60; i++) pool.put(pooled({ tip: 1n }));
    const { payload } = built(await build());
    expect(payload.gasUsed).to.equal(21_000n * (GAS_LIMIT / 21_000n));
    const counts = shown.map(({ payload: { transactions } }) => transactions.length);
    expect(counts).to.deep.equal([9, 19, 28, 38, 47]);
    const small = benchOf();
    for (let i = 0; i < 9; i++) small.pool.put(pooled({ tip: 1n }));
    expect(built(await small.build({ dataBudget: 350 })).payload.transactions).to.have.length(3);
  });

  it("gives the tail of a full interval to who pays more, and never what was shown", async () => {
    const { build, pool, shown, stats } = benchOf();
    const poor = Array.from({ length: 20 }, () => pooled({ tip: 1n }));
    pool.put(...poor);
    const rich = [pooled({ tip: 9n }), pooled({ tip: 8n })];
    const { payload } = built(await build({ at: { 300: () => pool.put(...rich) } }));
    const first = shown[0]?.payload.transactions ?? [];
    expect(payload.transactions.slice(0, 9)).to.deep.equal(first);
    expect(shown[1]?.payload.transactions).to.include.members(rich.map(({ raw }) => raw));
    expect(shown[1]?.payload.transactions).to.have.length(19);
    expect(payload.transactions).to.have.members([...poor, ...rich].map(({ raw }) => raw));
    expect([stats.improved > 0, stats.improvedWei >= 21_000n * 15n]).to.deep.equal([true, true]);
  });

  it("finds what fits behind many that do not", async () => {
    const { build, pool } = benchOf();
    const from: Hex = `0x${"ee".repeat(20)}`;
    for (let nonce = 0; nonce < 200; nonce++) pool.put(pooled({ tip: 9n, from, nonce, gasLimit: GAS_LIMIT + 1n }));
    const small = pooled({ tip: 1n });
    pool.put(small);
    expect(built(await build()).payload.transactions).to.deep.equal([small.raw]);
  });

  it("lets the pool drop what the engine refuses for good, unless the head has moved", async () => {
    for (const head of [PARENT, `0x${"99".repeat(32)}` as Hex]) {
      const { build, pool, engine } = benchOf({}, { head: () => head });
      const bad = pooled({ tip: 1n });
      engine.refused.add(bad.hash);
      pool.put(bad);
      expect(built(await build()).payload.transactions).to.deep.equal([]);
      expect(pool.dropped).to.deep.equal(head === PARENT ? [bad.hash] : []);
    }
  });

  it("does not ask an engine over and over whose clock says that there is no time left", async () => {
    const { build, pool, engine } = benchOf();
    const append = engine.appendTransactions.bind(engine);
    engine.appendTransactions = (id, raws) => append(id, raws, 0);
    pool.put(pooled({ tip: 1n }));
    built(await build());
    expect(engine.calls.filter((call) => call === "append").length).to.be.within(1, INTERVALS);
  });

  it("leaves an unchanged pool alone, longer and longer", async () => {
    const { build, pool, engine } = benchOf();
    built(await build());
    expect(pool.picks).to.be.at.most(INTERVALS);
    expect(engine.calls.filter((call) => call === "seal")).to.have.length(1);
  });
});

describe("a block that is begun ahead of its time", () => {
  it("shows what it has when its time comes, and no sooner", async () => {
    const { build, pool, shown } = benchOf({ sealMs: () => 10 });
    const [early, later] = [pooled({ tip: 1n }), pooled({ tip: 1n })];
    pool.put(early);
    const { payload } = built(await build({ leadMs: 400, at: { 500: () => pool.put(later) } }));
    expect(shown.map(({ atMs, payload: { transactions } }) => [atMs, transactions.length])).to.deep.equal([
      [400, 1],
      [600, 2],
    ]);
    expect(payload.transactions).to.deep.equal([early.raw, later.raw]);
  });

  it("has shown nothing when what it stands on goes before that", async () => {
    const { build, pool, shown, engine } = benchOf();
    pool.put(pooled({ tip: 1n }));
    const abort = new AbortController();
    const reason = new Error("stale");
    expect(await build({ leadMs: 400, signal: abort.signal, at: { 399: () => abort.abort(reason) } })).to.equal(reason);
    expect([shown, pool.discarded, engine.payloads.size]).to.deep.equal([[], [], 0]);
  });
});

describe("a trigger that finds nothing sealed", () => {
  for (let miss = 0; miss < INTERVALS; miss++) {
    it(`in interval ${miss} is a miss, shows nothing new, and stops neither the block nor what was under way`, async () => {
      // Each interval has one transaction; the seal of one of them takes until after the trigger of its interval.
      let seals = 0;
      const missing = miss === 0 ? 0 : miss + 1;
      const { build, pool, shown, stats, engine } = benchOf({
        sealMs: () => (seals++ === missing ? (miss === 0 ? 290 : 190) : 1),
      });
      const added = Array.from({ length: INTERVALS }, () => pooled({ tip: 1n }));
      const at = Object.fromEntries(added.map((one, i) => [i * 200 + 20, () => pool.put(one)]));
      const { payload } = built(await build({ at, overMs: 300 }));
      expect(stats.triggersMissed.flatMap((count, index) => (count > 0 ? [index] : []))).to.deep.equal([miss]);
      const times = shown.map(({ atMs }) => atMs);
      expect(times).to.not.include((miss + 1) * 200);
      expect(new Set(shown.map(({ index }) => index)).size, "no gap and no second one").to.equal(shown.length);
      const expected = miss === INTERVALS - 1 ? added.slice(0, -1) : added;
      expect(payload.transactions).to.deep.equal(expected.map(({ raw }) => raw));
      expect(stats.building).to.equal(0);
      expect(engine.payloads.size).to.equal(0);
    });
  }

  it("a seal that ends two intervals late changes nothing", async () => {
    let seals = 0;
    const { build, pool, shown, engine } = benchOf({ sealMs: () => (seals++ === 1 ? 500 : 1) });
    const [a, b] = [pooled({ tip: 1n }), pooled({ tip: 1n })];
    pool.put(a);
    built(await build({ at: { 450: () => pool.put(b) } }));
    const [, late, again] = engine.sealed;
    expect(late?.payload.transactions, "sealed for the first interval").to.deep.equal([a.raw]);
    expect((late?.toMs ?? 0) - 1_000_000).to.be.within(401, 599);
    expect(shown.map(({ atMs }) => atMs)).to.deep.equal([200, 600, 800]);
    expect(shown.map(({ payload }) => payload)).to.not.include(late?.payload);
    expect(shown[1]?.payload).to.equal(again?.payload);
    expect(shown[2]?.payload.transactions).to.deep.equal([a.raw, b.raw]);
  });

  it("not even an empty candidate at the end, waits for the first one and for nothing else", async () => {
    let seals = 0;
    const { build, pool, shown, stats } = benchOf({ sealMs: () => (seals++ === 0 ? 1_200 : 1) });
    pool.put(pooled({ tip: 1n }));
    const { payload } = built(await build({ overMs: 300 }));
    expect(shown.map(({ index, atMs }) => [index, atMs])).to.deep.equal([[0, 1_200]]);
    expect(payload.transactions).to.deep.equal([]);
    expect(stats.triggersMissed.slice(0, INTERVALS)).to.deep.equal([1, 1, 1, 1, 1]);
  });
});

describe("a block that is given up", () => {
  const REASON = new Error("the chain below changed");

  for (const atMs of [0, 100, 199, 201, 450, 850, 999]) {
    it(`after ${atMs} ms shows nothing more, leaves no payload and no task, and gives back what it showed`, async () => {
      const { build, pool, shown, abandoned, engine, stats } = benchOf({ sealMs: () => 30, appendMs: () => 20 });
      const added = Array.from({ length: 3 }, () => pooled({ tip: 1n }));
      pool.put(...added);
      const abort = new AbortController();
      const result = await build({ at: { [atMs]: () => abort.abort(REASON) }, signal: abort.signal, overMs: 500 });
      expect(result).to.equal(REASON);
      expect(shown.filter((one) => one.atMs > atMs)).to.deep.equal([]);
      expect([engine.payloads.size, engine.kept, stats.building]).to.deep.equal([0, [], 0]);
      const seen = shown.at(-1)?.payload.transactions ?? [];
      expect(pool.discarded).to.deep.equal(seen.length > 0 ? [seen] : []);
      expect(abandoned.map(({ transactions, reason }) => [transactions, reason])).to.deep.equal(
        seen.length > 0 ? [[seen, REASON.message]] : [],
      );
    });
  }

  it("does not begin when it is given up before", async () => {
    const { build, engine } = benchOf();
    expect(await build({ signal: AbortSignal.abort(REASON) })).to.equal(REASON);
    expect(engine.calls).to.deep.equal([]);
  });
});

describe("what fails beside a block", () => {
  it("the engine's end in the middle of an interval ends the block, once, and gives back what was shown", async () => {
    for (const call of ["seal", "append"]) {
      const { build, pool, engine, shown, stats } = benchOf();
      const a = pooled({ tip: 1n });
      pool.put(a);
      const crash = new EngineError("crashed", "the thread ended");
      const fail = (): void => {
        engine.faults.set(call, crash);
        pool.put(pooled({ tip: 1n }));
      };
      const at = { 500: fail };
      expect(await build({ at, overMs: 500 })).to.equal(crash);
      expect(shown.map(({ atMs }) => atMs)).to.deep.equal([200]);
      expect(pool.discarded).to.deep.equal([[a.raw]]);
      expect(stats.building).to.equal(0);
    }
  });

  it("a pool that fails is told of and asked again, while the triggers go on", async () => {
    const { build, pool, stats, logged, shown } = benchOf();
    const pick = pool.pick.bind(pool);
    let failures = 3;
    pool.pick = (...args) => {
      if (failures-- > 0) throw new Error("the pool is broken");
      return pick(...args);
    };
    const a = pooled({ tip: 1n });
    pool.put(a);
    expect(built(await build()).payload.transactions).to.deep.equal([a.raw]);
    expect([stats.poolFailures, logged.length, shown[0]?.atMs]).to.deep.equal([3, 3, 200]);
    pool.pick = () => {
      throw new Error("for good");
    };
    const { payload } = built(await build());
    expect(payload.transactions, "the empty one was sealed before").to.deep.equal([]);
    expect(stats.poolBeatMs).to.be.greaterThan(1_001_900);
  });

  it("a reader that fails takes no trigger with it", async () => {
    const shown: number[] = [];
    const { build, pool, stats, logged } = benchOf(
      {},
      {
        show: ({ index }) => {
          shown.push(index);
          throw new Error("the reader is broken");
        },
      },
    );
    pool.put(pooled({ tip: 1n }));
    built(await build({ at: { 500: () => pool.put(pooled({ tip: 1n })) } }));
    expect(shown).to.deep.equal([0, 1]);
    expect([stats.triggerFailures, logged.length]).to.deep.equal([2, 2]);
  });

  it("what fails over and over before anything is sealed ends the block when its time is over", async () => {
    const { build, engine, stats, shown } = benchOf();
    const broken = new Error("no seal for any reason");
    engine.sealCandidate = () => Promise.reject(broken);
    expect(await build({ overMs: 100 })).to.equal(broken);
    expect([shown, stats.building]).to.deep.equal([[], 0]);
  });

  it("nothing is dropped before the engine has kept the block, however long that takes", async () => {
    const { build, engine } = benchOf();
    const order: string[] = [];
    const kept = Promise.withResolvers<void>();
    engine.keepCandidate = () => kept.promise.then(() => void order.push("kept"));
    engine.dropPayload = async () => void order.push("dropped");
    built(await build());
    await new Promise<void>((resolve) => setImmediate(resolve));
    expect(order).to.deep.equal([]);
    kept.resolve();
    await new Promise<void>((resolve) => setImmediate(resolve));
    expect(order).to.deep.equal(["kept", "dropped"]);
  });

  it("a block that the engine did not keep is published all the same", async () => {
    const { build, engine, logged } = benchOf();
    engine.faults.set("keep", new EngineError("unknown-payload", "not held"));
    built(await build());
    expect(logged).to.deep.equal(["the engine did not keep a block, and executes it again"]);
  });
});

describe("limits of a sender", () => {
  it("are charged for what is shown, and for nothing that lost or was given up", async () => {
    const charged: [Hex, bigint][] = [];
    const limits = new (class extends SenderLimits {
      override charge(...[sender, used, nowMs]: Parameters<SenderLimits["charge"]>): void {
        charged.push([sender, used.gas]);
        super.charge(sender, used, nowMs);
      }
    })({ gasBurst: 10n ** 9n, gasPerSecond: 0n, computeBurstMs: 1e9, computeMsPerSecond: 0, maxSenders: 100 });
    const { build, pool, shown } = benchOf({}, { limits });
    pool.put(...Array.from({ length: 12 }, () => pooled({ tip: 1n })));
    const rich = pooled({ tip: 9n });
    const { payload } = built(await build({ at: { 100: () => pool.put(rich) } }));
    const seen = payload.transactions.map((raw) => pool.find(raw).from);
    expect(shown[0]?.payload.transactions).to.include(rich.raw);
    expect(charged.map(([sender]) => sender)).to.deep.equal(seen);
    const abort = new AbortController();
    await build({ signal: abort.signal, at: { 100: () => abort.abort(new Error("given up")) } });
    expect(charged).to.have.length(seen.length);
  });
});

describe("two hundred random pools", () => {
  it("are shown as the best candidate that was sealed by each trigger", async () => {
    let [compared, improved] = [0, 0];
    for (let seed = 1; seed <= 200; seed++) {
      let state = seed * 2_654_435_761;
      const next = (below: number): number => {
        state = (Math.imul(state ^ (state >>> 15), 2_246_822_519) + 0x9e3779b9) >>> 0;
        return state % below;
      };
      const { build, pool, shown, engine, stats } = benchOf({ sealMs: () => next(30), appendMs: () => next(20) });
      const at: Record<number, () => void> = {};
      for (let i = 0; i < 40; i++) {
        const one = pooled({ tip: BigInt(next(50)), gasLimit: BigInt(21_000 + next(60_000)) });
        at[next(1_000) + i / 100] = () => pool.put(one);
      }
      const feesOf = (raws: readonly Hex[]): bigint =>
        raws.reduce((sum, raw) => sum + pool.find(raw).gasLimit * pool.find(raw).maxPriorityFeePerGas, 0n);
      const { payload } = built(await build({ at, overMs: 100 }));
      let before: readonly Hex[] = [];
      let shownMs = 0;
      for (const { payload: part, index, atMs } of shown) {
        const { transactions } = part;
        expect(transactions.slice(0, before.length), `seed ${seed}, ${index}`).to.deep.equal(before);
        const inTime = engine.sealed.filter(
          ({ payload: { transactions: rival }, fromMs, toMs }) =>
            fromMs - 1_000_000 > Math.max(shownMs, atMs - 200) &&
            toMs - 1_000_000 < atMs &&
            before.every((raw, i) => raw === rival[i]),
        );
        for (const { payload: rival } of inTime) {
          compared++;
          expect(feesOf(transactions) >= feesOf(rival.transactions), `seed ${seed}, ${index}`).to.equal(true);
        }
        expect(engine.sealed.some((one) => one.payload === part)).to.equal(true);
        before = transactions;
        shownMs = atMs;
      }
      expect(payload.transactions).to.deep.equal(before);
      expect(payload.gasUsed <= GAS_LIMIT).to.equal(true);
      expect(new Set(payload.transactions).size).to.equal(payload.transactions.length);
      improved += stats.improved;
    }
    expect([compared > 1_000, improved > 200], `${compared} compared, ${improved} improved`).to.deep.equal([
      true,
      true,
    ]);
  });
});
