import { expect } from "chai";
import type { L1View } from "../../../sdk/agent/chain/state.ts";
import { L1AnswerError } from "../../../sdk/agent/l1/endpoints/interface.ts";
import { Inbox } from "../../../sdk/agent/l1/inbox.ts";
import { Landings } from "../../../sdk/agent/l1/landings.ts";
import { L1BlockReader } from "../../../sdk/agent/l1/reader.ts";
import { Timetable } from "../../../sdk/agent/time/timetable.ts";
import { digestInboxHash } from "../../../sdk/digest/inbox.ts";
import type { Hex } from "../../../sdk/types/hex.ts";
import { DEVNET_PARAMETERS } from "../../../sdk/types/parameters.ts";
import { abi, deposit, ROLLUP, ScriptedL1 } from "./scripted-l1.ts";
import { landing } from "./support.ts";

const word = (digit: string): Hex => `0x${digit.repeat(64)}`;

const readerOf = (l1: ScriptedL1, inbox: Inbox, landings = new Landings()): L1BlockReader =>
  new L1BlockReader(l1, ROLLUP, 1, { inbox, landings, isSigned: () => Promise.resolve(true) });

function setUp(): { l1: ScriptedL1; inbox: Inbox; landings: Landings; reader: L1BlockReader } {
  const l1 = new ScriptedL1();
  const inbox = new Inbox(new Timetable(DEVNET_PARAMETERS, 900));
  const landings = new Landings();
  return { l1, inbox, landings, reader: readerOf(l1, inbox, landings) };
}

const START: L1View = { blockNumber: 0, blockHash: "0x", timestamp: 0 };

/** Follows L1 as the node does: each poll goes on where the last event ended. */
async function follow(reader: L1BlockReader, from: L1View): Promise<{ at: L1View; seen: string[] }> {
  let at = from;
  const seen: string[] = [];
  for (let events = await reader.poll(at); events.length > 0; events = await reader.poll(at)) {
    for (const event of events) {
      at = event.type === "rewind" ? event.ancestor : event.l1;
      seen.push(`${event.type} ${at.blockNumber}`);
    }
  }
  return { at, seen };
}

describe("reading L1", () => {
  it("delivers every block once, in order, however far behind it starts", async () => {
    const { l1, reader } = setUp();
    l1.grow("a", 200);
    const { seen } = await follow(reader, START);
    expect(seen).to.deep.equal(Array.from({ length: 199 }, (_, i) => `block ${i + 1}`));
  });

  it("asks for nothing but the newest block while there is no other", async () => {
    const { l1, reader } = setUp();
    l1.grow("a", 20);
    const { at } = await follow(reader, START);
    const before = l1.calls;
    expect(await reader.poll(at)).to.deep.equal([]);
    expect(l1.calls - before).to.equal(1);
  });

  it("finds the fork of a reorg and goes on from there", async () => {
    const { l1, reader } = setUp();
    l1.grow("a", 20);
    const { at } = await follow(reader, START);
    l1.cut(15);
    l1.grow("b", 8);
    const { seen } = await follow(reader, at);
    expect(seen).to.deep.equal(["rewind 14", ...Array.from({ length: 8 }, (_, i) => `block ${15 + i}`)]);
  });

  it("says what L1's final block has settled, once it has one, and after a reorg what was settled at its fork", async () => {
    const { l1, reader } = setUp();
    l1.grow("a", 20);
    const young = await reader.poll(START);
    expect(young.filter((event) => event.type === "block" && event.finalized !== undefined)).to.deep.equal([]);
    l1.settled.set("finalized", 7);
    l1.grow("a", 2);
    const from: L1View = { blockNumber: 19, blockHash: l1.blocks[19]?.hash as Hex, timestamp: 1_038 };
    const last = (await reader.poll(from)).map((event) => event.type === "block" && event.finalized);
    expect(last).to.deep.equal([undefined, 7]);
    const { hash } = l1.blocks[21] as { hash: Hex };
    l1.cut(15);
    l1.grow("b", 8);
    l1.settled.set("0xe", 5);
    const [rewind] = await reader.poll({ blockNumber: 21, blockHash: hash, timestamp: 1_042 });
    expect(rewind).to.deep.include({ type: "rewind", settled: 5 });
  });

  it("notices a reorg to a shorter chain", async () => {
    const { l1, reader } = setUp();
    l1.grow("a", 20);
    const { at } = await follow(reader, START);
    l1.cut(18);
    l1.grow("b", 1);
    expect((await follow(reader, at)).seen).to.deep.equal(["rewind 17", "block 18"]);
  });

  it("asks for the time of the block a restart goes on from, which is not on disk", async () => {
    const { l1, reader, inbox } = setUp();
    l1.grow("a", 6);
    const { at } = await follow(reader, START);
    const restarted = readerOf(l1, inbox);
    expect(await restarted.poll({ ...at, timestamp: 0 })).to.deep.equal([
      { type: "rewind", ancestor: at, settled: undefined },
    ]);
    expect(await restarted.poll(at)).to.deep.equal([]);
  });

  it("feeds the inbox, again after a restart, and takes back what a reorg removed", async () => {
    const { l1, inbox, reader } = setUp();
    l1.grow("a", 5);
    l1.grow("a", 1, [deposit(0)]);
    l1.grow("a", 3);
    const { at } = await follow(reader, START);
    expect(inbox.count).to.equal(1);

    const again = new Inbox(new Timetable(DEVNET_PARAMETERS, 900));
    await readerOf(l1, again).poll(at);
    expect(again.count).to.equal(1);

    l1.cut(5);
    l1.grow("b", 6);
    await follow(reader, at);
    expect(inbox.count).to.equal(0);
  });

  it("hands forced transactions and refunds to the inbox, again after a restart, and takes refunds back", async () => {
    const { l1, inbox, reader } = setUp();
    const account = `0x${"03".repeat(20)}`;
    const forced = abi.encodeEventLog("Forced", [1, account, "0x02C0FFEE", 1_001, word("5")]);
    l1.grow("a", 5, []);
    l1.grow("a", 1, [deposit(0), forced]);
    l1.grow("a", 1, [abi.encodeEventLog("RefundRequested", [0, account, 5_000_000_000n, 1, word("7")])]);
    const { at } = await follow(reader, START);
    const again = new Inbox(new Timetable(DEVNET_PARAMETERS, 900));
    await readerOf(l1, again).poll(at);
    for (const read of [inbox, again]) {
      const due = read.due(12, 0);
      expect(due).to.deep.include({
        count: 2,
        forced: ["0x02c0ffee"],
        hash: digestInboxHash(word("5"), word("7")),
      });
      expect(due?.withdrawals.map(({ amountGwei }) => amountGwei)).to.deep.equal([0n, 0n]);
    }

    l1.cut(6);
    l1.grow("b", 3);
    await follow(reader, at);
    const due = inbox.due(12, 0);
    expect(due?.hash).to.equal(word("5"));
    expect(due?.withdrawals.map(({ amountGwei }) => amountGwei)).to.deep.equal([5n, 0n]);
  });

  it("loses nothing to an L1 node whose logs lag behind its blocks", async () => {
    const { l1, inbox, reader } = setUp();
    l1.grow("a", 5);
    l1.logsUpTo = 4;
    l1.grow("a", 1, [deposit(0)]);
    l1.grow("a", 2);
    await follow(reader, START);
    expect(inbox.count).to.equal(1);
  });

  it("forgets the deposits of a poll that broke off, if L1 has others by the next", async () => {
    const { l1, inbox, reader } = setUp();
    l1.grow("a", 5);
    const { at } = await follow(reader, START);
    l1.grow("a", 1, [deposit(0)]);
    l1.grow("a", 1, [deposit(1)]);
    const send = l1.send.bind(l1);
    let asked = 0;
    l1.send = (method, params) =>
      method === "eth_getLogs" && ++asked === 2 ? Promise.reject(new Error("away")) : send(method, params);
    expect(await reader.poll(at).catch((error: Error) => error.message)).to.equal("away");
    l1.send = send;
    l1.cut(5);
    l1.grow("b", 2);
    await follow(reader, at);
    expect(inbox.count).to.equal(0);
  });

  it("reads again from before a landing that a reorg brings back, however long ago it was removed", async () => {
    const { l1, reader, landings } = setUp();
    const removed = abi.encodeEventLog("CheckpointRemoved", [1, 1, word("d"), ROLLUP]);
    l1.grow("a", 5);
    const before = { ...START, blockNumber: 4, blockHash: l1.blocks[4]?.hash as Hex, timestamp: 1 };
    await follow(reader, before);
    landings.append(landing(1), 4);
    l1.grow("a", 3);
    l1.grow("a", 1, [removed]);
    const { at } = await follow(reader, before);
    expect(at.blockNumber).to.equal(8);
    l1.cut(8);
    l1.grow("b", 1);
    expect((await follow(reader, at)).seen.slice(0, 2)).to.deep.equal(["rewind 3", "block 4"]);
  });

  it("passes on what the L1 node answers when it fails, and loses nothing", async () => {
    const { l1, reader } = setUp();
    l1.grow("a", 4);
    const { at } = await follow(reader, START);
    const send = l1.send.bind(l1);
    l1.send = () => Promise.reject(new Error("rate limited"));
    expect(await reader.poll(at).catch((error: Error) => error.message)).to.equal("rate limited");
    l1.send = send;
    l1.grow("a", 2);
    expect((await follow(reader, at)).seen).to.deep.equal(["block 4", "block 5"]);
  });

  it("takes nothing from an L1 node that leaves out a log, and all of it when the log is there", async () => {
    const { l1, inbox, reader } = setUp();
    l1.grow("a", 5);
    const { at } = await follow(reader, START);
    l1.grow("a", 1, [deposit(0)]);
    l1.grow("a", 2);
    l1.hidden = new Set(l1.blocks[5]?.logs);
    const failure = await reader.poll(at).catch((error: unknown) => error);
    expect(failure).to.be.instanceOf(L1AnswerError);
    expect(String(failure)).to.match(/has tip 0 , 1 messages; its logs come to tip 0 , 0 messages/);
    expect(inbox.count).to.equal(0);
    l1.hidden.clear();
    expect((await follow(reader, at)).seen).to.deep.equal(["block 5", "block 6", "block 7"]);
    expect(inbox.count).to.equal(1);
  });

  it("notices a log that is left out after a restart, when all of them are asked for at once", async () => {
    const { l1, reader } = setUp();
    l1.grow("a", 5, []);
    l1.grow("a", 1, [deposit(0)]);
    const { at } = await follow(reader, START);
    l1.hidden = new Set(l1.blocks[5]?.logs);
    const again = new Inbox(new Timetable(DEVNET_PARAMETERS, 900));
    const restarted = readerOf(l1, again);
    expect(await restarted.poll(at).catch((error: unknown) => error)).to.be.instanceOf(L1AnswerError);
    expect(again.count).to.equal(0);
    l1.hidden.clear();
    expect(await restarted.poll(at)).to.deep.equal([]);
    expect(again.count).to.equal(1);
  });

  it("does without the state of old blocks, and not without that of new ones", async () => {
    const { l1, reader } = setUp();
    l1.hasState = false;
    l1.grow("a", 200);
    const first = await reader.poll(START);
    expect(first).to.have.length(64);
    const { l1: at } = first[63] as { l1: L1View };
    expect(await reader.poll(at)).to.have.length(64);
    const late = { ...START, blockNumber: 140, blockHash: l1.blocks[140]?.hash as Hex, timestamp: 1 };
    expect(String(await reader.poll(late).catch((error: unknown) => error))).to.contain("missing trie node");
  });

  it("waits for an L1 node that is behind, and goes on with it once it has caught up", async () => {
    const { l1, reader } = setUp();
    l1.grow("a", 20);
    const { at } = await follow(reader, START);
    const { blocks } = l1;
    const newest = blocks.splice(17);
    expect(await reader.poll(at)).to.deep.equal([]);
    blocks.push(...newest);
    l1.grow("a", 1);
    expect((await follow(reader, at)).seen).to.deep.equal(["block 20"]);
  });

  it("takes no block for one that lacks what a block has", async () => {
    const { l1, reader } = setUp();
    l1.grow("a", 3);
    const { at } = await follow(reader, START);
    l1.grow("a", 1);
    (l1.blocks[3] as { hash: unknown }).hash = undefined;
    expect(String(await reader.poll(at).catch((error: unknown) => error))).to.match(/L1AnswerError: block/);
  });
});
