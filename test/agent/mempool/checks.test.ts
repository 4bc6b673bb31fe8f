import { expect } from "chai";
import { authorizationify, concat, encodeRlp, Transaction } from "ethers";
import type { Hex } from "../../../sdk/types/hex.ts";
import { CHAIN_ID, codeOf, ONE_ETHER, poolFixture, sign } from "./support/fixture.ts";

describe("mempool: what it takes", () => {
  it("takes types 0, 1, 2 and 4 and recovers their sender", async () => {
    const { pool, wallets } = poolFixture({}, 4);
    for (const [i, type] of [0, 1, 2, 4].entries()) {
      const wallet = wallets[i]!;
      const authorization = await wallet.authorize({ address: wallet.address, chainId: CHAIN_ID, nonce: 1 });
      const raw = await sign(wallet, 0, {
        type,
        gasLimit: 100_000n,
        ...(type < 2 ? { maxFeePerGas: undefined, maxPriorityFeePerGas: undefined, gasPrice: 5_000n } : {}),
        ...(type === 4 ? { authorizationList: [authorizationify(authorization)] } : {}),
      });
      const taken = await pool.add(raw);
      expect(taken.from).to.equal(wallet.address.toLowerCase());
      expect(taken.hash).to.equal(Transaction.from(raw).hash);
      expect(taken.maxFeePerGas).to.equal(type < 2 ? 5_000n : 10_000n);
    }
    expect(pool.size).to.equal(4);
  });

  it("refuses another chain's transaction and says both ids", async () => {
    const { pool, wallets } = poolFixture();
    for (const type of [0, 2]) {
      const raw = await sign(wallets[0]!, 0, {
        type,
        chainId: 5,
        ...(type === 0 ? { maxFeePerGas: undefined, maxPriorityFeePerGas: undefined, gasPrice: 5_000n } : {}),
      });
      const error = await pool.add(raw).catch((reason: Error) => reason);
      expect(error).to.include({ code: "wrong-chain", message: "invalid chain id: expected 901, got 5" });
    }
  });

  it("refuses a legacy transaction without a chain id", async () => {
    const { pool, wallets } = poolFixture();
    const raw = await sign(wallets[0]!, 0, {
      type: 0,
      chainId: 0,
      maxFeePerGas: undefined,
      maxPriorityFeePerGas: undefined,
      gasPrice: 5_000n,
    });
    expect(await codeOf(pool.add(raw))).to.equal("wrong-chain");
  });

  it("refuses blob transactions and unknown types by name", async () => {
    const { pool } = poolFixture();
    expect(await codeOf(pool.add(concat(["0x03", encodeRlp([])]) as Hex))).to.equal("unsupported-type");
    expect(await codeOf(pool.add(concat(["0x05", encodeRlp([])]) as Hex))).to.equal("unsupported-type");
  });

  it("refuses gas above the block's and below the intrinsic cost", async () => {
    const { pool, wallets } = poolFixture();
    expect(await codeOf(pool.add(await sign(wallets[0]!, 0, { gasLimit: 30_000_001n })))).to.equal("gas-limit");
    expect(await codeOf(pool.add(await sign(wallets[0]!, 0, { gasLimit: 20_999n })))).to.equal("gas-limit");
    // 100 non-zero bytes: the calldata floor is 21,000 + 10 * 400.
    const data = `0x${"ff".repeat(100)}`;
    expect(await codeOf(pool.add(await sign(wallets[0]!, 0, { gasLimit: 24_999n, data })))).to.equal("gas-limit");
    await pool.add(await sign(wallets[0]!, 0, { gasLimit: 25_000n, data }));
  });

  it("refuses fees that no block can take", async () => {
    const { pool, wallets } = poolFixture({ minPriorityFeePerGas: 5n });
    expect(await codeOf(pool.add(await sign(wallets[0]!, 0, { fee: 6n, tip: 5n })))).to.equal("underpriced");
    expect(await codeOf(pool.add(await sign(wallets[0]!, 0, { tip: 4n })))).to.equal("underpriced");
    await pool.add(await sign(wallets[0]!, 0, { fee: 7n, tip: 5n }));
  });

  it("refuses a transaction beyond the size limit before reading it", async () => {
    const { pool } = poolFixture({ maxTransactionBytes: 1_000 });
    expect(await codeOf(pool.add(`0x02${"00".repeat(1_000)}`))).to.equal("too-large");
  });

  it("refuses a nonce the account has used and a known hash", async () => {
    const { pool, chain, wallets } = poolFixture();
    chain.set(wallets[0]!.address, 3);
    expect(await codeOf(pool.add(await sign(wallets[0]!, 2)))).to.equal("nonce-too-low");
    const raw = await sign(wallets[0]!, 3);
    await pool.add(raw);
    expect(await codeOf(pool.add(raw))).to.equal("known");
  });

  it("asks the balance to cover the account's whole pooled run", async () => {
    const { pool, chain, wallets } = poolFixture();
    const cost = 21_000n * 10_000n + 1n;
    chain.set(wallets[0]!.address, 0, 2n * cost);
    await pool.add(await sign(wallets[0]!, 0));
    expect(await codeOf(pool.add(await sign(wallets[0]!, 1, { value: 2n })))).to.equal("insufficient-funds");
    await pool.add(await sign(wallets[0]!, 1));
    expect(await codeOf(pool.add(await sign(wallets[0]!, 2)))).to.equal("insufficient-funds");
  });

  it("never takes the same transaction twice when two copies are checked at once", async () => {
    const { pool, chain, wallets } = poolFixture();
    const gate = Promise.withResolvers<void>();
    chain.gate = gate.promise;
    const raw = await sign(wallets[0]!, 0);
    const both = [pool.add(raw), pool.add(raw)];
    gate.resolve();
    const settled = await Promise.allSettled(both);
    expect(settled.map((result) => result.status)).to.deep.equal(["fulfilled", "rejected"]);
    expect(pool.size).to.equal(1);
  });

  it("reads the account again when the head moved during the check", async () => {
    const { pool, chain, wallets } = poolFixture();
    const gate = Promise.withResolvers<void>();
    chain.gate = gate.promise;
    const raw = await sign(wallets[0]!, 0);
    const adding = codeOf(pool.add(raw));
    chain.gate = undefined;
    chain.set(wallets[0]!.address, 1, ONE_ETHER);
    await pool.onBlock([await sign(wallets[0]!, 0, { tip: 7n })]);
    gate.resolve();
    expect(await adding).to.equal("nonce-too-low");
  });

  it("bounds the checks that wait for the engine", async () => {
    const { pool, chain, wallets } = poolFixture({ maxConcurrentAdds: 2 });
    const gate = Promise.withResolvers<void>();
    chain.gate = gate.promise;
    const waiting = [pool.add(await sign(wallets[0]!, 0)), pool.add(await sign(wallets[1]!, 0))];
    expect(await codeOf(pool.add(await sign(wallets[2]!, 0)))).to.equal("pool-full");
    gate.resolve();
    await Promise.all(waiting);
    await pool.add(await sign(wallets[2]!, 0));
  });
});
