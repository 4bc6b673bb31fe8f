import { expect } from "chai";
import fc from "fast-check";
import type { Hex } from "../../../sdk/types/hex.ts";
import { codeOf, ONE_ETHER, poolFixture, sign } from "./support/fixture.ts";

describe("mempool: blocks and discards", () => {
  it("lets included transactions go and says so", async () => {
    const { pool, chain, wallets } = poolFixture();
    const raw = await sign(wallets[0]!, 0);
    const { hash } = await pool.add(raw);
    await pool.add(await sign(wallets[0]!, 1));
    chain.set(wallets[0]!.address, 1);
    await pool.onBlock([raw]);
    expect(pool.status(hash)).to.deep.equal({ status: "included" });
    expect(pool.pick(7n, 5).map((one) => one.nonce)).to.deep.equal([1]);
  });

  it("drops what a block made stale: another transaction took its nonce", async () => {
    const { pool, chain, wallets } = poolFixture();
    const { hash } = await pool.add(await sign(wallets[0]!, 0));
    chain.set(wallets[0]!.address, 1);
    await pool.onBlock([await sign(wallets[0]!, 0, { tip: 333n })]);
    expect(pool.status(hash)).to.include({ status: "dropped", reason: "nonce-too-low" });
    expect(pool.size).to.equal(0);
  });

  it("drops the tail that a block left without balance", async () => {
    const { pool, chain, wallets } = poolFixture();
    const cost = 21_000n * 10_000n + 1n;
    await pool.add(await sign(wallets[0]!, 0));
    const tail = await pool.add(await sign(wallets[0]!, 1));
    chain.set(wallets[0]!.address, 0, cost);
    await pool.onBlock([]);
    expect(pool.status(tail.hash)).to.include({ status: "dropped", reason: "insufficient-funds" });
    expect(pool.size).to.equal(1);
  });

  it("re-reads accounts no block touched in turn, a bounded number per block", async () => {
    const { pool, chain, wallets } = poolFixture({ refreshPerBlock: 2 }, 5);
    for (const wallet of wallets) await pool.add(await sign(wallet, 0));
    for (const wallet of wallets) chain.set(wallet.address, 0, 0n);
    await pool.onBlock([]);
    expect(pool.size).to.equal(3);
    await pool.onBlock([]);
    await pool.onBlock([]);
    expect(pool.size).to.equal(0);
  });

  it("brings discarded transactions back first in line, in their old order, whatever others offer", async () => {
    const { pool, chain, wallets } = poolFixture();
    const shown: Hex[] = [];
    for (const [i, wallet] of wallets.entries()) shown.push(await sign(wallet, 0, { tip: BigInt(1 + i) }));
    shown.push(await sign(wallets[0]!, 1, { tip: 1n }));
    for (const wallet of wallets) chain.set(wallet.address, 1);
    await pool.onBlock(shown);
    for (const wallet of wallets) chain.set(wallet.address, 0);
    await pool.onDiscard(shown);
    await pool.add(await sign(wallets[1]!, 1, { tip: 5_000n }));
    const picked = pool.pick(7n, 10);
    expect(picked.slice(0, 4).map((one) => one.raw)).to.deep.equal(shown);
    expect(picked.slice(0, 4).every((one) => one.preconfirmed)).to.equal(true);
    expect(picked[4]?.preconfirmed).to.equal(false);
  });

  it("keeps what returns outside its bounds, and past its expiry", async () => {
    const { pool, clock, wallets } = poolFixture({ maxTransactions: 1, maxPerAccount: 1, lifetimeMs: 1_000 });
    const shown = [await sign(wallets[0]!, 0, { tip: 1n }), await sign(wallets[0]!, 1, { tip: 1n })];
    await pool.onDiscard(shown);
    await pool.add(await sign(wallets[1]!, 0, { tip: 2n }));
    await pool.add(await sign(wallets[2]!, 0, { tip: 3n }));
    expect(pool.size).to.equal(3);
    await clock.advanceTo(clock.nowMs() + 5_000);
    expect(pool.pick(7n, 5).map((one) => one.raw)).to.deep.equal(shown);
  });

  it("lets a preconfirmed transaction go when it is included, invalid, or replaced by its sender", async () => {
    const { pool, chain, wallets } = poolFixture();
    const shown = await Promise.all(wallets.map((wallet) => sign(wallet, 0)));
    await pool.onDiscard(shown);
    const [included, invalid, replaced] = pool.pick(7n, 5);
    pool.drop(invalid!.hash, "reverted by the engine");
    expect(await codeOf(pool.add(await sign(wallets[2]!, 0, { tip: 105n })))).to.equal("replacement-underpriced");
    await pool.add(await sign(wallets[2]!, 0, { tip: 200n, fee: 20_000n }));
    chain.set(wallets[0]!.address, 1);
    await pool.onBlock([shown[0]!]);
    expect(pool.status(included!.hash)).to.deep.equal({ status: "included" });
    expect(pool.status(invalid!.hash)).to.include({ reason: "invalid" });
    expect(pool.status(replaced!.hash)).to.include({ reason: "replaced" });
    expect(pool.pick(7n, 5).map((one) => one.preconfirmed)).to.deep.equal([false]);
  });

  it("runs a preconfirmed transaction behind its account's replaced predecessor", async () => {
    const { pool, wallets } = poolFixture();
    const shown = [await sign(wallets[0]!, 0), await sign(wallets[0]!, 1)];
    await pool.onDiscard(shown);
    const replacement = await pool.add(await sign(wallets[0]!, 0, { tip: 200n, fee: 20_000n }));
    expect(pool.pick(7n, 5).map((one) => one.hash)).to.deep.equal([replacement.hash, pool.pick(7n, 5)[1]!.hash]);
    expect(pool.pick(7n, 5)[1]!.raw).to.equal(shown[1]);
  });

  it("never brings back what the new head includes already", async () => {
    const { pool, chain, wallets } = poolFixture();
    const shown = [await sign(wallets[0]!, 0), await sign(wallets[1]!, 0)];
    chain.set(wallets[0]!.address, 1);
    await pool.onDiscard(shown);
    expect(pool.pick(7n, 5).map((one) => one.raw)).to.deep.equal([shown[1]]);
  });

  it("loses nothing shown when the chain cannot be read during a discard", async () => {
    const { pool, chain, wallets } = poolFixture();
    const shown = [await sign(wallets[0]!, 0)];
    chain.gate = Promise.reject(new Error("engine restarts"));
    const failure = await pool.onDiscard(shown).catch((error: Error) => error.message);
    expect(failure).to.equal("engine restarts");
    chain.gate = undefined;
    expect(pool.pick(7n, 5).map((one) => one.raw)).to.deep.equal(shown);
    await pool.onBlock([]);
    expect(pool.size).to.equal(1);
  });

  it("puts a second discard before what is left of the first", async () => {
    const { pool, wallets } = poolFixture();
    const shown = await Promise.all(wallets.map((wallet) => sign(wallet, 0)));
    await pool.onDiscard(shown);
    await pool.onBlock([shown[0]!, shown[1]!]);
    await pool.onDiscard([shown[0]!, shown[1]!]);
    expect(pool.pick(7n, 5).map((one) => one.raw)).to.deep.equal(shown);
  });

  it("takes what exceeds the preconfirmed bound back as ordinary transactions", async () => {
    const first = 110;
    const { pool, wallets } = poolFixture({ maxPreconfirmedBytes: first + 50 });
    await pool.onDiscard([await sign(wallets[0]!, 0), await sign(wallets[1]!, 0)]);
    expect(pool.pick(7n, 5).map((one) => one.preconfirmed)).to.deep.equal([true, false]);
  });

  it("changes its epoch on every change and on nothing else", async () => {
    const { pool, chain, wallets } = poolFixture();
    const seen = new Set([pool.epoch]);
    const changed = (what: string) => {
      expect(seen.has(pool.epoch), what).to.equal(false);
      seen.add(pool.epoch);
    };
    const raw = await sign(wallets[0]!, 0);
    await pool.add(raw);
    changed("an addition");
    await pool.add(await sign(wallets[0]!, 0, { fee: 20_000n, tip: 200n }));
    changed("a replacement");
    const other = await pool.add(await sign(wallets[1]!, 0));
    changed("another addition");
    pool.drop(other.hash, "test");
    changed("a drop");
    chain.set(wallets[0]!.address, 1);
    await pool.onBlock([raw]);
    changed("a block");
    await pool.onDiscard([raw]);
    changed("a discard");
    pool.drop(other.hash, "test");
    pool.pick(7n, 5);
    await pool.add(raw).catch(() => undefined);
    expect(seen.has(pool.epoch)).to.equal(true);
  });

  it("keeps its sums and indexes true through random histories", async function () {
    this.timeout(20_000);
    const signed = new Map<string, Hex>();
    const signing = poolFixture({}, 4).wallets;
    for (const [i, wallet] of signing.entries()) {
      for (let nonce = 0; nonce < 6; nonce++) {
        for (const level of [1n, 2n, 4n]) {
          signed.set(`${i}/${nonce}/${level}`, await sign(wallet, nonce, { tip: 100n * level, fee: 10_000n * level }));
        }
      }
    }
    const step = fc.record({
      kind: fc.constantFrom("add", "add", "add", "block", "discard", "drop", "expire"),
      account: fc.nat(3),
      nonce: fc.nat(5),
      level: fc.constantFrom(1n, 2n, 4n),
      count: fc.nat(4),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 60 }), async (steps) => {
        const { pool, chain, clock, wallets } = poolFixture(
          { maxTransactions: 6, maxBytes: 700, lifetimeMs: 4_000 },
          4,
        );
        const blocks: { raws: Hex[]; nonces: number[] }[] = [];
        const nonces = [0, 0, 0, 0];
        const move = () => {
          for (const [i, wallet] of wallets.entries()) chain.set(wallet.address, nonces[i]!, ONE_ETHER);
        };
        for (const { kind, account, nonce, level, count } of steps) {
          if (kind === "add") await pool.add(signed.get(`${account}/${nonce}/${level}`)!).catch(() => undefined);
          if (kind === "drop") for (const one of pool.pick(7n, 1)) pool.drop(one.hash, "test");
          if (kind === "expire") await clock.advanceTo(clock.nowMs() + 1_000);
          if (kind === "block") {
            const taken = pool.pick(7n, count);
            blocks.push({ raws: taken.map((one) => one.raw), nonces: [...nonces] });
            for (const one of taken)
              nonces[wallets.findIndex((wallet) => wallet.address.toLowerCase() === one.from)]! += 1;
            move();
            await pool.onBlock(taken.map((one) => one.raw));
          }
          const last = kind === "discard" ? blocks.pop() : undefined;
          if (last !== undefined) {
            nonces.splice(0, 4, ...last.nonces);
            move();
            await pool.onDiscard(last.raws);
            expect(pool.pick(7n, last.raws.length).map((one) => one.raw)).to.deep.equal(last.raws);
          }
          const runnable = pool.pick(7n, 1_000);
          const expected = [...nonces];
          for (const one of runnable) {
            const i = wallets.findIndex((wallet) => wallet.address.toLowerCase() === one.from);
            expect(one.nonce, "a picked nonce follows its account's").to.equal(expected[i]!);
            expected[i]! += 1;
          }
          const ordinary = runnable.filter((one) => !one.preconfirmed);
          expect(ordinary.length).to.be.at.most(6);
          expect(ordinary.reduce((sum, one) => sum + one.raw.length / 2 - 1, 0)).to.be.at.most(700);
        }
      }),
      { numRuns: 60 },
    );
  });
});
