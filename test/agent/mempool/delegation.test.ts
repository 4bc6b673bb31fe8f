import { expect } from "chai";
import { authorizationify, type Wallet } from "ethers";
import type { Hex } from "../../../sdk/types/hex.ts";
import { CHAIN_ID, codeOf, poolFixture, sign } from "./support/fixture.ts";

/** Carries an authorization by `signer`, for this chain unless told otherwise. */
async function setCode(sender: Wallet, nonce: number, signers: readonly Wallet[], chainId = CHAIN_ID): Promise<Hex> {
  const signed = signers.map((signer) => signer.authorize({ address: sender.address, chainId, nonce: 5 }));
  const authorizationList = (await Promise.all(signed)).map((one) => authorizationify(one));
  return sign(sender, nonce, { type: 4, gasLimit: 2_000_000n, authorizationList });
}

describe("mempool: accounts that run code (EIP-7702)", () => {
  it("have one pooled transaction, which they may replace, and no gap", async () => {
    const { pool, chain, wallets } = poolFixture();
    const [delegated] = wallets as [Wallet];
    chain.delegated.add(delegated.address.toLowerCase());
    expect(await codeOf(pool.add(await sign(delegated, 1)))).to.equal("delegated");
    await pool.add(await sign(delegated, 0));
    expect(await codeOf(pool.add(await sign(delegated, 1)))).to.equal("delegated");
    await pool.add(await sign(delegated, 0, { tip: 200n, fee: 20_000n }));
    expect(pool.size).to.equal(1);
  });

  it("are asked for their code only when they have, or skip, a transaction", async () => {
    const { pool, chain, wallets } = poolFixture();
    for (const wallet of wallets) await pool.add(await sign(wallet, 0));
    expect(chain.codeReads).to.equal(0);
    await pool.add(await sign(wallets[0]!, 1));
    await pool.add(await sign(wallets[0]!, 2));
    expect(chain.codeReads, "once as long as the head stays").to.equal(1);
  });

  it("are limited from the moment their authorization waits here, until it has left", async () => {
    const { pool, wallets } = poolFixture();
    const [sender, signer] = wallets as [Wallet, Wallet];
    const carrier = await pool.add(await setCode(sender, 0, [signer]));
    await pool.add(await sign(signer, 0));
    expect(await codeOf(pool.add(await sign(signer, 1)))).to.equal("delegated");
    pool.drop(carrier.hash, "test");
    await pool.add(await sign(signer, 1));
  });

  it("are not authorized past their own pooled transactions", async () => {
    const { pool, wallets } = poolFixture();
    const [sender, signer] = wallets as [Wallet, Wallet];
    await pool.add(await sign(signer, 0));
    await pool.add(await sign(signer, 1));
    expect(await codeOf(pool.add(await setCode(sender, 0, [signer])))).to.equal("delegated");
    // An authorization for another chain has no effect here, and so none on the pool.
    await pool.add(await setCode(sender, 0, [signer], CHAIN_ID + 1));
  });

  it("are read again when a block has made them so", async () => {
    const { pool, chain, wallets } = poolFixture();
    const [sender, signer] = wallets as [Wallet, Wallet];
    await pool.add(await sign(signer, 0));
    await pool.add(await sign(signer, 1));
    const block = await setCode(sender, 0, [signer]);
    chain.delegated.add(signer.address.toLowerCase());
    await pool.onBlock([block]);
    expect(await codeOf(pool.add(await sign(signer, 2)))).to.equal("delegated");
  });

  it("are recovered from a bounded number of authorizations, however many a block may carry", async () => {
    const { pool, chain, wallets } = poolFixture({ maxAuthorizations: 2 });
    const [sender, a, b] = wallets as [Wallet, Wallet, Wallet];
    const large = await setCode(sender, 0, [sender, a, b]);
    expect(await codeOf(pool.add(large))).to.equal("too-large");
    const stale = await pool.add(await sign(b, 0));
    chain.set(b.address, 1);
    await pool.onBlock([large]);
    expect(pool.status(stale.hash)).to.include({ status: "dropped", reason: "nonce-too-low" });
  });
});
