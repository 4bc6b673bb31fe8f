import { expect } from "chai";
import { keccak256, type Wallet } from "ethers";
import type { EmbeddedEngine } from "../../../sdk/agent/engine/embedded-engine.ts";
import type { Hex } from "../../../sdk/types/hex.ts";
import type { ExecutionPayload } from "../../../sdk/types/payload.ts";
import { build, genesis, genesisPoint, setHead, transfer, Workshop, wallets, ZERO_HASH } from "./fixture.ts";
import { rejection } from "./rejection.ts";

const [alice, bob] = wallets as [Wallet, Wallet];
const RECIPIENT: Hex = "0x00000000000000000000000000000000000000aa";

describe("engine: chain and forkchoice", () => {
  const workshop = new Workshop();
  after(() => workshop.cleanUp());

  /** A chain of blocks, each with one transfer by Alice. */
  async function chain(engine: EmbeddedEngine, length: number, variant = 1): Promise<ExecutionPayload[]> {
    const payloads: ExecutionPayload[] = [];
    let parent = genesisPoint(engine);
    for (let i = 0; i < length; i++) {
      const transactions = [await transfer(alice, i, RECIPIENT, BigInt(variant))];
      const { payload } = await build(engine, parent, transactions, { timestamp: parent.timestamp + variant });
      payloads.push(payload);
      parent = payload;
    }
    return payloads;
  }
  const last = (payloads: ExecutionPayload[]): ExecutionPayload => payloads.at(-1) as ExecutionPayload;

  it("a new database has genesis as head, safe and finalized", async () => {
    const { reader, genesisHash } = await workshop.open();
    for (const name of ["earliest", "latest", "safe", "finalized", 0] as const) {
      expect((await reader.getBlock(name))?.blockHash).to.equal(genesisHash);
    }
  });

  it("a built block is known but does not move the head", async () => {
    const engine = await workshop.open();
    const [payload] = (await chain(engine, 1)) as [ExecutionPayload];
    expect(await engine.reader.getBlock(payload.blockHash)).to.deep.equal(payload);
    expect((await engine.reader.getBlock("latest"))?.blockHash).to.equal(engine.genesisHash);
    expect(await engine.reader.getBlock(1)).to.equal(undefined);
  });

  it("the head moves to any known branch, and numbers, receipts and transactions follow it", async () => {
    const engine = await workshop.open();
    const [short, long] = [await chain(engine, 2, 1), await chain(engine, 4, 2)];
    const { reader } = engine;
    for (const branch of [long, short, long]) {
      expect(await setHead(engine, last(branch).blockHash)).to.deep.equal({ status: "VALID" });
      for (const [index, payload] of branch.entries()) {
        expect((await reader.getBlock(index + 1))?.blockHash).to.equal(payload.blockHash);
        const hash = keccak256(payload.transactions[0] as Hex) as Hex;
        expect((await reader.getReceipt(hash))?.blockHash).to.equal(payload.blockHash);
        const located = {
          raw: payload.transactions[0],
          blockHash: payload.blockHash,
          blockNumber: index + 1,
          index: 0,
        };
        expect(await reader.getTransaction(hash)).to.deep.equal(located);
      }
      expect(await reader.getBlock(branch.length + 1)).to.equal(undefined);
      const other = keccak256((branch === long ? short : long)[0]?.transactions[0] as Hex) as Hex;
      expect(await reader.getReceipt(other)).to.equal(undefined);
      expect(await reader.getTransaction(other)).to.equal(undefined);
    }
  });

  it("state is read at any known block of any branch", async () => {
    const engine = await workshop.open();
    const [a, b] = [await chain(engine, 3, 1), await chain(engine, 3, 2)];
    await setHead(engine, last(a).blockHash);
    const balance = async (ref: Hex | number) => (await engine.reader.getAccount(RECIPIENT, ref)).balance;
    expect(await balance(last(b).blockHash)).to.equal(6n);
    expect(await balance(2)).to.equal(2n);
    expect(await balance(0)).to.equal(0n);
  });

  it("a transaction on both branches is found where the head is", async () => {
    const engine = await workshop.open();
    const raw = await transfer(bob, 0, RECIPIENT);
    const hash = keccak256(raw) as Hex;
    const start = genesisPoint(engine);
    const one = (await build(engine, start, [raw])).payload;
    const two = (await build(engine, start, [await transfer(alice, 0, RECIPIENT), raw])).payload;
    await setHead(engine, one.blockHash);
    expect((await engine.reader.getTransaction(hash))?.index).to.equal(0);
    await setHead(engine, two.blockHash);
    expect((await engine.reader.getTransaction(hash))?.index).to.equal(1);
    expect((await engine.reader.getReceipt(hash))?.blockHash).to.equal(two.blockHash);
    await setHead(engine, engine.genesisHash);
    expect(await engine.reader.getTransaction(hash)).to.equal(undefined);
  });

  it("safe and finalized name ancestors of the head; anything else is refused and changes nothing", async () => {
    const engine = await workshop.open();
    const [main, side] = [await chain(engine, 3, 1), await chain(engine, 2, 2)];
    const [first, second] = main as [ExecutionPayload, ExecutionPayload];
    const head = last(main).blockHash;
    const state = { headBlockHash: head, safeBlockHash: second.blockHash, finalizedBlockHash: first.blockHash };
    expect(await engine.forkchoiceUpdated(state)).to.deep.equal({ status: "VALID" });
    expect((await engine.reader.getBlock("safe"))?.blockHash).to.equal(second.blockHash);
    expect((await engine.reader.getBlock("finalized"))?.blockHash).to.equal(first.blockHash);

    const wrong = { ...state, safeBlockHash: last(side).blockHash };
    expect((await engine.forkchoiceUpdated(wrong)).status).to.equal("INVALID");
    const unknown = { ...state, headBlockHash: `0x${"77".repeat(32)}` as Hex };
    expect((await engine.forkchoiceUpdated(unknown)).status).to.equal("SYNCING");
    const malformed = { ...state, headBlockHash: "0x12" as Hex };
    expect((await engine.forkchoiceUpdated(malformed)).status).to.equal("INVALID");
    expect((await engine.reader.getBlock("latest"))?.blockHash).to.equal(head);
    expect((await engine.reader.getBlock("safe"))?.blockHash).to.equal(second.blockHash);
  });

  it("after reopening, the last forkchoice and every branch are there", async () => {
    const path = workshop.path();
    const engine = await workshop.open(path);
    const [main, side] = [await chain(engine, 3, 1), await chain(engine, 2, 2)];
    const [first] = main as [ExecutionPayload];
    await engine.forkchoiceUpdated({
      headBlockHash: last(main).blockHash,
      safeBlockHash: first.blockHash,
      finalizedBlockHash: ZERO_HASH,
    });
    await engine.close();

    const again = await workshop.open(path);
    expect(await again.reader.getBlock("latest")).to.deep.equal(last(main));
    expect((await again.reader.getBlock("safe"))?.blockHash).to.equal(first.blockHash);
    expect((await again.reader.getBlock("finalized"))?.blockHash).to.equal(again.genesisHash);
    expect(await again.reader.getBlock(last(side).blockHash)).to.deep.equal(last(side));
    expect((await build(again, last(side), [await transfer(alice, 2, RECIPIENT)])).results[0]?.outcome).to.equal(
      "included",
    );
  });

  it("a database of another genesis is refused with both hashes", async () => {
    const path = workshop.path();
    const { genesisHash } = await workshop.open(path);
    const other = { ...genesis, timestamp: genesis.timestamp + 1 };
    const error = await rejection(workshop.open(path, Date.now, other));
    expect(error).to.include({ name: "EngineError", code: "other-chain" });
    expect(error.message).to.include(genesisHash);
  });

  it("a closed engine says so", async () => {
    const engine = await workshop.open();
    await engine.close();
    expect(await rejection(setHead(engine, engine.genesisHash))).to.include({ code: "closed" });
  });
});
