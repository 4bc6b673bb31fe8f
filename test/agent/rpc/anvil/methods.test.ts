import { expect } from "chai";
import { METHODS } from "../../../../sdk/agent/rpc/methods/index.ts";
import type { Answer } from "../support/devchain.ts";
import { ALLOWED, differences } from "./differences.ts";
import { Listener } from "./listener.ts";
import { ask, type Side, Twin } from "./twin.ts";

/** A question to both: its method, and the parameters, which may name blocks by each side's own hashes. */
type Question = [method: string, what: string, params: unknown[] | ((side: Side) => unknown[])];

type Hex = `0x${string}`;
type Log = { address: Hex; topics: Hex[]; data: Hex };

const NONE = `0x${"77".repeat(32)}`;
const word = (value: number) => `0x${value.toString(16).padStart(64, "0")}`;
/** number, timestamp, coinbase, prevrandao, gaslimit, basefee */
const CONTEXT = "0x435f52426020524160405244606052456080524860a05260c05ff3";

/** Compared by hand below, or not to be had from anvil. */
const ELSEWHERE: Record<string, string> = {
  web3_clientVersion: "names the client",
  eth_sendRawTransaction: "sent every transaction of both chains; refusals below",
  eth_sendRawTransactionSync: "waits for blocks, which anvil makes only when told to: test/agent/rpc/sync.test.ts",
  eth_simulateV1: "the calls below; anvil's blocks around them have neither roots nor a number of their own",
  eth_newFilter: "below",
  eth_newBlockFilter: "below",
  eth_newPendingTransactionFilter: "below",
  eth_getFilterChanges: "below",
  eth_getFilterLogs: "below",
  eth_uninstallFilter: "below",
  eth_subscribe: "below",
  eth_unsubscribe: "below",
  "rpc.discover": "anvil has no reference",
};

describe("JSON-RPC beside anvil, on the same blocks", () => {
  let twin: Twin;
  const used = new Set<number>();

  before(async () => {
    twin = await Twin.start();
  });
  after(() => twin.stop());

  /** Fails for a difference that the table does not allow. */
  function compare(where: string, [ours, theirs]: [unknown, unknown]): void {
    const found = differences(ours, theirs).filter((path) => {
      const at = ALLOWED.findIndex((one) => one.where.test(where) && one.path.test(path));
      if (at >= 0) used.add(at);
      return at < 0;
    });
    expect(found, `${where}\n${JSON.stringify(ours)}\n${JSON.stringify(theirs)}`).to.deep.equal([]);
  }

  /** An answer as it is compared: what a call reverted with stays, other details of errors are each client's own. */
  const comparable = ({ result, error }: Answer): unknown => (error === undefined ? result : error);

  function questions(): Question[] {
    const [a, b, c] = twin.wallets.map((wallet) => wallet.address) as [string, string, string];
    const { address, board, hashes, pending } = twin;
    const count = { to: address, data: "0x06661abd" };
    const say = (text: string) => ({ from: a, to: address, data: board.encodeFunctionData("post", [text]) });
    const topic = board.getEvent("Posted")?.topicHash as string;
    const block = (side: Side) => side.blockHashes[2];
    return [
      ["web3_sha3", "bytes", ["0x6869"]],
      ["net_version", "", []],
      ["net_listening", "", []],
      ["net_peerCount", "", []],
      ["eth_chainId", "", []],
      ["eth_accounts", "", []],
      ["eth_blockNumber", "", []],
      ["eth_syncing", "", []],
      ["eth_gasPrice", "", []],
      ["eth_maxPriorityFeePerGas", "", []],
      ["eth_blobBaseFee", "", []],
      ["eth_feeHistory", "with tips", ["0x5", "latest", [10, 50, 90]]],
      ["eth_feeHistory", "without tips", ["0x2", "0x3", []]],
      ["eth_getBalance", "latest", [a, "latest"]],
      ["eth_getBalance", "past", [b, "0x2"]],
      ["eth_getBalance", "by block hash", (side) => [a, { blockHash: block(side) }]],
      ["eth_getBalance", "of no address", ["0x12", "latest"]],
      ["eth_getBalance", "of nothing", []],
      ["eth_getBalance", "beyond the head", [a, "0x99"]],
      ["eth_getTransactionCount", "latest", [a, "latest"]],
      ["eth_getTransactionCount", "pending", [a, "pending"]],
      ["eth_getTransactionCount", "pending with a gap", [b, "pending"]],
      ["eth_getCode", "of a contract", [address, "latest"]],
      ["eth_getCode", "of a delegated account", [c, "latest"]],
      ["eth_getCode", "before it was there", [address, "0x0"]],
      ["eth_getStorageAt", "a word", [address, "0x0", "latest"]],
      ["eth_getStorageAt", "nothing", [address, word(9), "latest"]],
      ["eth_getProof", "of a contract", [address, [word(0), word(9)], "latest"]],
      ["eth_getProof", "of nobody", [`0x${"0e".repeat(20)}`, [], "latest"]],
      ["eth_call", "that returns", [count, "latest"]],
      ["eth_call", "in the past", [count, "0x2"]],
      ["eth_call", "that reverts with a reason", [say(""), "latest"]],
      ["eth_call", "that reverts with a custom error", [say("x".repeat(101)), "latest"]],
      ["eth_call", "that panics", [{ to: address, data: board.encodeFunctionData("divide", [1, 0]) }, "latest"]],
      ["eth_call", "of other storage", [count, "latest", { [address]: { stateDiff: { [word(0)]: word(7) } } }]],
      ["eth_call", "of other code", [{ to: b }, "latest", { [b]: { code: "0x602a5f5260205ff3" } }]],
      ["eth_call", "in another block", [{ data: CONTEXT }, "latest", {}, { number: "0x99", time: "0x77777777" }]],
      ["eth_call", "at an unknown block", [count, NONE]],
      ["eth_estimateGas", "of a transfer", [{ from: a, to: b, value: "0x1" }]],
      ["eth_estimateGas", "of a write", [say("hello")]],
      ["eth_estimateGas", "of a revert", [say("")]],
      ["eth_createAccessList", "of a write", [say("hello")]],
      ...hashes.flatMap((hash, i): Question[] => [
        ["eth_getTransactionByHash", `number ${i}`, [hash]],
        ["eth_getTransactionReceipt", `number ${i}`, [hash]],
        ["eth_getRawTransactionByHash", `number ${i}`, [hash]],
      ]),
      ["eth_getTransactionByHash", "of none", [NONE]],
      ["eth_getTransactionByHash", "of a waiting one", [pending.runnable]],
      ["eth_getTransactionByHash", "of one waiting for a nonce", [pending.queued]],
      ["eth_getTransactionReceipt", "of none", [NONE]],
      ["eth_getRawTransactionByHash", "of none", [NONE]],
      ["eth_getTransactionByBlockNumberAndIndex", "there", ["0x2", "0x1"]],
      ["eth_getTransactionByBlockNumberAndIndex", "not there", ["0x2", "0x9"]],
      ["eth_getTransactionByBlockHashAndIndex", "there", (side) => [block(side), "0x3"]],
      ["eth_getBlockByNumber", "first", ["0x1", true]],
      ["eth_getBlockByNumber", "with transactions", ["0x2", true]],
      ["eth_getBlockByNumber", "empty", ["0x4", false]],
      ["eth_getBlockByNumber", "latest", ["latest", false]],
      ["eth_getBlockByNumber", "unknown", ["0x99", false]],
      ["eth_getBlockByHash", "with transactions", (side) => [side.blockHashes[3], true]],
      ["eth_getBlockByHash", "unknown", [NONE, false]],
      ["eth_getBlockReceipts", "by number", ["0x2"]],
      ["eth_getBlockReceipts", "by hash", (side) => [block(side)]],
      ["eth_getBlockTransactionCountByNumber", "", ["0x2"]],
      ["eth_getBlockTransactionCountByHash", "", (side) => [block(side)]],
      ["eth_getUncleCountByBlockNumber", "", ["0x2"]],
      ["eth_getUncleCountByBlockHash", "", (side) => [block(side)]],
      ["eth_getUncleByBlockNumberAndIndex", "", ["0x2", "0x0"]],
      ["eth_getUncleByBlockHashAndIndex", "", (side) => [block(side), "0x0"]],
      ["eth_getLogs", "of a contract", [{ fromBlock: "0x0", address, topics: [topic] }]],
      ["eth_getLogs", "by topic", [{ fromBlock: "0x0", toBlock: "latest", topics: [null, null, [word(2), word(3)]] }]],
      ["eth_getLogs", "of a block", (side) => [{ blockHash: block(side) }]],
      ["eth_getLogs", "of nobody", [{ fromBlock: "0x0", address: [b, c] }]],
      ["eth_getLogs", "backwards", [{ fromBlock: "0x5", toBlock: "0x1" }]],
      ["txpool_status", "", []],
      ["txpool_content", "of the waiting", []],
      ["txpool_contentFrom", "", [a]],
      ["eth_nothing", "", []],
    ];
  }

  it("answers the same, but for what the table allows, and with the same codes of errors", async () => {
    for (const [method, what, params] of questions()) {
      const answers = twin
        .sides()
        .map((side) => ask(side, method, typeof params === "function" ? params(side) : params));
      const [ours, theirs] = (await Promise.all(answers)) as [Answer, Answer];
      if (ours.error === undefined) METHODS.get(method)?.result.parse(ours.result);
      if (ours.error?.code === 3) expect(ours.error.data, `${method} ${what}`).to.equal(theirs.error?.data);
      compare(`${method} ${what}`, [comparable(ours), comparable(theirs)]);
    }
  });

  it("asks every method that anvil has too", () => {
    const asked = new Set(questions().map(([method]) => method));
    const left = [...METHODS.keys()].filter((name) => !asked.has(name) && !name.startsWith("baton_"));
    expect(left.sort()).to.deep.equal(Object.keys(ELSEWHERE).sort());
  });

  it("estimates within two percent", async () => {
    const [a] = twin.wallets.map((wallet) => wallet.address);
    const call = { from: a, to: twin.address, data: twin.board.encodeFunctionData("post", ["hello"]) };
    const [ours, theirs] = await Promise.all(twin.sides().map((side) => ask(side, "eth_estimateGas", [call])));
    expect(Number(ours?.result) / Number(theirs?.result)).to.be.within(0.98, 1.02);
  });

  it("simulates calls to the same end", async () => {
    const [a] = twin.wallets.map((wallet) => wallet.address);
    const say = (text: string) => ({ from: a, to: twin.address, data: twin.board.encodeFunctionData("post", [text]) });
    const count = { to: twin.address, data: "0x06661abd" };
    const stateOverrides = { [twin.address]: { stateDiff: { [word(0)]: word(70) } } };
    const steps = [{ calls: [say("one"), say(""), count] }, { stateOverrides, calls: [say("two"), count] }];
    const [ours, theirs] = await Promise.all(
      twin.sides().map(async (side) => {
        const { result } = await ask(side, "eth_simulateV1", [{ blockStateCalls: steps }, "latest"]);
        const blocks = result as { calls: { status: Hex; gasUsed: Hex; returnData: Hex; logs: Log[] }[] }[];
        return blocks.map(({ calls }) =>
          calls.map(({ status, gasUsed, returnData, logs }) => {
            const content = logs.map(({ address, topics, data }) => ({ address, topics, data }));
            return { status, gasUsed, returnData, content };
          }),
        );
      }),
    );
    expect(ours).to.deep.equal(theirs);
    expect(ours?.flat().map(({ status }) => status)).to.deep.equal(["0x1", "0x0", "0x1", "0x1", "0x1"]);
    expect(ours?.[1]?.[1]?.returnData).to.equal(word(71));
  });

  it("refuses the same transactions", async () => {
    const [a, , c] = twin.wallets as [Twin["wallets"][0], unknown, Twin["wallets"][0]];
    const to = c.address;
    const old = await a.signTransaction({
      type: 2,
      chainId: 7701,
      nonce: 0,
      to,
      gasLimit: 21_000n,
      maxFeePerGas: 10n ** 10n,
    });
    const foreign = await a.signTransaction({
      type: 2,
      chainId: 1,
      nonce: 9,
      to,
      gasLimit: 21_000n,
      maxFeePerGas: 10n ** 10n,
    });
    const poor = await c.signTransaction({
      type: 2,
      chainId: 7701,
      nonce: 1,
      to,
      gasLimit: 21_000n,
      maxFeePerGas: 10n ** 18n,
    });
    for (const [what, raw] of [
      ["garbage", "0x1234"],
      ["a spent nonce", old],
      ["another chain", foreign],
      ["no funds", poor],
    ]) {
      const [ours, theirs] = await Promise.all(twin.sides().map((side) => ask(side, "eth_sendRawTransaction", [raw])));
      expect(theirs?.error, `anvil: ${what}`).to.not.equal(undefined);
      expect(ours?.error, what).to.not.equal(undefined);
      // geth's code for what its pool refuses is -32000; anvil has -32003 of EIP-1474 for it, and ethers and viem read the words.
      expect([ours?.error?.code, theirs?.error?.code], what).to.deep.equal(
        what === "garbage" ? [-32602, -32602] : [-32000, -32003],
      );
    }
  });

  it("collects the same in filters, and tells the same to subscribers", async () => {
    const sides = twin.sides();
    const both = async (method: string, params: (side: number) => unknown[]): Promise<[unknown, unknown]> => {
      const answers = await Promise.all(sides.map((side, i) => ask(side, method, params(i))));
      for (const { error } of answers) if (error !== undefined) throw new Error(`${method}: ${error.message}`);
      return [answers[0]?.result, answers[1]?.result];
    };
    const logs = await both("eth_newFilter", () => [{ address: twin.address }]);
    const blocks = await both("eth_newBlockFilter", () => []);
    const waiting = await both("eth_newPendingTransactionFilter", () => []);
    const listeners = await Promise.all(sides.map((side) => Listener.open(side.url)));
    const [a] = twin.wallets as [Twin["wallets"][0]];
    await twin.include([
      await twin.sign(a, { to: twin.address, data: twin.board.encodeFunctionData("post", ["five"]) }),
    ]);
    compare("eth_getFilterChanges of logs", await both("eth_getFilterChanges", (i) => [logs[i]]));
    const [ours, theirs] = await both("eth_getFilterChanges", (i) => [blocks[i]]);
    expect([ours, theirs]).to.deep.equal(sides.map((side) => side.blockHashes.slice(-1)));
    const transactions = await both("eth_getFilterChanges", (i) => [waiting[i]]);
    expect(transactions).to.deep.equal([twin.hashes.slice(-1), twin.hashes.slice(-1)]);
    compare("eth_getFilterChanges again", await both("eth_getFilterChanges", (i) => [logs[i]]));
    compare("eth_getFilterLogs", await both("eth_getFilterLogs", (i) => [logs[i]]));
    compare("eth_uninstallFilter", await both("eth_uninstallFilter", (i) => [logs[i]]));
    compare("eth_uninstallFilter again", await both("eth_uninstallFilter", (i) => [logs[i]]));
    const gone = await Promise.all(sides.map((side, i) => ask(side, "eth_getFilterChanges", [logs[i]])));
    compare("eth_getFilterChanges of none", [gone[0]?.error, gone[1]?.error]);
    const told = await Promise.all(listeners.map((listener) => listener.three()));
    compare("eth_subscribe: Block", [told[0]?.newHeads, told[1]?.newHeads]);
    compare("eth_subscribe: logs", [told[0]?.logs, told[1]?.logs]);
    compare("eth_subscribe: newPendingTransactions", [
      told[0]?.newPendingTransactions,
      told[1]?.newPendingTransactions,
    ]);
  });

  it("differs in nothing else: every line of the table is needed", () => {
    const unused = ALLOWED.filter((_, i) => !used.has(i));
    expect(unused.map(({ where, path }) => `${where} ${path}`)).to.deep.equal([]);
  });
});
