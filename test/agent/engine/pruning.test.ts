import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { keccak256 } from "ethers";
import { open as openDatabase } from "lmdb";
import { EmbeddedEngine } from "../../../sdk/agent/engine/embedded-engine.ts";
import type { EngineError } from "../../../sdk/agent/engine/interface.ts";
import { RPC_CODES, toRpcError } from "../../../sdk/agent/rpc/errors.ts";
import type { Hex } from "../../../sdk/types/hex.ts";
import type { ExecutionPayload } from "../../../sdk/types/payload.ts";
import { build, genesis, genesisPoint, sign, transfer, Workshop, wallets } from "./fixture.ts";

const KEEP_BLOCKS = 8;
/** How far finality is behind the head. */
const UNFINAL = 3;
/** So that many collections come and go. */
const MIN_GARBAGE_NODES = 200;
/** Accounts that the transfers go to, again and again: the state itself stays as large as it is. */
const RECIPIENTS = 30;

const recipient = (i: number): Hex => `0x${(0x1000 + (i % RECIPIENTS)).toString(16).padStart(40, "0")}`;

const sizeOf = (path: string): number =>
  readdirSync(path).reduce((sum, name) => sum + statSync(join(path, name)).size, 0);

describe("an engine that prunes", () => {
  const workshop = new Workshop();
  after(() => workshop.cleanUp());

  const open = async (path: string, prunes = true): Promise<EmbeddedEngine> =>
    workshop.closeLater(
      await EmbeddedEngine.open(
        { path, genesis, ...(prunes && { keepBlocks: KEEP_BLOCKS, minGarbageNodes: MIN_GARBAGE_NODES }) },
        { nowMs: Date.now },
      ),
    );

  /** Adds blocks to a chain, with finality behind them; `each` is called after each block and gives the engine to go on with. */
  async function grow(
    start: EmbeddedEngine,
    chain: ExecutionPayload[],
    count: number,
    each: (engine: EmbeddedEngine) => Promise<EmbeddedEngine> = async (engine) => engine,
  ): Promise<EmbeddedEngine> {
    let engine = start;
    const [alice] = wallets as [(typeof wallets)[number]];
    for (let i = 0; i < count; i++) {
      const number = chain.length + 1;
      const nonce = 4 * (number - 1);
      const transfers = [0, 1, 2, 3].map((k) => transfer(alice, nonce + k, recipient(4 * number + k), BigInt(number)));
      const { payload } = await build(engine, chain.at(-1) ?? genesisPoint(engine), await Promise.all(transfers));
      expect(payload.transactions).to.have.length(4);
      chain.push(payload);
      const finalized = chain.at(-1 - UNFINAL)?.blockHash ?? engine.genesisHash;
      const { blockHash } = payload;
      await engine.forkchoiceUpdated({
        headBlockHash: blockHash,
        safeBlockHash: finalized,
        finalizedBlockHash: finalized,
      });
      engine = await each(engine);
    }
    return engine;
  }

  const codeOf = (answer: Promise<unknown>): Promise<string> =>
    answer.then(
      () => "answered",
      (error: EngineError) => error.code,
    );

  async function expectKept({ reader }: EmbeddedEngine, chain: ExecutionPayload[]): Promise<void> {
    const floor = chain.length - UNFINAL - KEEP_BLOCKS;
    for (let number = floor; number <= chain.length; number++) {
      const { blockHash } = chain[number - 1] as ExecutionPayload;
      expect((await reader.getBlock(number))?.blockHash).to.equal(blockHash);
      expect(await reader.getReceipts(number)).to.have.length(4);
      for (let i = 0; i < RECIPIENTS; i++) await reader.getAccount(recipient(i), blockHash);
      for (const { address } of wallets) await reader.getAccount(address as Hex, number);
    }
  }

  it("keeps what it must, with its state; of older blocks it says that they are pruned", async () => {
    const chain: ExecutionPayload[] = [];
    const engine = await grow(await open(workshop.path()), chain, 60);
    await expectKept(engine, chain);
    const { reader } = engine;
    const [alice] = wallets as [(typeof wallets)[number]];
    const address = alice.address as Hex;
    for (const number of [0, 1, 20, 60 - UNFINAL - KEEP_BLOCKS - 1]) {
      expect(await codeOf(reader.getAccount(address, number)), `block ${number}`).to.equal("pruned");
    }
    expect(await codeOf(reader.getBlock(20))).to.equal("pruned");
    expect(await codeOf(reader.getAccount(address, 61))).to.equal("unknown-block");
    const hashOf = (block: number): Hex => keccak256(chain[block - 1]?.transactions[0] as Hex) as Hex;
    expect(await reader.getTransaction(hashOf(4))).to.equal(undefined);
    expect((await reader.getTransaction(hashOf(58)))?.blockNumber).to.equal(58);
    const failure = await reader.getAccount(address, 20).catch((error: unknown) => toRpcError(error));
    expect(failure).to.deep.include({ code: RPC_CODES.pruned });
    expect((failure as Error).message).to.equal("block 20 and its state are pruned: the oldest kept here is 49");
  });

  it("uses the pages again that it frees: a longer chain takes no more room than its state", async () => {
    const growthOf = async (prunes: boolean): Promise<number> => {
      const path = workshop.path();
      const chain: ExecutionPayload[] = [];
      const engine = await grow(await open(path, prunes), chain, 150);
      const before = sizeOf(path);
      await grow(engine, chain, 150);
      return sizeOf(path) - before;
    };
    // What still grows is the state: the ring of block hashes (EIP-2935) takes a word with each of its first 8,191 blocks.
    expect(await growthOf(true)).to.be.lessThan(0.45 * (await growthOf(false)));
  }).timeout(120_000);

  it("goes on with a collection that was broken off, at any point of it", async () => {
    const path = workshop.path();
    const chain: ExecutionPayload[] = [];
    let engine = await open(path);
    engine = await grow(engine, chain, 60, async (open_) => {
      await open_.close();
      return open(path);
    });
    await expectKept(engine, chain);
  }).timeout(120_000);

  it("prunes side branches too", async () => {
    const engine = await open(workshop.path());
    const chain: ExecutionPayload[] = [];
    await grow(engine, chain, 5);
    const [, bob] = wallets as [(typeof wallets)[number], (typeof wallets)[number]];
    const side = await build(engine, chain[3] as ExecutionPayload, [await transfer(bob, 0, recipient(1))], {
      timestamp: (chain[3] as ExecutionPayload).timestamp + 7,
    });
    expect((await engine.reader.getBlock(side.payload.blockHash))?.blockNumber).to.equal(5);
    await grow(engine, chain, 20);
    expect(await engine.reader.getBlock(side.payload.blockHash)).to.equal(undefined);
  });

  it("keeps contracts and what they store", async () => {
    const engine = await open(workshop.path());
    const chain: ExecutionPayload[] = [];
    const [, bob] = wallets as [(typeof wallets)[number], (typeof wallets)[number]];
    // Stores 7 at 0 and leaves one byte of code.
    const data = "0x600760005560006000526001601ff3";
    await grow(engine, chain, 1);
    const created = await build(engine, chain[0] as ExecutionPayload, [
      await sign(bob, { nonce: 0, data, gasLimit: 200_000 }),
    ]);
    chain.push(created.payload);
    const { blockHash } = created.payload;
    await engine.forkchoiceUpdated({
      headBlockHash: blockHash,
      safeBlockHash: engine.genesisHash,
      finalizedBlockHash: engine.genesisHash,
    });
    const contract = (await engine.reader.getReceipts(blockHash))[0]?.contractAddress as Hex;
    const word: Hex = `0x${"0".repeat(64)}`;
    const nonces = chain.length - 1;
    const [alice] = wallets as [(typeof wallets)[number]];
    for (let i = 0; i < 60; i++) {
      const parent = chain.at(-1) as ExecutionPayload;
      const { payload } = await build(engine, parent, [await transfer(alice, 4 * nonces + i, recipient(i))]);
      chain.push(payload);
      const finalized = chain.at(-1 - UNFINAL)?.blockHash as Hex;
      await engine.forkchoiceUpdated({
        headBlockHash: payload.blockHash,
        safeBlockHash: finalized,
        finalizedBlockHash: finalized,
      });
    }
    expect(BigInt(await engine.reader.getStorageAt(contract, word, "latest"))).to.equal(7n);
    expect(await engine.reader.getCode(contract, chain.length - KEEP_BLOCKS)).to.equal("0x00");
  });
});

describe("a database of another version", () => {
  const workshop = new Workshop();
  after(() => workshop.cleanUp());

  const VERSION = Buffer.from("version");

  async function chainAt(path: string): Promise<EmbeddedEngine> {
    const engine = await workshop.open(path);
    let parent: { blockHash: Hex; timestamp: number } = genesisPoint(engine);
    for (let i = 0; i < 20; i++) {
      const [alice] = wallets as [(typeof wallets)[number]];
      const { payload } = await build(engine, parent, [await transfer(alice, i, recipient(i))]);
      parent = payload;
      const { blockHash } = payload;
      await engine.forkchoiceUpdated({
        headBlockHash: blockHash,
        safeBlockHash: blockHash,
        finalizedBlockHash: blockHash,
      });
    }
    return engine;
  }

  it("is migrated if it is older", async () => {
    const path = workshop.path();
    await (await chainAt(path)).close();
    const root = openDatabase({ path, maxDbs: 16 });
    const table = (name: string) => root.openDB({ name, encoding: "binary", keyEncoding: "binary" });
    await table("meta").remove(VERSION);
    await table("heights").clearAsync();
    await root.close();
    const engine = workshop.closeLater(
      await EmbeddedEngine.open({ path, genesis, keepBlocks: 4 }, { nowMs: Date.now }),
    );
    const head = await engine.reader.getBlock("latest");
    const { blockHash } = head as ExecutionPayload;
    await engine.forkchoiceUpdated({
      headBlockHash: blockHash,
      safeBlockHash: blockHash,
      finalizedBlockHash: blockHash,
    });
    expect(await engine.reader.getBlock(10).catch((error: EngineError) => error.code)).to.equal("pruned");
    expect((await engine.reader.getBlock(17))?.blockNumber).to.equal(17);
  });

  it("is refused if it is newer, with what to do", async () => {
    const path = workshop.path();
    await (await chainAt(path)).close();
    const root = openDatabase({ path, maxDbs: 16 });
    await root.openDB({ name: "meta", encoding: "binary", keyEncoding: "binary" }).put(VERSION, Buffer.of(9));
    await root.close();
    const failure = await workshop.open(path).catch((error: EngineError) => error);
    expect(failure).to.deep.include({ code: "other-version" });
    expect((failure as EngineError).message).to.equal(
      "expected a database of version 2 or older, found 9: run the version of the agent that wrote it, or a newer one",
    );
  });
});
