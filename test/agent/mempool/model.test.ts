import { expect } from "chai";
import { authorizationify, keccak256 } from "ethers";
import fc from "fast-check";
import { MempoolError } from "../../../sdk/agent/mempool/interface.ts";
import type { Hex } from "../../../sdk/types/hex.ts";
import { CHAIN_ID, ONE_ETHER, poolFixture, sign } from "./support/fixture.ts";
import { ModelPool, type ModelTransaction } from "./support/model.ts";

const ACCOUNTS = 4;
const NONCES = 6;
const LEVELS = [1n, 2n, 4n] as const;
const BASE_FEES = [7n, 9_000n, 15_000n, 30_000n];
const BOUNDS = {
  maxTransactions: 4,
  maxBytes: 600,
  maxPerAccount: 4,
  maxQueuedPerAccount: 2,
  maxNonceGap: 3,
  maxUnpayableMs: 3_000,
};
const LIFETIME_MS = 100_000;

type Signed = ModelTransaction & { raw: Hex };

/** Every transaction the histories are made of, signed once: transfers at three prices, and authorizations. */
async function catalogue(): Promise<Signed[]> {
  const { wallets, pool } = poolFixture({ maxPerAccount: 1_000, maxNonceGap: 1_000 }, ACCOUNTS);
  const all: Signed[] = [];
  for (const [account, wallet] of wallets.entries()) {
    for (let nonce = 0; nonce < NONCES; nonce++) {
      for (const level of LEVELS) {
        const [fee, tip] = [10_000n * level, (100n + BigInt(account)) * level];
        const raw = await sign(wallet, nonce, { fee, tip });
        const shape = { account, nonce, fee, tip, cost: 21_000n * fee + 1n, bytes: raw.length / 2 - 1 };
        all.push({ raw, hash: keccak256(raw) as Hex, ...shape });
      }
      const authority = (account + (nonce % 2)) % ACCOUNTS;
      const signer = wallets[authority]!;
      const authorization = await signer.authorize({ address: wallet.address, chainId: CHAIN_ID, nonce: 9 });
      const [fee, tip] = [12_000n, 300n];
      const authorizationList = [authorizationify(authorization)];
      const raw = await sign(wallet, nonce, { type: 4, gasLimit: 60_000n, authorizationList, fee, tip });
      const shape = { account, nonce, fee, tip, cost: 60_000n * fee + 1n, bytes: raw.length / 2 - 1, authority };
      all.push({ raw, hash: keccak256(raw) as Hex, ...shape });
    }
  }
  pool.close();
  return all;
}

describe("mempool: equals a naive model", () => {
  it("over random histories of additions, blocks, discards, fees, balances and delegations", async function () {
    // Hundreds of pools are filled, and every answer of each compared after every step.
    this.timeout(60_000);
    const all = await catalogue();
    const perNonce = LEVELS.length + 1;
    const step = fc.record({
      kind: fc.constantFrom(
        "add",
        "add",
        "add",
        "add",
        "block",
        "discard",
        "drop",
        "fee",
        "poor",
        "delegate",
        "expire",
      ),
      account: fc.nat(ACCOUNTS - 1),
      nonce: fc.nat(NONCES - 1),
      which: fc.nat(perNonce - 1),
      count: fc.nat(4),
    });
    const counts = new Map<string, number>();
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 10, maxLength: 60 }), async (steps) => {
        const { pool, chain, clock, wallets } = poolFixture({ ...BOUNDS, lifetimeMs: LIFETIME_MS }, ACCOUNTS);
        const model = new ModelPool(
          BOUNDS,
          wallets.map(() => ONE_ETHER),
        );
        let baseFee = 7n;
        const history: { taken: Signed[]; nonces: number[] }[] = [];
        const move = async (change: () => Promise<void>): Promise<void> => {
          for (const [i, wallet] of wallets.entries()) {
            chain.set(wallet.address, model.nonces[i]!, model.balances[i]!);
          }
          chain.baseFee = baseFee;
          await change();
          model.settle(baseFee, clock.nowMs());
        };
        await move(() => pool.onBlock([]));
        for (const { kind, account, nonce, which, count } of steps) {
          if (kind === "add") {
            const one = all[(account * NONCES + nonce) * perNonce + which]!;
            const expected = model.add(one);
            counts.set(expected, (counts.get(expected) ?? 0) + 1);
            const answer = await pool.add(one.raw).then(
              () => "taken",
              (error: unknown) => (error instanceof MempoolError ? error.code : String(error)),
            );
            expect(answer, `${account}/${nonce}/${which}`).to.equal(expected);
          } else if (kind === "block") {
            const hashes = model.pick().slice(0, count);
            const taken = hashes.map((hash) => all.find((one) => one.hash === hash)!);
            history.push({ taken, nonces: [...model.nonces] });
            model.include(taken);
            await move(() => pool.onBlock(taken.map(({ raw }) => raw)));
          } else if (kind === "discard") {
            const last = history.pop();
            if (last === undefined) continue;
            model.nonces = last.nonces;
            model.bringBack(last.taken);
            await move(() => pool.onDiscard(last.taken.map(({ raw }) => raw)));
          } else if (kind === "drop") {
            const [first] = model.pick();
            if (first === undefined) continue;
            model.remove(first);
            pool.drop(first, "test");
          } else if (kind === "expire") {
            await clock.advanceTo(clock.nowMs() + 2 * LIFETIME_MS);
            model.expireAll();
          } else {
            if (kind === "fee") {
              baseFee = BASE_FEES[count % BASE_FEES.length]!;
              await clock.advanceTo(clock.nowMs() + 1_000);
            }
            if (kind === "poor")
              model.balances[account] = count < 2 ? ONE_ETHER : 21_000n * 10_000n * BigInt(2 * count);
            if (kind === "delegate") {
              const address = wallets[account]!.address.toLowerCase();
              if (count < 2) {
                model.delegated.add(account);
                chain.delegated.add(address);
              } else {
                model.delegated.delete(account);
                chain.delegated.delete(address);
              }
            }
            await move(() => pool.onBlock([]));
          }
          expect(pool.size).to.equal(model.hashes().length);
          for (const hash of model.hashes()) expect(pool.get(hash)?.hash).to.equal(hash);
          expect(pool.pick(baseFee, 1_000).map(({ hash }) => hash)).to.deep.equal(model.pick());
          wallets.forEach((wallet, i) => {
            expect(pool.pendingNonce(wallet.address as Hex) ?? model.nonces[i]).to.equal(model.next(i));
          });
        }
      }),
      { numRuns: 300 },
    );
    const answers =
      "taken known nonce-too-low replacement-underpriced account-limit insufficient-funds delegated pool-full";
    expect([...counts.keys()], "every rule was met").to.include.members(answers.split(" "));
  });
});
