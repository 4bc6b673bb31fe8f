import { expect } from "chai";
import type { Hex } from "../../../sdk/types/hex.ts";
import { codeOf, poolFixture, sign } from "./support/fixture.ts";

describe("mempool: nonce chains and bounds", () => {
  it("keeps what waits for a gap, and runs it once the gap is filled", async () => {
    const { pool, wallets } = poolFixture();
    const wallet = wallets[0]!;
    const later = await pool.add(await sign(wallet, 1));
    expect(pool.status(later.hash)).to.deep.equal({ status: "queued", preconfirmed: false });
    expect(pool.pick(7n, 5)).to.deep.equal([]);
    expect(pool.pendingNonce(wallet.address as Hex)).to.equal(0);
    await pool.add(await sign(wallet, 0));
    expect(pool.status(later.hash)).to.deep.equal({ status: "runnable", preconfirmed: false });
    expect(pool.pick(7n, 5).map((one) => one.nonce)).to.deep.equal([0, 1]);
    expect(pool.pendingNonce(wallet.address as Hex)).to.equal(2);
  });

  it("bounds what waits for a gap, in count and in distance", async () => {
    const { pool, wallets } = poolFixture({ maxQueuedPerAccount: 2, maxNonceGap: 10 });
    const wallet = wallets[0]!;
    expect(await codeOf(pool.add(await sign(wallet, 11)))).to.equal("account-limit");
    await pool.add(await sign(wallet, 10));
    await pool.add(await sign(wallet, 9));
    expect(await codeOf(pool.add(await sign(wallet, 8)))).to.equal("account-limit");
    await pool.add(await sign(wallet, 0));
  });

  it("bounds an account's transactions", async () => {
    const { pool, wallets } = poolFixture({ maxPerAccount: 2 });
    await pool.add(await sign(wallets[0]!, 0));
    await pool.add(await sign(wallets[0]!, 1));
    expect(await codeOf(pool.add(await sign(wallets[0]!, 2)))).to.equal("account-limit");
    await pool.add(await sign(wallets[1]!, 0));
  });

  it("replaces only for ten percent more on both fees", async () => {
    const { pool, wallets } = poolFixture();
    const wallet = wallets[0]!;
    const first = await pool.add(await sign(wallet, 0, { fee: 1_000n, tip: 101n }));
    const offer = async (fee: bigint, tip: bigint) => pool.add(await sign(wallet, 0, { fee, tip }));
    expect(await codeOf(offer(1_099n, 112n))).to.equal("replacement-underpriced");
    // 101 * 1.1 = 111.1: rounded up, so that repeated replacing cannot crawl.
    expect(await codeOf(offer(1_100n, 111n))).to.equal("replacement-underpriced");
    const second = await offer(1_100n, 112n);
    expect(pool.size).to.equal(1);
    expect(pool.pick(7n, 5).map((one) => one.hash)).to.deep.equal([second.hash]);
    expect(pool.status(first.hash)).to.deep.equal({
      status: "dropped",
      reason: "replaced",
      detail: `replaced by ${second.hash}`,
    });
  });

  it("gives up the cheapest tail when full, and refuses what is cheaper still", async () => {
    const { pool, wallets } = poolFixture({ maxTransactions: 3 }, 5);
    await pool.add(await sign(wallets[0]!, 0, { tip: 50n }));
    const tail = await pool.add(await sign(wallets[0]!, 1, { tip: 900n }));
    await pool.add(await sign(wallets[1]!, 0, { tip: 60n }));
    const epoch = pool.epoch;
    const cheap = await sign(wallets[2]!, 0, { tip: 50n });
    expect(await codeOf(pool.add(cheap))).to.equal("pool-full");
    expect(pool.epoch, "a refused newcomer leaves no trace").to.equal(epoch);
    expect(pool.size).to.equal(3);
    // The tail behind a tip of 50 is worth 50, whatever it offers itself.
    const better = await pool.add(await sign(wallets[2]!, 0, { tip: 55n }));
    expect(pool.status(tail.hash)).to.include({ status: "dropped", reason: "evicted" });
    expect(pool.get(better.hash)).to.equal(better);
    expect(pool.size).to.equal(3);
  });

  it("keeps a shown transaction in its place when its replacement is refused for want of room", async () => {
    const { pool, wallets } = poolFixture({ maxTransactions: 1 });
    const shown = [await sign(wallets[0]!, 0, { tip: 10n }), await sign(wallets[2]!, 0, { tip: 10n })];
    await pool.onDiscard(shown);
    const rich = await pool.add(await sign(wallets[1]!, 0, { tip: 500n }));
    const offer = await sign(wallets[0]!, 0, { tip: 20n, fee: 20_000n });
    expect(await codeOf(pool.add(offer))).to.equal("pool-full");
    expect(pool.pick(7n, 5).map((one) => one.raw)).to.deep.equal([...shown, rich.raw]);
  });

  it("gives up what waits for a gap before anything runnable", async () => {
    const { pool, wallets } = poolFixture({ maxTransactions: 2 });
    const waiting = await pool.add(await sign(wallets[0]!, 1, { tip: 9_000n }));
    await pool.add(await sign(wallets[1]!, 0, { tip: 1n }));
    await pool.add(await sign(wallets[2]!, 0, { tip: 1n }));
    expect(pool.status(waiting.hash)).to.include({ status: "dropped", reason: "evicted" });
  });

  it("bounds the bytes, giving up as many tails as it takes and none if that is not enough", async () => {
    const { pool, wallets } = poolFixture({ maxBytes: 1_000 }, 6);
    const big = { gasLimit: 60_000n, data: `0x${"11".repeat(300)}` };
    const small: Hex[] = [];
    for (const wallet of wallets.slice(0, 4)) small.push((await pool.add(await sign(wallet, 0, { tip: 10n }))).hash);
    const rich = await pool.add(await sign(wallets[4]!, 0, { ...big, tip: 50n }));
    expect(pool.get(rich.hash)).to.not.equal(undefined);
    const left = small.filter((hash) => pool.get(hash) !== undefined);
    const epoch = pool.epoch;
    expect(await codeOf(pool.add(await sign(wallets[5]!, 0, { ...big, tip: 9n })))).to.equal("pool-full");
    expect(
      await codeOf(
        pool.add(await sign(wallets[5]!, 0, { gasLimit: 90_000n, data: `0x${"11".repeat(600)}`, tip: 40n })),
      ),
    ).to.equal("pool-full");
    expect(small.filter((hash) => pool.get(hash) !== undefined)).to.deep.equal(left);
    expect(pool.epoch).to.equal(epoch);
  });

  it("expires what was never shown, by the injected clock", async () => {
    const { pool, clock, wallets } = poolFixture({ lifetimeMs: 16_000 });
    const old = await pool.add(await sign(wallets[0]!, 0));
    await clock.advanceTo(clock.nowMs() + 10_000);
    const young = await pool.add(await sign(wallets[1]!, 0));
    await clock.advanceTo(clock.nowMs() + 8_000);
    expect(pool.status(old.hash)).to.include({ status: "dropped", reason: "expired" });
    expect(pool.status(young.hash)).to.include({ status: "runnable" });
    await clock.advanceTo(clock.nowMs() + 16_000);
    expect(pool.size).to.equal(0);
    expect(clock.nextMs, "no timer for an empty pool").to.equal(undefined);
  });

  it("gives up what cannot pay the base fee for long, and what recovers in between begins anew", async () => {
    const { pool, chain, clock, wallets } = poolFixture({ maxUnpayableMs: 5_000 });
    const low = await pool.add(await sign(wallets[0]!, 0, { fee: 1_000n }));
    const high = await pool.add(await sign(wallets[1]!, 0));
    const head = async (baseFee: bigint, seconds: number) => {
      await clock.advanceTo(clock.nowMs() + seconds * 1_000);
      chain.baseFee = baseFee;
      await pool.onBlock([]);
    };
    await head(2_000n, 1);
    await head(2_000n, 4);
    await head(900n, 4);
    await head(2_000n, 4);
    await head(2_000n, 4);
    expect(pool.status(low.hash)).to.include({ status: "runnable" });
    await head(2_000n, 1);
    expect(pool.status(low.hash)).to.include({ status: "dropped", reason: "underpriced" });
    expect(pool.status(high.hash)).to.include({ status: "runnable" });
  });

  it("keeps what was shown however long the base fee is above it", async () => {
    const { pool, chain, clock, wallets } = poolFixture({ maxUnpayableMs: 5_000 });
    await pool.onDiscard([await sign(wallets[0]!, 0, { fee: 1_000n })]);
    chain.baseFee = 2_000n;
    for (let i = 0; i < 3; i++) {
      await clock.advanceTo(clock.nowMs() + 5_000);
      await pool.onBlock([]);
    }
    expect(pool.size).to.equal(1);
  });

  it("goes on when a listener throws, tells the others, and logs it", async () => {
    const { pool, wallets, problems } = poolFixture();
    const told: Hex[] = [];
    pool.onAdded(() => {
      throw new Error("a broken subscriber");
    });
    pool.onAdded(({ hash }) => told.push(hash));
    const added = [await pool.add(await sign(wallets[0]!, 0)), await pool.add(await sign(wallets[1]!, 0))];
    expect(told).to.deep.equal(added.map(({ hash }) => hash));
    expect(problems).to.have.length(2);
    expect(problems[0]).to.include("a broken subscriber");
  });

  it("stops its timer and refuses additions once closed", async () => {
    const { pool, clock, wallets } = poolFixture();
    await pool.add(await sign(wallets[0]!, 0));
    expect(clock.nextMs).to.not.equal(undefined);
    pool.close();
    expect(clock.nextMs).to.equal(undefined);
    expect(await codeOf(pool.add(await sign(wallets[1]!, 0)))).to.equal("pool-full");
  });

  it("remembers a bounded number of departures, the latest", async () => {
    const { pool, wallets } = poolFixture({ maxRemembered: 2 });
    const hashes: Hex[] = [];
    for (const wallet of wallets) {
      const { hash } = await pool.add(await sign(wallet, 0));
      pool.drop(hash, "test");
      hashes.push(hash);
    }
    expect(hashes.map((hash) => pool.status(hash))).to.deep.equal([
      undefined,
      { status: "dropped", reason: "invalid", detail: "test" },
      { status: "dropped", reason: "invalid", detail: "test" },
    ]);
  });
});
