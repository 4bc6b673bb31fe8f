import { once } from "node:events";
import { expect } from "chai";
import { Interface, keccak256, Transaction, type Wallet } from "ethers";
import { WebSocket } from "ws";
import { FlashblockFeed } from "../../../sdk/agent/builder/feed.ts";
import type { Flashblock } from "../../../sdk/agent/builder/interface.ts";
import type { CandidateEngine, ChainReader } from "../../../sdk/agent/engine/interface.ts";
import type { Frame, ReorgFrame } from "../../../sdk/agent/flashblocks/frame.ts";
import {
  CLOSE_TOO_SLOW,
  DEFAULT_STREAM_OPTIONS,
  FlashblockStream,
  type StreamOptions,
} from "../../../sdk/agent/flashblocks/stream.ts";
import { ManualClock } from "../../../sdk/agent/time/manual-clock.ts";
import type { Hex } from "../../../sdk/types/hex.ts";
import type { ExecutionPayload } from "../../../sdk/types/payload.ts";
import { testToken } from "../../support/erc20.ts";
import { benchOf, built, pooled } from "../builder/support.ts";
import { attributes, GWEI, genesisPoint, sign, transfer, Workshop, wallets } from "../engine/fixture.ts";

const [alice, bob] = wallets as [Wallet, Wallet];
const ID: Hex = "0x0000000000000001";

describe("the flashblock stream", () => {
  const cleanUps: (() => Promise<unknown>)[] = [];
  afterEach(async () => {
    for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp();
  });

  async function start(change: Partial<StreamOptions> = {}) {
    const clock = new ManualClock(0);
    const feed = new FlashblockFeed((error) => expect.fail(String(error)));
    let reorg: (frame: ReorgFrame) => void = () => {};
    const stream = await FlashblockStream.start(
      { ...DEFAULT_STREAM_OPTIONS, host: "127.0.0.1", port: 0, ...change },
      {
        feed,
        clock,
        onReorg(listener) {
          reorg = listener;
          return () => {};
        },
      },
    );
    cleanUps.push(async () => {
      const stopped = stream.stop();
      await clock.advanceTo(clock.nowMs() + 10_000);
      await stopped;
    });
    return { stream, feed, clock, reorg: (frame: ReorgFrame) => reorg(frame) };
  }

  /** A subscriber with what it has read, and the code it was closed with. */
  async function join(stream: FlashblockStream, path = "", options = {}) {
    const socket = new WebSocket(`${stream.url}${path}`, options);
    const texts: string[] = [];
    socket.on("message", (data) => texts.push(String(data)));
    const closed = once(socket, "close").then(([code]) => code as number);
    await once(socket, "open");
    cleanUps.push(async () => socket.terminate());
    const until = async (count: number): Promise<string[]> => {
      while (texts.length < count) await once(socket, "message");
      return texts;
    };
    return { socket, texts, closed, until };
  }

  const flashblock = (index: number, change: Partial<Flashblock> = {}): Flashblock => ({
    payloadId: ID,
    index,
    payload: { ...PAYLOAD, transactions: PAYLOAD.transactions.slice(0, index) },
    from: Math.max(0, index - 1),
    receipts: [],
    balancesWei: { [`0x${"0b".repeat(20)}`]: 255n },
    ...change,
  });

  it("shows a block of a real engine in frames that make it up: each prefix is valid, the last one is the block", async () => {
    const { stream, feed } = await start();
    const { until } = await join(stream);
    const workshop = new Workshop();
    cleanUps.push(() => workshop.cleanUp());
    const [engine, judge] = [await workshop.open(workshop.path(), () => 0), await workshop.open()];
    const withdrawals = [{ index: 3, validatorIndex: 0, address: bob.address as Hex, amountGwei: 9n }];
    const parent = genesisPoint(engine);
    const token = new Interface(testToken().abi);
    const at = "0x0000000000000000000000000000000000000000";
    const raws = [
      await sign(alice, { nonce: 0, data: testToken().bytecode, gasLimit: 2_000_000 }),
      await transfer(bob, 0, alice.address, 5n),
      await sign(bob, { nonce: 1, to: at, data: token.encodeFunctionData("transfer", [at, 1n]), gasLimit: 100_000 }),
    ];
    const reader: Partial<CandidateEngine & ChainReader> = new Proxy(engine, {
      get: (target, name) => {
        const owner = name in target ? target : target.reader;
        const value = Reflect.get(owner, name) as unknown;
        return typeof value === "function" ? value.bind(owner) : value;
      },
    });
    const bench = benchOf({}, { engine: reader as CandidateEngine & ChainReader, show: (one) => feed.show(one) });
    const abort = new AbortController();
    const startMs = bench.clock.nowMs();
    let over = false;
    const building = bench.builder
      .build(
        parent.blockHash,
        { ...attributes(parent), withdrawals },
        { startMs, endMs: startMs + 1_000 },
        1e6,
        abort.signal,
      )
      .finally(() => {
        over = true;
      });
    for (let nowMs = startMs; !over; nowMs += 5) {
      await bench.clock.advanceTo(nowMs);
      const due = raws[Math.floor((nowMs - startMs) / 300)];
      if ((nowMs - startMs) % 300 === 100 && due !== undefined) {
        const { from, nonce, gasLimit, hash } = Transaction.from(due);
        bench.pool.put(
          pooled({
            tip: GWEI,
            raw: due,
            from: from as Hex,
            nonce,
            gasLimit,
            hash: hash as Hex,
            maxFeePerGas: 20n * GWEI,
          }),
        );
      }
      // The engine works in real time, for some milliseconds each.
      await new Promise((resolve) => setTimeout(resolve, 2));
    }
    const { payload, payloadId } = built(await building);
    expect(payload.transactions).to.deep.equal(raws);

    const frames = (await until(feed.frames.length)).map((text) => JSON.parse(text) as Frame);
    expect(frames.map(({ index }) => index)).to.deep.equal(frames.map((_, i) => i));
    expect(frames.length).to.be.greaterThan(2);
    let transactions: Hex[] = [];
    for (const [i, frame] of frames.entries()) {
      expect([frame.payload_id, "base" in frame, "blob_gas_used" in frame.diff]).to.deep.equal([
        payloadId,
        i === 0,
        false,
      ]);
      transactions = [...transactions, ...frame.diff.transactions];
      const prefix = payloadOf(frames[0] as Frame, frame, transactions);
      expect(prefix.withdrawals).to.deep.equal(withdrawals);
      expect(await judge.newPayload(prefix)).to.deep.equal({ status: "VALID" });
      expect(Object.keys(frame.metadata.receipts)).to.deep.equal(frame.diff.transactions.map((raw) => keccak256(raw)));
      for (const [address, balance] of Object.entries(frame.metadata.new_account_balances)) {
        const account = await judge.reader.getAccount(address as Hex, prefix.blockHash);
        expect(BigInt(balance)).to.equal(account.balance);
      }
    }
    expect(payloadOf(frames[0] as Frame, frames.at(-1) as Frame, transactions)).to.deep.equal(payload);
    const receipts = await judge.reader.getReceipts(payload.blockHash);
    expect(Object.assign({}, ...frames.map(({ metadata }) => metadata.receipts))).to.deep.equal(
      Object.fromEntries(
        receipts.map((one) => [
          one.transactionHash,
          {
            type: "0x2",
            status: `0x${one.status}`,
            cumulativeGasUsed: `0x${one.cumulativeGasUsed.toString(16)}`,
            logs: one.logs.map(({ address, topics, data }) => ({ address, topics, data })),
          },
        ]),
      ),
    );
  });

  it("gives who comes later the current block from its beginning, byte for byte, and nothing of one that is over", async () => {
    const { stream, feed } = await start();
    const early = await join(stream);
    for (const index of [0, 1, 2]) feed.show(flashblock(index));
    const late = await join(stream);
    feed.show(flashblock(3));
    expect(await late.until(4)).to.deep.equal(await early.until(4));
    expect(JSON.parse(late.texts[0] as string)).to.deep.include({ payload_id: ID, index: 0 });
    feed.onHead(PAYLOAD.blockNumber);
    const after = await join(stream);
    feed.show(flashblock(0, { payloadId: "0x0000000000000002" }));
    const [only] = await after.until(1);
    expect(JSON.parse(only as string)).to.deep.include({ payload_id: "0x0000000000000002", index: 0 });
  });

  it("closes with a code who does not read, and leaves out nothing for the others", async () => {
    const { stream, feed, clock } = await start({ maxBacklogBytes: 200_000 });
    const [slow, quick] = [await join(stream), await join(stream)];
    slow.socket.pause();
    const big: Hex = `0x${"ee".repeat(100_000)}`;
    let index = 0;
    while (stream.lagged === 0) {
      feed.show(flashblock(index, { payload: { ...PAYLOAD, transactions: [big] }, from: 0 }));
      await quick.until(++index);
      expect(index, "it reads nothing").to.be.lessThan(400);
    }
    slow.socket.resume();
    expect(await slow.closed).to.equal(CLOSE_TOO_SLOW);
    expect(slow.texts.length, "no gap before the end").to.be.lessThan(index);
    expect(slow.texts.map((text) => (JSON.parse(text) as Frame).index)).to.deep.equal(slow.texts.map((_, i) => i));
    feed.show(flashblock(index));
    await quick.until(index + 1);
    await clock.advanceTo(10_000);
    expect([stream.subscribers, stream.lagged]).to.deep.equal([1, 1]);
  });

  it("cuts off who is closed and does not even read that", async () => {
    const { stream, feed, clock } = await start({ maxBacklogBytes: 0 });
    const slow = await join(stream);
    slow.socket.pause();
    const big: Hex = `0x${"ee".repeat(4_000_000)}`;
    const payload = { ...PAYLOAD, transactions: [big] };
    for (let index = 0; stream.lagged === 0; index++) feed.show(flashblock(index, { payload, from: 0 }));
    await clock.advanceTo(2_000);
    while (stream.subscribers > 0) await new Promise<void>((resolve) => setImmediate(resolve));
  });

  it("refuses more subscribers than it serves with 1013, and takes one again when another leaves", async () => {
    const { stream } = await start({ maxSubscribers: 2 });
    const [one] = [await join(stream), await join(stream)];
    expect(await (await join(stream)).closed).to.equal(1013);
    one.socket.close();
    while (stream.subscribers > 1) await new Promise<void>((resolve) => setImmediate(resolve));
    const again = await join(stream);
    expect([again.socket.readyState, stream.subscribers]).to.deep.equal([WebSocket.OPEN, 2]);
  });

  it("cuts off who does not answer pings, and nobody else", async () => {
    const { stream, clock } = await start({ pingMs: 1_000 });
    const [mute, well] = [await join(stream, "", { autoPong: false }), await join(stream)];
    const pinged = once(well.socket, "ping");
    await clock.advanceTo(1_000);
    await pinged;
    // Its answer is on its way while the other has none.
    await new Promise((resolve) => setTimeout(resolve, 50));
    await clock.advanceTo(2_000);
    expect(await mute.closed).to.equal(1006);
    expect([well.socket.readyState, stream.subscribers]).to.deep.equal([WebSocket.OPEN, 1]);
  });

  it("tells of what will not come to those who asked for it, and begins anew for all", async () => {
    const { stream, feed, reorg } = await start();
    const [plain, asked] = [await join(stream), await join(stream, "/?reorgs")];
    feed.show(flashblock(0));
    const transactions: Hex[] = ["0x02aa"];
    feed.abandon({ payloadId: ID, transactions, reason: "why" });
    feed.abandon({ payloadId: ID, transactions, reason: "told before" });
    const whole: ReorgFrame = {
      reorg: { block_number: 5, block_hashes: [PAYLOAD.blockHash], transactions: [], reason: "dead" },
    };
    reorg(whole);
    feed.show(flashblock(0, { payloadId: "0x0000000000000002" }));
    const told = (await asked.until(4)).map((text) => JSON.parse(text) as Frame & ReorgFrame);
    expect(told[1]?.reorg).to.deep.equal({
      block_number: PAYLOAD.blockNumber,
      payload_id: ID,
      block_hashes: [],
      transactions: [keccak256("0x02aa")],
      reason: "why",
    });
    expect(told[2]).to.deep.equal(whole);
    expect(await plain.until(2)).to.deep.equal([asked.texts[0], asked.texts[3]]);
    const late = await join(stream);
    expect(await late.until(1)).to.deep.equal([asked.texts[3]]);
  });

  it("says which address it cannot have, tells others that it is a WebSocket, and says goodbye", async () => {
    const { stream } = await start();
    const port = Number(new URL(stream.url).port);
    const parts = { feed: new FlashblockFeed(() => {}), clock: new ManualClock(0), onReorg: () => () => {} };
    const options = { ...DEFAULT_STREAM_OPTIONS, host: "127.0.0.1", port };
    const error = await FlashblockStream.start(options, parts).catch((caught: unknown) => caught);
    expect(error).to.include({ name: "StreamError", code: "listen-failed" });
    expect(String(error)).to.contain(`127.0.0.1:${port} (EADDRINUSE)`);
    expect((await fetch(stream.url.replace("ws:", "http:"))).status).to.equal(426);
    const one = await join(stream);
    await stream.stop();
    expect(await one.closed).to.equal(1001);
  });
});

/** The block as it stands after a frame, by what all frames have said. */
function payloadOf({ base, diff: first }: Frame, { diff }: Frame, transactions: Hex[]): ExecutionPayload {
  if (base === undefined) throw new Error("index 0 has no base");
  return {
    parentHash: base.parent_hash,
    feeRecipient: base.fee_recipient,
    stateRoot: diff.state_root,
    receiptsRoot: diff.receipts_root,
    logsBloom: diff.logs_bloom,
    prevRandao: base.prev_randao,
    blockNumber: Number(base.block_number),
    gasLimit: BigInt(base.gas_limit),
    gasUsed: BigInt(diff.gas_used),
    timestamp: Number(base.timestamp),
    extraData: base.extra_data,
    baseFeePerGas: BigInt(base.base_fee_per_gas),
    blockHash: diff.block_hash,
    transactions,
    withdrawals: first.withdrawals.map(({ index, validatorIndex, address, amount }) => ({
      index: Number(index),
      validatorIndex: Number(validatorIndex),
      address,
      amountGwei: BigInt(amount),
    })),
  };
}

const ZERO: Hex = `0x${"00".repeat(32)}`;

const PAYLOAD: ExecutionPayload = {
  parentHash: ZERO,
  feeRecipient: `0x${"22".repeat(20)}`,
  stateRoot: ZERO,
  receiptsRoot: ZERO,
  logsBloom: `0x${"00".repeat(256)}`,
  prevRandao: ZERO,
  blockNumber: 7,
  gasLimit: 30_000_000n,
  gasUsed: 0n,
  timestamp: 9,
  extraData: "0x",
  baseFeePerGas: 7n,
  blockHash: `0x${"77".repeat(32)}`,
  transactions: ["0x01", "0x02", "0x03", "0x04"],
  withdrawals: [],
};
