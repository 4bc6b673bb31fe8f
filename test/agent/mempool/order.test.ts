import { expect } from "chai";
import type { Wallet } from "ethers";
import fc from "fast-check";
import { AccountQueue, type Entry } from "../../../sdk/agent/mempool/account.ts";
import { effectiveTip, inBlockOrder } from "../../../sdk/agent/mempool/order.ts";
import type { Hex } from "../../../sdk/types/hex.ts";
import { poolFixture, sign } from "./support/fixture.ts";

describe("mempool: order", () => {
  it("takes the highest effective tip first, nonces of an account in order", async () => {
    const { pool, wallets } = poolFixture();
    const [a, b, c] = wallets as [Wallet, Wallet, Wallet];
    const a0 = await pool.add(await sign(a, 0, { tip: 10n }));
    const a1 = await pool.add(await sign(a, 1, { tip: 900n }));
    const b0 = await pool.add(await sign(b, 0, { tip: 500n }));
    const c0 = await pool.add(await sign(c, 0, { tip: 20n }));
    const hashes = pool.pick(7n, 10).map((transaction) => transaction.hash);
    expect(hashes).to.deep.equal([b0.hash, c0.hash, a0.hash, a1.hash]);
    expect(pool.pick(7n, 2)).to.have.length(2);
  });

  it("values a tip at what the base fee leaves of it", async () => {
    const { pool, wallets } = poolFixture();
    const capped = await pool.add(await sign(wallets[0]!, 0, { tip: 900n, fee: 1_000n }));
    const plain = await pool.add(await sign(wallets[1]!, 0, { tip: 300n, fee: 9_000n }));
    expect(pool.pick(7n, 5)[0]?.hash).to.equal(capped.hash);
    expect(pool.pick(800n, 5)[0]?.hash).to.equal(plain.hash);
  });

  it("holds back what cannot pay the base fee, and its account's later ones", async () => {
    const { pool, wallets } = poolFixture();
    await pool.add(await sign(wallets[0]!, 0, { fee: 50n, tip: 1n }));
    await pool.add(await sign(wallets[0]!, 1));
    const other = await pool.add(await sign(wallets[1]!, 0));
    expect(pool.pick(51n, 5).map((transaction) => transaction.hash)).to.deep.equal([other.hash]);
    expect(pool.pick(50n, 5)).to.have.length(3);
  });

  it("keeps arrival order between equal offers", async () => {
    const { pool, wallets } = poolFixture({}, 5);
    const hashes: string[] = [];
    for (const wallet of wallets) hashes.push((await pool.add(await sign(wallet, 0))).hash);
    expect(pool.pick(7n, 10).map((transaction) => transaction.hash)).to.deep.equal(hashes);
  });

  it("equals a naive model over random pools", () => {
    const anAccount = fc.array(fc.record({ tip: fc.bigInt(0n, 20n), fee: fc.bigInt(1n, 40n) }), { maxLength: 4 });
    fc.assert(
      fc.property(fc.array(anAccount, { maxLength: 8 }), fc.bigInt(1n, 30n), fc.nat(20), (content, baseFee, limit) => {
        const accounts = new Map<Hex, AccountQueue>();
        let sequence = 0;
        content.forEach((transactions, i) => {
          const from: Hex = `0x${i}`;
          const account = new AccountQueue(from, { nonce: 5, balance: 0n });
          transactions.forEach((fees, j) => {
            account.put(entry(from, 5 + j, fees.fee, fees.tip < fees.fee ? fees.tip : fees.fee, sequence++));
          });
          accounts.set(from, account);
        });
        const picked = inBlockOrder([], accounts, baseFee, limit).map((one) => one.hash);
        expect(picked).to.deep.equal(naive([...accounts.values()], baseFee, limit));
      }),
      { numRuns: 300 },
    );
  });
});

function entry(from: Hex, nonce: number, maxFeePerGas: bigint, maxPriorityFeePerGas: bigint, sequence: number): Entry {
  const fees = { maxFeePerGas, maxPriorityFeePerGas };
  const fixed = {
    raw: "0x",
    gasLimit: 21_000n,
    maxCost: 0n,
    preconfirmed: false,
    bytes: 1,
    addedMs: 0,
    moves: [],
  } as const;
  return { ...fixed, ...fees, hash: `${from}${nonce}`, from, nonce, sequence };
}

/** Looks at every account's next transaction again for each pick. */
function naive(accounts: AccountQueue[], baseFee: bigint, limit: number): string[] {
  const next = new Map(accounts.map((account) => [account, account.state.nonce]));
  const picked: string[] = [];
  while (picked.length < limit) {
    const heads = accounts
      .map((account) => account.get(next.get(account) ?? 0))
      .filter((one): one is Entry => one !== undefined && one.maxFeePerGas >= baseFee)
      .sort((a, b) => Number(effectiveTip(b, baseFee) - effectiveTip(a, baseFee)) || a.sequence - b.sequence);
    const best = heads[0];
    if (best === undefined) break;
    picked.push(best.hash);
    const account = accounts.find((one) => one.address === best.from)!;
    next.set(account, best.nonce + 1);
  }
  return picked;
}
