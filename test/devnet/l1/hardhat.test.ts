import { expect } from "chai";
import { Transaction, type TransactionLike, Wallet } from "ethers";
import hre from "hardhat";
import { agentKeys } from "../../../deploy/devnet/accounts.ts";
import { HardhatServer } from "../../../deploy/devnet/l1/hardhat.ts";
import { rpc } from "../../../deploy/devnet/rpc.ts";
import { cancellation, signTransaction } from "../../../sdk/submit/transaction.ts";
import type { Hex } from "../../../sdk/types/hex.ts";

const GWEI = 10n ** 9n;
const SINK = `0x${"ee".repeat(20)}`;
/** Code that reverts whatever it is called with: PUSH0 PUSH0 REVERT. */
const REVERTER: Hex = `0x${"dd".repeat(20)}`;
/** Code that logs nothing at all: PUSH0 PUSH0 LOG0 STOP. */
const LOGGER: Hex = `0x${"cc".repeat(20)}`;
/** Seconds between two blocks of these tests. */
const L1_SLOT = 2;

interface Block {
  number: string;
  hash: string;
  parentHash: string;
  timestamp: string;
  transactions: string[];
}

interface Place {
  blockNumber: string;
  blockHash: string;
  transactionIndex: string;
}

interface Receipt extends Place {
  status: string;
  logs: (Place & { logIndex: string })[];
}

interface Answer {
  id: unknown;
  result?: unknown;
  error?: { code: number; message: string };
}

const wallet = (index: number): Wallet => new Wallet(agentKeys(index).l1Key);

describe("Hardhat network behind the devnet's L1 pool", function () {
  this.timeout(120_000);
  let server: HardhatServer;
  let connection: Awaited<ReturnType<typeof hre.network.create>>;
  let chainId: number;
  let now: number;

  const call = <Result>(method: string, ...params: unknown[]) => rpc<Result>(server.url, method, params);

  beforeEach(async () => {
    connection = await hre.network.create();
    await connection.provider.request({ method: "hardhat_setCode", params: [REVERTER, "0x5f5ffd"] });
    await connection.provider.request({ method: "hardhat_setCode", params: [LOGGER, "0x5f5fa000"] });
    server = new HardhatServer(connection.provider);
    await server.listen(0);
    chainId = Number(await call<string>("eth_chainId"));
    now = Number((await call<Block>("eth_getBlockByNumber", "latest", false)).timestamp) + 10;
    await server.holdTransactions();
  });

  afterEach(async () => {
    await server.close();
    await connection.close();
  });

  async function send(from: Wallet, nonce: number, fields: TransactionLike = {}): Promise<string> {
    const raw = await from.signTransaction({
      type: 2,
      chainId,
      nonce,
      to: SINK,
      value: 1n,
      gasLimit: 100_000n,
      maxFeePerGas: 50n * GWEI,
      maxPriorityFeePerGas: GWEI,
      ...fields,
    });
    return call<string>("eth_sendRawTransaction", raw);
  }

  async function sendBlob(from: Wallet, nonce: number, priorityFeeWei: bigint, to?: Hex): Promise<string> {
    const { raw } = await signTransaction(from, {
      ...cancellation(to ?? (from.address as Hex), true, 0),
      chainId,
      nonce,
      gasLimit: 100_000n,
      fees: {
        maxFeePerGasWei: 50n * priorityFeeWei,
        maxPriorityFeePerGasWei: priorityFeeWei,
        maxFeePerBlobGasWei: priorityFeeWei,
      },
      blobWrapperVersion: 0,
    });
    return call<string>("eth_sendRawTransaction", raw);
  }

  async function refusalOf(sending: Promise<unknown>): Promise<string> {
    return sending.then(
      () => expect.fail("the transaction was taken"),
      (error: Error) => error.message,
    );
  }

  /** Mines the next boundary; the blocks that it made, in order. */
  async function boundary(): Promise<Block[]> {
    const before = Number(await call<string>("eth_blockNumber"));
    now += L1_SLOT;
    await server.mineAt(now);
    const after = Number(await call<string>("eth_blockNumber"));
    const numbers = Array.from({ length: after - before }, (_, index) => before + 1 + index);
    return Promise.all(numbers.map((n) => call<Block>("eth_getBlockByNumber", `0x${n.toString(16)}`, false)));
  }

  it("mines nothing before the boundary, and shows meanwhile what waits", async () => {
    const sender = wallet(0);
    const hash = await send(sender, 0);
    expect(await call("eth_getTransactionReceipt", hash)).to.equal(null);
    expect(await call("eth_getTransactionByHash", hash)).to.include({ hash, blockNumber: null, nonce: "0x0" });
    expect(await call("eth_getTransactionCount", sender.address, "pending")).to.equal("0x1");
    expect(await call("eth_getTransactionCount", sender.address, "latest")).to.equal("0x0");
    const [block] = await boundary();
    expect(block?.transactions).to.deep.equal([hash]);
    expect(await call("eth_getTransactionCount", sender.address, "pending")).to.equal("0x1");
  });

  it("makes an empty block with the boundary's time when nothing waits", async () => {
    const blocks = await boundary();
    expect(blocks).to.have.length(1);
    expect(blocks[0]?.transactions).to.deep.equal([]);
    expect(Number(blocks[0]?.timestamp)).to.equal(now);
  });

  it("mines what waits by priority fee, plain and blob alike, all with the boundary's time", async () => {
    const low = await send(wallet(0), 0, { maxPriorityFeePerGas: GWEI });
    const blob = await sendBlob(wallet(1), 0, 2n * GWEI);
    const high = await send(wallet(2), 0, { maxPriorityFeePerGas: 3n * GWEI });
    const blocks = await boundary();
    expect(blocks.map(({ transactions }) => transactions)).to.deep.equal([[high, blob, low]]);
    expect(Number(blocks[0]?.timestamp)).to.equal(now);
  });

  it("shows what it mined at one boundary as one block, whoever asks how", async () => {
    const [before] = await boundary();
    const hashes = [
      await sendBlob(wallet(0), 0, 3n * GWEI, LOGGER),
      await sendBlob(wallet(1), 0, 2n * GWEI, LOGGER),
      await send(wallet(2), 0, { to: LOGGER }),
    ];
    const [block] = await boundary();
    const [after] = await boundary();
    const { hash, number } = block as Block;
    expect(block?.transactions).to.deep.equal(hashes);
    expect([block?.parentHash, after?.parentHash]).to.deep.equal([before?.hash, hash]);
    expect([before, block, after].map((one) => Number(one?.number) - Number(number))).to.deep.equal([-1, 0, 1]);
    expect(await call("eth_getBlockByHash", hash, false)).to.deep.equal(block);
    const full = await call<{ transactions: Place[] }>("eth_getBlockByNumber", number, true);
    const receipts = await Promise.all(hashes.map((one) => call<Receipt>("eth_getTransactionReceipt", one)));
    const places = hashes.map((_, i) => ({ blockNumber: number, blockHash: hash, transactionIndex: `0x${i}` }));
    const placeOf = ({ blockNumber, blockHash, transactionIndex }: Place): Place => ({
      blockNumber,
      blockHash,
      transactionIndex,
    });
    const transactions = await Promise.all(hashes.map((one) => call<Place>("eth_getTransactionByHash", one)));
    for (const found of [receipts, transactions, full.transactions]) {
      expect(found.map(placeOf)).to.deep.equal(places);
    }
    const logs = receipts.flatMap((receipt) => receipt.logs);
    expect(logs.map(placeOf)).to.deep.equal(places);
    expect(logs.map(({ logIndex }) => logIndex)).to.deep.equal(["0x0", "0x1", "0x2"]);
    for (const filter of [{ blockHash: hash }, { fromBlock: number, toBlock: number }, { fromBlock: number }]) {
      expect(await call("eth_getLogs", { ...filter, address: LOGGER })).to.deep.equal(logs);
    }
    const around = { fromBlock: before?.number, toBlock: before?.number };
    expect(await call("eth_getLogs", { ...around, address: LOGGER })).to.deep.equal([]);
    const nonces = [before, block].map((one) => call("eth_getTransactionCount", wallet(2).address, one?.number));
    expect(await Promise.all(nonces)).to.deep.equal(["0x0", "0x1"]);
    expect(await call("eth_getBlockByNumber", `0x${(Number(after?.number) + 1).toString(16)}`, false)).to.equal(null);
  });

  it("numbers the blocks after a reorg as those that went", async () => {
    const mark = await server.mark();
    await Promise.all([0, 1].map((index) => sendBlob(wallet(index), 0, GWEI)));
    const [gone] = await boundary();
    for (const raw of await server.goBack(mark)) await server.take(raw);
    expect(Number(await call("eth_blockNumber"))).to.equal(mark.blockNumber);
    const [block] = await boundary();
    expect([block?.number, block?.transactions.length]).to.deep.equal([gone?.number, 2]);
  });

  it("mines no more blobs at a boundary than an L1 block holds", async () => {
    const senders = Array.from({ length: 10 }, (_, index) => wallet(index));
    for (const [i, sender] of senders.entries()) await sendBlob(sender, 0, BigInt(20 - i) * GWEI);
    const mined = [await boundary(), await boundary()].map((blocks) =>
      blocks.map(({ transactions }) => transactions.length),
    );
    expect(mined).to.deep.equal([[9], [1]]);
  });

  it("mines an account's transactions in the order of their nonces, and none beyond a gap", async () => {
    const second = await send(wallet(0), 1, { maxPriorityFeePerGas: 9n * GWEI });
    const beyond = await send(wallet(0), 3);
    expect(await call("eth_getTransactionCount", wallet(0).address, "pending")).to.equal("0x0");
    const first = await send(wallet(0), 0);
    expect((await boundary()).flatMap((block) => block.transactions)).to.deep.equal([first, second]);
    expect(await call("eth_getTransactionReceipt", beyond)).to.equal(null);
    const missing = await send(wallet(0), 2);
    expect((await boundary()).flatMap((block) => block.transactions)).to.deep.equal([missing, beyond]);
  });

  it("mines only the replacement, and forgets what it replaced", async () => {
    const old = await sendBlob(wallet(0), 0, GWEI);
    expect(await refusalOf(sendBlob(wallet(0), 0, 2n * GWEI - 1n))).to.include("replacement transaction underpriced");
    const replacement = await sendBlob(wallet(0), 0, 2n * GWEI);
    expect((await boundary()).flatMap((block) => block.transactions)).to.deep.equal([replacement]);
    expect(await call("eth_getTransactionByHash", old)).to.equal(null);
  });

  it("keeps an account to one kind of transaction while something waits", async () => {
    await sendBlob(wallet(0), 0, GWEI);
    expect(await refusalOf(send(wallet(0), 1))).to.include("address already reserved");
    await boundary();
    await send(wallet(0), 1);
    expect(await refusalOf(sendBlob(wallet(0), 2, GWEI))).to.include("address already reserved");
  });

  it("refuses a nonce that is spent, in the words that clients match", async () => {
    await send(wallet(0), 0);
    await boundary();
    expect(await refusalOf(send(wallet(0), 0, { value: 2n }))).to.include("nonce too low");
  });

  it("mines a transaction that reverts, and those behind it", async () => {
    const reverting = await sendBlob(wallet(0), 0, 9n * GWEI, REVERTER);
    const plain = await send(wallet(1), 0, { to: REVERTER, maxPriorityFeePerGas: 8n * GWEI });
    const behind = await send(wallet(2), 0);
    expect((await boundary()).flatMap((block) => block.transactions)).to.deep.equal([reverting, plain, behind]);
    expect(await call<Receipt>("eth_getTransactionReceipt", reverting)).to.include({ status: "0x0" });
    expect(await call<Receipt>("eth_getTransactionReceipt", plain)).to.include({ status: "0x0" });
    expect(await call<Receipt>("eth_getTransactionReceipt", behind)).to.include({ status: "0x1" });
  });

  it("drops a transaction that cannot be mined at all, and goes on with the others", async () => {
    const pauper = Wallet.createRandom();
    const raw = await pauper.signTransaction({
      ...{ type: 2, chainId, nonce: 0, to: SINK, value: 1n, gasLimit: 21_000n },
      ...{ maxFeePerGas: 50n * GWEI, maxPriorityFeePerGas: 9n * GWEI },
    });
    const broke = await call<string>("eth_sendRawTransaction", raw);
    const sound = await send(wallet(0), 0);
    expect((await boundary()).flatMap((block) => block.transactions)).to.deep.equal([sound]);
    expect(await call("eth_getTransactionByHash", broke)).to.equal(null);
  });

  it("answers a batch call by call, garbage in it with an error of its own", async () => {
    const answers = await post([
      { jsonrpc: "2.0", id: 1, method: "eth_chainId", params: [] },
      null,
      7,
      { jsonrpc: "2.0", id: "x", method: "eth_sendRawTransaction", params: ["0x1234"] },
      { jsonrpc: "2.0", id: 3, method: "no_such_method" },
      { jsonrpc: "2.0", id: 4, method: "eth_sendRawTransaction", params: { raw: "0x" } },
    ]);
    expect(answers.map(({ id }) => id)).to.deep.equal([1, null, null, "x", 3, 4]);
    expect(Number(answers[0]?.result)).to.equal(chainId);
    for (const answer of answers.slice(1)) expect(answer.error?.message, JSON.stringify(answer)).to.be.a("string");
    expect(answers[1]?.error?.code).to.equal(-32_600);
    expect((await boundary()).flatMap((block) => block.transactions)).to.deep.equal([]);
  });

  it("refuses what is no JSON or too large, and serves on", async () => {
    expect((await raw("{")).status).to.equal(400);
    expect((await raw(`"${"x".repeat(9 * 1024 * 1024)}"`)).status).to.equal(413);
    expect(Number(await call<string>("eth_chainId"))).to.equal(chainId);
  });

  it("takes a transaction with six blobs, the most that L1 allows", async () => {
    const sender = wallet(0);
    const { blobs } = cancellation(sender.address as Hex, true, 0);
    const { raw: six, hash } = await signTransaction(sender, {
      ...{ to: sender.address as Hex, data: "0x", valueWei: 0n, blobs: Array.from({ length: 6 }, () => blobs[0]!) },
      ...{ chainId, nonce: 0, gasLimit: 100_000n, blobWrapperVersion: 0 },
      fees: { maxFeePerGasWei: 50n * GWEI, maxPriorityFeePerGasWei: GWEI, maxFeePerBlobGasWei: GWEI },
    });
    expect(Transaction.from(six).blobs).to.have.length(6);
    expect(await call("eth_sendRawTransaction", six)).to.equal(hash);
    expect((await boundary()).flatMap((block) => block.transactions)).to.deep.equal([hash]);
  });

  const raw = (body: string): Promise<Response> =>
    fetch(server.url, { method: "POST", headers: { "content-type": "application/json" }, body });
  const post = async (body: unknown): Promise<Answer[]> =>
    (await raw(JSON.stringify(body))).json() as Promise<Answer[]>;
});
