import { expect } from "chai";
import { keccak256, type Wallet } from "ethers";
import { ManualClock } from "../../../sdk/agent/time/manual-clock.ts";
import type { Hex } from "../../../sdk/types/hex.ts";
import { DevChain, rpc, transfer } from "./support/devchain.ts";

const METHOD = "eth_sendRawTransactionSync";

describe("eth_sendRawTransactionSync", () => {
  let dev: DevChain;
  let clock: ManualClock;
  let wallet: Wallet;
  let raw: Hex;
  const pooled = async () => {
    while (dev.pool.size === 0) await new Promise((resolve) => setImmediate(resolve));
  };

  beforeEach(async () => {
    clock = new ManualClock(1_000_000);
    dev = await DevChain.start({ maxSyncWaiters: 1 }, clock);
    wallet = dev.wallets[0] as Wallet;
    raw = await transfer(wallet, 0);
  });
  afterEach(() => dev.stop());

  it("answers with the receipt once the transaction is in a block", async () => {
    const waiting = rpc(dev.url, METHOD, [raw]);
    await pooled();
    await dev.mine();
    expect((await waiting).result).to.include({ status: "0x1", transactionHash: keccak256(raw), blockNumber: "0x1" });
  });

  it("misses no block that comes between the acceptance and the first look", async () => {
    const cancel = dev.pool.onAdded(() => cancel());
    dev.automine();
    expect((await rpc(dev.url, METHOD, [raw, 5])).result).to.include({ status: "0x1" });
  });

  it("waits on through blocks without it", async () => {
    const waiting = rpc(dev.url, METHOD, [raw]);
    await pooled();
    const genesis = await dev.chain.getBlock(0);
    const { hash } = dev.pool.pick(10n ** 9n, 1)[0] ?? { hash: "0x" as Hex };
    // A block that leaves the transaction out: the mempool's content is set aside while it is made.
    const pick = dev.pool.pick.bind(dev.pool);
    dev.pool.pick = () => [];
    await dev.mine(genesis?.blockHash);
    dev.pool.pick = pick;
    await dev.mine();
    expect((await waiting).result).to.include({ transactionHash: hash, blockNumber: "0x2" });
  });

  it("answers 4 with the hash at its absolute deadline, and the transaction stays", async () => {
    const waiting = rpc(dev.url, METHOD, [raw, "0x3e8"]);
    await pooled();
    await clock.advanceTo(clock.nowMs() + 600);
    await dev.setHead((await dev.chain.getBlock(0))?.blockHash as Hex);
    await clock.advanceTo(clock.nowMs() + 400);
    expect((await waiting).error).to.deep.equal({
      code: 4,
      message: "transaction accepted but not included within 1000 ms",
      data: keccak256(raw),
    });
    expect(dev.pool.size).to.equal(1);
  });

  it("answers 6 with the expected nonce on a nonce gap", async () => {
    const { error } = await rpc(dev.url, METHOD, [await transfer(wallet, 3)]);
    expect(error).to.deep.equal({ code: 6, message: "nonce gap: expected nonce 0, got 3", data: "0x0" });
  });

  it("answers what became of the transaction if it is dropped meanwhile", async () => {
    const waiting = rpc(dev.url, METHOD, [raw]);
    await pooled();
    dev.pool.drop(keccak256(raw) as Hex, "sender is a contract");
    await dev.mine();
    expect((await waiting).error?.message).to.equal("transaction dropped (invalid): sender is a contract");
  });

  it("refuses timeouts beyond the maximum, and of zero", async () => {
    for (const timeout of [6_001, "0x1771", 0]) {
      const { error } = await rpc(dev.url, METHOD, [raw, timeout]);
      expect(error?.code).to.equal(-32602);
      expect(error?.message).to.include("expected a timeout of 1 to 6000 ms");
    }
    expect(dev.pool.size, "refused before it was accepted").to.equal(0);
  });

  it("refuses like eth_sendRawTransaction what the mempool refuses", async () => {
    await dev.pool.add(raw);
    expect((await rpc(dev.url, METHOD, [raw])).error?.data).to.deep.equal({ reason: "known" });
    expect((await rpc(dev.url, METHOD, ["0x02"])).error?.code).to.equal(-32602);
  });

  it("bounds those who wait, and lets the next in when one is done", async () => {
    const waiting = rpc(dev.url, METHOD, [raw]);
    await pooled();
    expect((await rpc(dev.url, METHOD, [await transfer(wallet, 1)])).error?.code).to.equal(-32005);
    await dev.mine();
    await waiting;
    expect((await rpc(dev.url, METHOD, [await transfer(wallet, 5)])).error?.code).to.equal(6);
  });
});
