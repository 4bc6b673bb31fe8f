import { expect } from "chai";
import { keccak256, type Wallet } from "ethers";
import { METHODS } from "../../../sdk/agent/rpc/methods/index.ts";
import type { CheckpointRecord } from "../../../sdk/agent/store/interface.ts";
import type { Hex } from "../../../sdk/types/hex.ts";
import { CHAIN_ID, DevChain, rpc, transfer } from "./support/devchain.ts";

describe("JSON-RPC methods", () => {
  let dev: DevChain;
  let a: Wallet;
  let b: Wallet;
  const result = async (method: string, params: unknown[] = []) => {
    const answer = await rpc(dev.url, method, params);
    if (answer.error !== undefined) throw new Error(JSON.stringify(answer.error));
    return answer.result as never;
  };
  const errorOf = async (method: string, params: unknown[] = []) => (await rpc(dev.url, method, params)).error;

  beforeEach(async () => {
    dev = await DevChain.start({ maxLogBlocks: 3 });
    [a, b] = dev.wallets as [Wallet, Wallet];
  });
  afterEach(() => dev.stop());

  it("each has a summary and is declared once", () => {
    const needed = (
      "web3_clientVersion net_version net_listening net_peerCount eth_chainId eth_blockNumber eth_syncing eth_gasPrice " +
      "eth_maxPriorityFeePerGas eth_feeHistory eth_getBalance eth_getTransactionCount eth_getCode eth_getStorageAt " +
      "eth_call eth_estimateGas eth_sendRawTransaction eth_sendRawTransactionSync eth_getTransactionByHash " +
      "eth_getTransactionReceipt eth_getBlockByNumber eth_getBlockByHash eth_getBlockReceipts eth_getLogs " +
      "eth_getBlockTransactionCountByNumber eth_getBlockTransactionCountByHash eth_subscribe eth_unsubscribe " +
      "eth_newFilter eth_newBlockFilter eth_newPendingTransactionFilter eth_getFilterChanges eth_getFilterLogs " +
      "eth_uninstallFilter eth_getTransactionByBlockHashAndIndex eth_getTransactionByBlockNumberAndIndex web3_sha3 " +
      "eth_getRawTransactionByHash eth_blobBaseFee txpool_status txpool_content txpool_contentFrom " +
      "eth_createAccessList eth_getProof eth_simulateV1 baton_tips baton_slots baton_checkpoint baton_nodeStatus baton_getTransactionStatus baton_getWithdrawalProof"
    ).split(" ");
    expect([...METHODS.keys()]).to.include.members(needed);
    for (const [name, method] of METHODS) {
      expect(method.name).to.equal(name);
      expect(method.summary, name).to.match(/\.$/);
    }
  });

  it("resolve safe to what is submitted and vouched for, finalized to what is final", async () => {
    const blocks = [await dev.mine(), await dev.mine(), await dev.mine(), await dev.mine()];
    const tip = (i: number, slot: number) => ({
      slot,
      digest: undefined,
      blockNumber: i + 1,
      blockHash: blocks[i]?.blockHash as Hex,
    });
    dev.tipsNow = { ...dev.tipsNow, submitted: tip(2, 5), settled: tip(1, 4), finalized: tip(0, 3) };
    const numberOf = async (tag: string) =>
      Number(((await result("eth_getBlockByNumber", [tag, false])) as { number: string }).number);
    const record = { slot: 5, certificate: undefined, landing: undefined } as unknown as CheckpointRecord;
    expect(await numberOf("safe"), "no certificate here and unverified on L1").to.equal(2);
    dev.checkpoints.set(5, { ...record, certificate: {} as never });
    expect(await numberOf("safe")).to.equal(3);
    dev.checkpoints.set(5, { ...record, landing: { verified: true } as never });
    expect(await numberOf("safe")).to.equal(3);
    expect(await numberOf("finalized")).to.equal(1);
    expect(await numberOf("latest")).to.equal(4);
    expect(await numberOf("pending")).to.equal(4);
    expect(await numberOf("earliest")).to.equal(0);
  });

  it("read state by hash as EIP-1898 has it, canonical if asked", async () => {
    const block = await dev.mine();
    const side = await dev.mine(block.parentHash);
    await dev.setHead(block.blockHash);
    const balance = (selector: unknown) => result("eth_getBalance", [a.address, selector]);
    expect(await balance({ blockHash: block.blockHash })).to.equal(await balance("latest"));
    expect(await balance(block.blockHash)).to.equal(await balance({ blockNumber: "0x1" }));
    if (side.blockHash !== block.blockHash) throw new Error("the same content gives the same block");
    await dev.pool.add(await transfer(a, 0));
    const other = await dev.mine(block.parentHash);
    await dev.setHead(block.blockHash);
    expect(await balance({ blockHash: other.blockHash })).to.not.equal(await balance("latest"));
    expect(
      (await errorOf("eth_getBalance", [a.address, { blockHash: other.blockHash, requireCanonical: true }]))?.code,
    ).to.equal(-32001);
    expect((await errorOf("eth_getBalance", [a.address, { blockHash: `0x${"77".repeat(32)}` }]))?.code).to.equal(
      -32001,
    );
    expect((await errorOf("eth_getBalance", [a.address, "0x99"]))?.code).to.equal(-32001);
  });

  it("answer null for blocks and transactions that are not there", async () => {
    const unknown = `0x${"77".repeat(32)}`;
    for (const [method, params] of [
      ["eth_getBlockByNumber", ["0x99", true]],
      ["eth_getBlockByHash", [unknown, false]],
      ["eth_getBlockReceipts", ["0x99"]],
      ["eth_getBlockTransactionCountByNumber", ["0x99"]],
      ["eth_getBlockTransactionCountByHash", [unknown]],
      ["eth_getTransactionByHash", [unknown]],
      ["eth_getTransactionReceipt", [unknown]],
      ["baton_checkpoint", [7]],
    ] as const) {
      expect(await result(method, [...params]), method).to.equal(null);
    }
  });

  it("follow a transaction from the mempool to its checkpoint's last stage", async () => {
    const status = (hash: string) => result("baton_getTransactionStatus", [hash]);
    expect(await status(`0x${"77".repeat(32)}`)).to.deep.equal({ status: "unknown" });
    const hash = await result("eth_sendRawTransaction", [await transfer(a, 0)]);
    expect(await status(hash)).to.deep.equal({ status: "runnable", preconfirmed: false });
    expect(await result("eth_getTransactionByHash", [hash])).to.include({
      blockHash: null,
      blockNumber: null,
      from: a.address.toLowerCase(),
    });
    const queued = await result("eth_sendRawTransaction", [await transfer(b, 1)]);
    expect(await status(queued)).to.deep.equal({ status: "queued", preconfirmed: false });
    const block = await dev.mine();
    const included = { status: "included", blockHash: block.blockHash, blockNumber: 1, transactionIndex: 0 };
    expect(await status(hash)).to.deep.equal({ ...included, stage: "head" });
    for (const stage of ["proposed", "attested", "submitted", "settled", "finalized"] as const) {
      dev.tipsNow = { ...dev.tipsNow, [stage]: dev.tipsNow.head };
      expect(await status(hash)).to.deep.equal({ ...included, stage });
    }
    dev.pool.drop(queued, "test");
    expect(await status(queued)).to.deep.equal({ status: "dropped", reason: "invalid", detail: "test" });
  });

  it("find a transaction by its place, and give its signed bytes", async () => {
    const raw = await transfer(a, 0);
    const hash = await result("eth_sendRawTransaction", [raw]);
    expect(await result("eth_getRawTransactionByHash", [hash])).to.equal(raw);
    const block = await dev.mine();
    expect(await result("eth_getRawTransactionByHash", [hash])).to.equal(raw);
    expect(await result("eth_getRawTransactionByHash", [`0x${"77".repeat(32)}`])).to.equal(null);
    const whole = await result("eth_getTransactionByHash", [hash]);
    expect(await result("eth_getTransactionByBlockNumberAndIndex", ["latest", "0x0"])).to.deep.equal(whole);
    expect(await result("eth_getTransactionByBlockHashAndIndex", [block.blockHash, "0x0"])).to.deep.equal(whole);
    expect(await result("eth_getTransactionByBlockNumberAndIndex", ["latest", "0x1"])).to.equal(null);
    expect(await result("eth_getTransactionByBlockHashAndIndex", [`0x${"77".repeat(32)}`, "0x0"])).to.equal(null);
    expect(await result("eth_getUncleCountByBlockNumber", ["latest"])).to.equal("0x0");
    expect(await result("eth_getUncleCountByBlockHash", [`0x${"77".repeat(32)}`])).to.equal(null);
    expect(await result("eth_getUncleByBlockHashAndIndex", [block.blockHash, "0x0"])).to.equal(null);
    expect(await result("web3_sha3", ["0x68656c6c6f"])).to.equal(keccak256("0x68656c6c6f"));
  });

  it("show the mempool by account and nonce, a bounded part of it at once", async () => {
    const runnable = await result("eth_sendRawTransaction", [await transfer(a, 0)]);
    const queued = await result("eth_sendRawTransaction", [await transfer(b, 1)]);
    expect(await result("txpool_status")).to.deep.equal({ pending: "0x1", queued: "0x1" });
    const from = (await result("txpool_contentFrom", [b.address])) as { queued: Record<string, { hash: string }> };
    expect(from.queued[1]?.hash).to.equal(queued);
    const content = (await result("txpool_content")) as Record<"pending" | "queued", object>;
    expect(content.pending).to.have.nested.property(`${a.address.toLowerCase()}.0.hash`, runnable);
    expect(content.queued).to.have.nested.property(`${b.address.toLowerCase()}.1.hash`, queued);
    const small = await dev.serve({ maxPoolTransactions: 1 });
    const part = (await rpc(small, "txpool_content")).result as typeof content;
    expect([Object.keys(part.pending).length, Object.keys(part.queued).length]).to.deep.equal([1, 0]);
  });

  it("tell of a transaction whose block was discarded that it comes first in the next", async () => {
    const before = await dev.mine();
    const hash = await result("eth_sendRawTransaction", [await transfer(a, 0)]);
    const gone = await dev.mine();
    await dev.discard(before.blockHash, [gone]);
    expect(await result("baton_getTransactionStatus", [hash])).to.deep.equal({
      status: "runnable",
      preconfirmed: true,
    });
    expect(await result("eth_getTransactionReceipt", [hash])).to.equal(null);
    expect(await result("eth_getTransactionByHash", [hash])).to.include({ blockHash: null });
    await dev.mine();
    expect(await result("baton_getTransactionStatus", [hash])).to.include({ status: "included", stage: "head" });
  });

  it("run calls in a changed world, and prove what is there", async () => {
    const { board, post } = await dev.deployBoard(a);
    await dev.pool.add(await post("one", 1));
    await dev.mine();
    const request = { to: board, data: "0x06661abd" }; // count()
    const count = async (...overrides: unknown[]) =>
      BigInt(await result("eth_call", [request, "latest", ...overrides]));
    const slot = `0x${"0".repeat(64)}`;
    const seven = `0x${"7".padStart(64, "0")}`;
    expect(await count()).to.equal(1n);
    expect(await count({ [board]: { stateDiff: { [slot]: seven } } })).to.equal(7n);
    expect(await count({}, { number: "0x99", time: "0x7fffffff" })).to.equal(1n);
    for (const wrong of [
      [{ [board]: { state: {}, stateDiff: {} } }],
      [{ [board]: { movePrecompileToAddress: board } }],
      [{ "0x12": {} }],
      [{}, { blockHash: slot }],
    ]) {
      expect((await errorOf("eth_call", [request, "latest", ...wrong]))?.code, JSON.stringify(wrong)).to.equal(-32602);
    }
    const listed = (await result("eth_createAccessList", [request])) as { accessList: unknown[] };
    expect(listed.accessList).to.deep.equal([{ address: board, storageKeys: [slot] }]);
    const proof = (await result("eth_getProof", [board, ["0x0"], "latest"])) as Record<string, unknown>;
    expect(proof).to.include({ address: board, balance: "0x0", nonce: "0x1" });
    expect(proof.storageProof).to.have.nested.property("[0].value", "0x1");
    expect((await errorOf("eth_getProof", [board, Array(257).fill("0x0"), "latest"]))?.code).to.equal(-32602);
  });

  it("count pooled transactions in the pending nonce", async () => {
    await dev.pool.add(await transfer(a, 0));
    expect(await result("eth_getTransactionCount", [a.address, "pending"])).to.equal("0x1");
    expect(await result("eth_getTransactionCount", [a.address, "latest"])).to.equal("0x0");
    expect(await result("eth_getTransactionCount", [b.address, "pending"])).to.equal("0x0");
  });

  it("refuse what the mempool refuses, with its reason as data", async () => {
    await dev.pool.add(await transfer(a, 0));
    const error = await errorOf("eth_sendRawTransaction", [await transfer(a, 0)]);
    expect(error).to.include({ code: -32000 });
    expect(error?.data).to.deep.equal({ reason: "known" });
    expect(dev.gossiped, "a refused transaction is not gossiped").to.deep.equal([]);
  });

  it("accept a transaction though gossip fails", async () => {
    dev.broadcast = () => Promise.reject(new Error("no peers"));
    expect(await result("eth_sendRawTransaction", [await transfer(a, 0)])).to.match(/^0x/);
    expect(dev.logged.map((line) => line.level)).to.deep.equal(["warn"]);
  });

  it("bound the range of eth_getLogs", async () => {
    for (let i = 0; i < 5; i++) await dev.mine();
    expect(await errorOf("eth_getLogs", [{ fromBlock: "0x0", toBlock: "0x3" }])).to.include({ code: -32005 });
    expect(await result("eth_getLogs", [{ fromBlock: "0x0", toBlock: "0x2" }])).to.deep.equal([]);
    expect(await result("eth_getLogs", [{ fromBlock: "0x4", toBlock: "0xffffff" }])).to.deep.equal([]);
    expect((await errorOf("eth_getLogs", [{ blockHash: `0x${"77".repeat(32)}` }]))?.code).to.equal(-32001);
  });

  it("suggest the tip that recent blocks were paid", async () => {
    const suggested = async () => BigInt(await result("eth_maxPriorityFeePerGas"));
    const idle = await suggested();
    await dev.pool.add(await transfer(a, 0, 3_000_000_000n));
    await dev.mine();
    expect(await suggested()).to.equal(3_000_000_000n);
    expect(idle < 3_000_000_000n && idle > 0n).to.equal(true);
    expect(await result("eth_feeHistory", ["0x1", "latest", [50]])).to.have.deep.property("reward", [["0xb2d05e00"]]);
  });

  it("simulate blocks that nobody builds", async () => {
    const { board, post } = await dev.deployBoard(a);
    await dev.pool.add(await post("one", 1));
    await dev.mine();
    const count = { to: board, data: "0x06661abd" };
    const blocks = (await result("eth_simulateV1", [
      { blockStateCalls: [{ calls: [count] }, { blockOverrides: { number: "0x5" }, calls: [] }] },
    ])) as { number: string; calls: { returnData: string }[] }[];
    expect(blocks.map(({ number }) => number)).to.deep.equal(["0x3", "0x4", "0x5"]);
    expect(BigInt(blocks[0]?.calls[0]?.returnData ?? 0)).to.equal(1n);
    for (const wrong of [
      { blockStateCalls: [] },
      { blockStateCalls: [{ calls: [] }], validation: true },
      { blockStateCalls: [{ calls: [] }], traceTransfers: true },
      { blockStateCalls: [{ blockOverrides: { number: "0x1" } }] },
    ]) {
      expect((await errorOf("eth_simulateV1", [wrong]))?.code, JSON.stringify(wrong)).to.equal(-32602);
    }
  });

  it("answer for pending with the head, in its own context, while there is nothing newer", async () => {
    await dev.pool.add(await transfer(a, 0));
    const head = await dev.mine();
    await dev.pool.add(await transfer(a, 1));
    const recipient = `0x${"aa".repeat(20)}`;
    expect(await result("eth_getBlockByNumber", ["pending", false])).to.include({ hash: head.blockHash });
    expect(await result("eth_getBalance", [recipient, "pending"])).to.equal("0x1");
    expect(await result("eth_getBlockReceipts", ["pending"])).to.have.length(1);
    expect(await result("eth_getLogs", [{ fromBlock: "pending", toBlock: "pending" }])).to.deep.equal([]);
    // creation code that returns block number and time
    const context = await result("eth_call", [{ data: "0x435f524260205260405ff3" }, "pending"]);
    const word = (value: number) => value.toString(16).padStart(64, "0");
    expect(context).to.equal(`0x${word(head.blockNumber)}${word(head.timestamp)}`);
    expect(await result("eth_estimateGas", [{ from: a.address, to: recipient }, "pending"])).to.equal("0x5208");
    expect(await result("eth_getTransactionCount", [a.address, "pending"])).to.equal("0x2");
  });

  it("are described by the node itself", async () => {
    const { methods } = (await result("rpc.discover")) as { methods: { name: string }[] };
    expect(methods.map(({ name }) => name)).to.deep.equal([...METHODS.keys()]);
  });

  it("show the node's own view", async () => {
    dev.nodeStatus = { ...dev.nodeStatus, syncing: { startingBlock: 1, currentBlock: 5, highestBlock: 20 } };
    expect(await result("eth_syncing")).to.deep.equal({
      startingBlock: "0x1",
      currentBlock: "0x5",
      highestBlock: "0x14",
    });
    expect(await result("net_peerCount")).to.equal("0x3");
    expect(await result("net_version")).to.equal(String(CHAIN_ID));
    expect(await result("net_listening")).to.equal(true);
    expect(await result("eth_accounts")).to.deep.equal([]);
    expect(await result("baton_tips")).to.have.all.keys(
      "head",
      "proposed",
      "attested",
      "submitted",
      "settled",
      "finalized",
    );
    expect(await result("baton_nodeStatus")).to.deep.include({
      role: "validator",
      validators: [],
      slot: 9,
      mempool: { transactions: 0 },
    });
    const certificate = { kind: "attestation", slot: 8, digest: "0x01", signers: 13n, signature: "0x02" };
    dev.checkpoints.set(8, {
      slot: 8,
      digest: "0x01",
      status: "attested",
      certificate,
      landing: undefined,
    } as unknown as CheckpointRecord);
    expect(await result("baton_checkpoint", ["0x8"])).to.deep.include({
      slot: 8,
      certificate: { ...certificate, signers: "0xd" },
      landing: null,
    });
    const slots = (await result("baton_slots", [7, 8])) as { slot: number; checkpoint: unknown }[];
    expect(slots.map((entry) => [entry.slot, entry.checkpoint !== null])).to.deep.equal([
      [7, false],
      [8, true],
    ]);
    expect(await result("baton_slots")).to.have.length(11);
  });
});
