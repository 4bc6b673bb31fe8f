import { expect } from "chai";
import type { Wallet } from "ethers";
import { ManualClock } from "../../../sdk/agent/time/manual-clock.ts";
import type { Hex } from "../../../sdk/types/hex.ts";
import { DevChain, rpc, transfer } from "./support/devchain.ts";

interface Log {
  blockHash: Hex;
  blockNumber: Hex;
  removed: boolean;
}

describe("JSON-RPC filters", () => {
  let dev: DevChain;
  let clock: ManualClock;
  let a: Wallet;
  let b: Wallet;
  const result = async <T = Hex>(method: string, params: unknown[] = []): Promise<T> => {
    const answer = await rpc(dev.url, method, params);
    if (answer.error !== undefined) throw new Error(JSON.stringify(answer.error));
    return answer.result as T;
  };
  const changes = <T = unknown>(id: Hex) => result<T[]>("eth_getFilterChanges", [id]);
  const errorOf = async (method: string, params: unknown[]) => (await rpc(dev.url, method, params)).error;

  beforeEach(async () => {
    clock = new ManualClock(1_000_000);
    dev = await DevChain.start({ maxFilters: 3, maxFilterChanges: 4, filterLifetimeMs: 60_000 }, clock);
    [a, b] = dev.wallets as [Wallet, Wallet];
  });
  afterEach(() => dev.stop());

  it("collect new blocks, each told once, and the new branch after a discard", async () => {
    const first = await dev.mine();
    const id = await result("eth_newBlockFilter");
    const second = await dev.mine();
    expect(await changes(id)).to.deep.equal([second.blockHash]);
    expect(await changes(id)).to.deep.equal([]);
    await dev.pool.add(await transfer(a, 0));
    const other = await dev.mine(first.blockHash);
    const top = await dev.mine();
    expect(await changes(id)).to.deep.equal([other.blockHash, top.blockHash]);
  });

  it("collect transactions as they enter the mempool", async () => {
    const before = await transfer(a, 0);
    await dev.pool.add(before);
    const id = await result("eth_newPendingTransactionFilter");
    const { hash } = await dev.pool.add(await transfer(b, 0));
    expect(await changes(id)).to.deep.equal([hash]);
    expect(await changes(id)).to.deep.equal([]);
  });

  it("collect matching logs, and those of a discarded block again as removed", async () => {
    const { board, post } = await dev.deployBoard(a);
    const id = await result("eth_newFilter", [{ address: board }]);
    const elsewhere = await result("eth_newFilter", [{ address: b.address }]);
    await dev.pool.add(await post("one", 1));
    const gone = await dev.mine();
    expect((await changes<Log>(id)).map((log) => [log.blockHash, log.removed])).to.deep.equal([
      [gone.blockHash, false],
    ]);
    await dev.discard(gone.parentHash, [gone]);
    await dev.pool.add(await transfer(b, 0));
    const again = await dev.mine();
    expect(again.transactions[0], "what was shown comes first").to.equal(gone.transactions[0]);
    expect((await changes<Log>(id)).map((log) => [log.blockHash, log.removed])).to.deep.equal([
      [gone.blockHash, true],
      [again.blockHash, false],
    ]);
    expect(await changes(elsewhere)).to.deep.equal([]);
    const all = await result<Log[]>("eth_getFilterLogs", [id]);
    expect(all.map((log) => log.blockHash)).to.deep.equal([again.blockHash]);
  });

  it("keep to their range of blocks", async () => {
    const { board, post } = await dev.deployBoard(a);
    const id = await result("eth_newFilter", [{ address: board, fromBlock: "0x3", toBlock: "0x3" }]);
    for (let nonce = 1; nonce < 4; nonce++) {
      await dev.pool.add(await post("text", nonce));
      await dev.mine();
    }
    expect((await changes<Log>(id)).map((log) => log.blockNumber)).to.deep.equal(["0x3"]);
    expect((await result<Log[]>("eth_getFilterLogs", [id])).map((log) => log.blockNumber)).to.deep.equal(["0x3"]);
    const refused = await errorOf("eth_newFilter", [{ blockHash: `0x${"11".repeat(32)}` }]);
    expect(refused?.code).to.equal(-32602);
  });

  it("are bounded in number, and end when asked to", async () => {
    const ids = [
      await result("eth_newBlockFilter"),
      await result("eth_newBlockFilter"),
      await result("eth_newFilter", [{}]),
    ];
    expect((await errorOf("eth_newBlockFilter", []))?.code).to.equal(-32005);
    expect(await result("eth_uninstallFilter", [ids[2]])).to.equal(true);
    expect(await result("eth_uninstallFilter", [ids[2]])).to.equal(false);
    expect(await errorOf("eth_getFilterChanges", [ids[2]])).to.include({ code: -32000 });
    expect(await errorOf("eth_getFilterLogs", [ids[0]])).to.include({ code: -32000 });
    await result("eth_newBlockFilter");
  });

  it("are forgotten when nobody asks for them, and kept as long as somebody does", async () => {
    const [used, unused] = [await result("eth_newBlockFilter"), await result("eth_newBlockFilter")];
    for (let i = 0; i < 3; i++) {
      await clock.advanceTo(clock.nowMs() + 40_000);
      await changes(used);
    }
    expect((await errorOf("eth_getFilterChanges", [unused]))?.message).to.match(/^filter not found: .*60 s/);
    await changes(used);
  });

  it("are forgotten whole, never in part, when more waits in them than they may hold", async () => {
    const [full, read] = [await result("eth_newBlockFilter"), await result("eth_newBlockFilter")];
    for (let i = 0; i < 4; i++) await dev.mine();
    expect(await changes(read)).to.have.length(4);
    await dev.mine();
    expect((await errorOf("eth_getFilterChanges", [full]))?.message).to.include("more than 4 changes waited");
    expect(await changes(read)).to.have.length(1);
  });
});
