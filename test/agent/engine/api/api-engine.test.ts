import { expect } from "chai";
import { keccak256, type Wallet } from "ethers";
import type { ApiEngine } from "../../../../sdk/agent/engine/api/api-engine.ts";
import { MAX_ATTEMPTS } from "../../../../sdk/agent/engine/api/client-rpc.ts";
import { toWirePayload } from "../../../../sdk/agent/engine/api/wire.ts";
import type { EmbeddedEngine } from "../../../../sdk/agent/engine/embedded-engine.ts";
import type { EngineError, PayloadStatus } from "../../../../sdk/agent/engine/interface.ts";
import type { Hex } from "../../../../sdk/types/hex.ts";
import type { ExecutionPayload } from "../../../../sdk/types/payload.ts";
import {
  attributes,
  build,
  FOREVER,
  GAS_LIMIT,
  genesisPoint,
  setHead,
  transfer,
  Workshop,
  wallets,
} from "../fixture.ts";
import { rejection } from "../rejection.ts";
import { firstBlock, type Said, ScriptedClient } from "./scripted-client.ts";

const [alice] = wallets as [Wallet];
const FORKCHOICE = "engine_forkchoiceUpdatedV3";
const NEW_PAYLOAD = "engine_newPayloadV4";
const GET_PAYLOAD = "engine_getPayloadV4";
const VALID = { status: "VALID", latestValidHash: null, validationError: null };
const ID = "0x0011223344556677";

const status = (name: string, validationError: string | null = null): { result: unknown } => ({
  result: { status: name, latestValidHash: null, validationError },
});
const forkchoice = (payloadStatus: object, payloadId: string | null = null): Said => ({
  result: { payloadStatus, payloadId },
});

describe("engine: the Engine API adapter", () => {
  const workshop = new Workshop();
  let reference: EmbeddedEngine;
  let genesisBlock: ExecutionPayload;
  let block: ExecutionPayload;
  let client: ScriptedClient;
  let engine: ApiEngine;

  before(async () => {
    reference = await workshop.open();
    genesisBlock = await firstBlock(workshop.path());
    block = (await build(reference, genesisPoint(reference), [await transfer(alice, 0, alice.address)])).payload;
  });
  after(() => workshop.cleanUp());

  beforeEach(async () => {
    client = await ScriptedClient.start();
    client.knowsGenesis(genesisBlock);
    engine = await client.open();
  });
  afterEach(() => client.stop());

  const built = (change: object = {}): Said => ({
    result: {
      executionPayload: { ...toWirePayload(block), ...change },
      blockValue: "0x0",
      blobsBundle: { commitments: [], proofs: [], blobs: [] },
      shouldOverrideBuilder: false,
      executionRequests: [],
    },
  });

  /** Asks for the block of these tests. */
  const build1 = async (): Promise<ExecutionPayload> =>
    engine.getPayload(await engine.startPayload(engine.genesisHash, attributes(genesisPoint(engine))));

  const askedToBuild = (): void => {
    client.says(FORKCHOICE, forkchoice(VALID, ID));
    client.says(NEW_PAYLOAD, status("VALID"));
    client.says(GET_PAYLOAD, built());
  };

  describe("requests", () => {
    it("each carry a token of their own, issued when they are made", async () => {
      client.says(NEW_PAYLOAD, { status: 502, body: "bad gateway" }, status("VALID"));
      const beforeSeconds = Math.floor(Date.now() / 1000);
      await engine.newPayload(block);
      expect(client.received).to.have.length.greaterThan(3);
      for (const { issuedAt } of client.received) expect(issuedAt).to.be.within(beforeSeconds - 1, beforeSeconds + 2);
      const first = client.received.at(-1)?.issuedAt as number;
      await new Promise((resolve) => setTimeout(resolve, 1_010)); // the token counts seconds
      await engine.newPayload(block);
      expect(client.received.at(-1)?.issuedAt).to.be.greaterThan(first);
    });

    it("carry none where the client answers without", async () => {
      const open = await ScriptedClient.start();
      open.knowsGenesis(genesisBlock);
      const other = await client.open({ rpcUrl: open.url });
      await other.getNextBaseFee("latest");
      expect(open.received.map(({ issuedAt }) => issuedAt)).to.deep.equal(open.received.map(() => undefined));
      expect(open.received).to.have.length(2);
      await open.stop();
    });

    it(`are made ${MAX_ATTEMPTS} times at most, and then the client counts as unavailable`, async () => {
      const useless: Said[] = [
        { status: 503, body: "" },
        { status: 200, body: "<html>" },
        { status: 200, body: "{}" },
        { status: 200, body: "null" },
      ];
      for (const said of useless) {
        const asked = client.count(NEW_PAYLOAD);
        client.says(NEW_PAYLOAD, said);
        expect(await rejection(engine.newPayload(block))).to.include({ code: "unavailable" });
        expect(client.count(NEW_PAYLOAD) - asked, JSON.stringify(said)).to.equal(MAX_ATTEMPTS);
      }
    });

    it("that stay without an answer are given up, and made again", async () => {
      const hasty = await client.open({ timeoutMs: 400 });
      client.says(NEW_PAYLOAD, "silence", "silence", status("VALID"));
      expect(await hasty.newPayload(block)).to.deep.equal({ status: "VALID" });
      client.says(NEW_PAYLOAD, "silence");
      const { code, message } = await rejection(hasty.newPayload(block));
      expect(code).to.equal("unavailable");
      expect(message).to.contain("no answer within 400 ms");
    });

    it("that move the head are not made again while the client may still carry out the first", async () => {
      const hasty = await client.open({ timeoutMs: 400 });
      client.says(FORKCHOICE, "silence");
      expect(await rejection(setHead(hasty, block.blockHash))).to.include({ code: "unavailable" });
      expect(client.count(FORKCHOICE)).to.equal(1);
      client.says(FORKCHOICE, { status: 503, body: "" }, forkchoice(VALID));
      expect(await setHead(hasty, block.blockHash)).to.deep.equal({ status: "VALID" });
      expect(client.count(FORKCHOICE)).to.equal(3);
    });

    it("whose token is refused are not made again", async () => {
      client.says(NEW_PAYLOAD, { status: 401, body: "stale token" });
      const { code, message } = await rejection(engine.newPayload(block));
      expect(code).to.equal("unauthorized");
      expect(message).to.contain("stale token").and.to.contain("clocks within 60 s");
      expect(client.count(NEW_PAYLOAD)).to.equal(1);
    });

    it("under way end when the engine is closed", async () => {
      client.says(NEW_PAYLOAD, "silence");
      const pending = rejection(engine.newPayload(block));
      while (client.count(NEW_PAYLOAD) === 0) await new Promise((resolve) => setTimeout(resolve, 2));
      await engine.close();
      expect(await pending).to.include({ code: "closed" });
      expect(client.count(NEW_PAYLOAD)).to.equal(1);
    });

    it("of a client that is not there fail with its address", async () => {
      const { url } = client;
      await client.stop();
      const { code, message } = await rejection(client.open());
      expect(code).to.equal("unavailable");
      expect(message).to.contain(url).and.to.contain("ECONNREFUSED");
    });
  });

  describe("connecting", () => {
    it("is refused to a client that lacks a method of this fork", async () => {
      client.says("engine_exchangeCapabilities", { result: ["engine_newPayloadV3", FORKCHOICE, GET_PAYLOAD] });
      const { code, message } = await rejection(client.open());
      expect(code).to.equal("unsupported");
      expect(message).to.contain("lacks engine_newPayloadV4, engine_getPayloadBodiesByHashV1");
    });

    it("is refused to a client with another first block", async () => {
      client.knowsGenesis({ ...genesisBlock, blockHash: block.blockHash });
      expect(await rejection(client.open())).to.include({ code: "other-chain" });
    });
  });

  describe("verdicts", () => {
    const verdicts: [{ result: unknown }, PayloadStatus][] = [
      [status("VALID"), { status: "VALID" }],
      [status("INVALID", "bad root"), { status: "INVALID", reason: "bad root" }],
      [status("INVALID"), { status: "INVALID", reason: "the client answered INVALID" }],
      [status("INVALID_BLOCK_HASH"), { status: "INVALID", reason: "the client answered INVALID_BLOCK_HASH" }],
      [status("SYNCING"), { status: "SYNCING", reason: "the client does not have all that comes before" }],
      [status("ACCEPTED"), { status: "SYNCING", reason: "the client keeps the block and has not executed it" }],
    ];
    for (const [said, expected] of verdicts) {
      it(`${JSON.stringify(said)} is ${JSON.stringify(expected)}`, async () => {
        client.says(NEW_PAYLOAD, said);
        expect(await engine.newPayload(block)).to.deep.equal(expected);
        client.says(FORKCHOICE, forkchoice(said.result as object), forkchoice(VALID));
        expect(await setHead(engine, block.blockHash)).to.deep.equal(expected);
      });
    }

    it("the block goes out as the specification has it: no blobs, no beacon root, no requests", async () => {
      client.says(NEW_PAYLOAD, status("VALID"));
      await engine.newPayload(block);
      const sent = client.received.at(-1)?.params as [Record<string, unknown>, ...unknown[]];
      expect(sent.slice(1)).to.deep.equal([[], `0x${"0".repeat(64)}`, []]);
      expect(sent[0]).to.deep.include({
        blockNumber: "0x1",
        gasLimit: "0x1c9c380",
        timestamp: "0x6553f101",
        blobGasUsed: "0x0",
        excessBlobGas: "0x0",
        transactions: block.transactions,
      });
    });

    it("an unknown verdict is none", async () => {
      client.says(NEW_PAYLOAD, status("PERHAPS"));
      expect(await rejection(engine.newPayload(block))).to.include({ code: "unsupported" });
    });

    const refusals: [number, EngineError["code"]][] = [
      [-38001, "unknown-payload"],
      [-38002, "bad-request"],
      [-38003, "bad-request"],
      [-38004, "bad-request"],
      [-38005, "unsupported"],
      [-32601, "unsupported"],
      [-32602, "bad-request"],
      [-32603, "unavailable"],
      [-32000, "unavailable"],
    ];
    for (const [code, expected] of refusals) {
      it(`error ${code} is "${expected}", and is not asked about again`, async () => {
        client.says(NEW_PAYLOAD, { error: { code, message: "because" } });
        const error = await rejection(engine.newPayload(block));
        expect(error).to.include({ code: expected });
        expect(error.message).to.contain("because").and.to.contain(`${code}`);
        expect(client.count(NEW_PAYLOAD)).to.equal(1);
      });
    }

    for (const code of [-38002, -32602]) {
      it(`a forkchoice refused with ${code} is INVALID, and the one before it is said again`, async () => {
        client.says(FORKCHOICE, forkchoice(VALID));
        await setHead(engine, engine.genesisHash);
        client.says(FORKCHOICE, { error: { code, message: "not an ancestor" } }, forkchoice(VALID));
        const { status: found, reason } = await setHead(engine, block.blockHash);
        expect(found).to.equal("INVALID");
        expect(reason).to.contain("not an ancestor");
        expect(client.received.at(-1)?.params[0]).to.deep.include({ headBlockHash: engine.genesisHash });
      });
    }
  });

  it("tells when the client is lost at a moment that matters, and not when it is merely slow to judge", async () => {
    client.says(NEW_PAYLOAD, { status: 503, body: "" });
    await rejection(engine.newPayload(block));
    expect(client.lost).to.deep.equal([]);
    client.says(FORKCHOICE, { status: 503, body: "" });
    const error = await rejection(setHead(engine, block.blockHash));
    expect(client.lost).to.deep.equal([error]);
  });

  describe("building", () => {
    it("asks for the block with the deposits as withdrawals, and gives it back to the client", async () => {
      askedToBuild();
      const withdrawals = [{ index: 3, validatorIndex: 0, address: block.feeRecipient, amountGwei: 7n }];
      const wire = [{ index: "0x3", validatorIndex: "0x0", address: block.feeRecipient, amount: "0x7" }];
      client.says(GET_PAYLOAD, built({ withdrawals: wire }));
      const asked = { ...attributes(genesisPoint(engine)), withdrawals };
      const payload = await engine.getPayload(await engine.startPayload(engine.genesisHash, asked));
      expect(payload.withdrawals).to.deep.equal(withdrawals);
      const [state, sent] = client.received.find(({ method }) => method === FORKCHOICE)?.params ?? [];
      expect(state).to.deep.equal({
        headBlockHash: engine.genesisHash,
        safeBlockHash: engine.genesisHash,
        finalizedBlockHash: engine.genesisHash,
      });
      expect(sent).to.deep.equal({
        timestamp: "0x6553f101",
        prevRandao: asked.prevRandao,
        suggestedFeeRecipient: asked.feeRecipient,
        withdrawals: wire,
        parentBeaconBlockRoot: `0x${"0".repeat(64)}`,
      });
      expect(client.received.at(-1)).to.deep.include({ method: NEW_PAYLOAD });
    });

    it("asks anew when the client has forgotten the payload, once", async () => {
      askedToBuild();
      const forgotten: Said = { error: { code: -38001, message: "Unknown payload" } };
      client.says(GET_PAYLOAD, forgotten, built());
      expect((await build1()).blockHash).to.equal(block.blockHash);
      expect(client.count(FORKCHOICE)).to.equal(2);
      client.says(GET_PAYLOAD, forgotten);
      expect(await rejection(build1())).to.include({ code: "unknown-payload" });
      expect(client.count(FORKCHOICE)).to.equal(4);
    });

    it("is refused by a client that gives no payload id", async () => {
      client.says(FORKCHOICE, forkchoice(VALID));
      const { code, message } = await rejection(build1());
      expect(code).to.equal("unsupported");
      expect(message).to.contain("does not build");
    });

    const others: [string, object][] = [
      ["another gas limit", { gasLimit: "0x1c9c381" }],
      ["extra data", { extraData: "0x67657468" }],
      ["another fee recipient", { feeRecipient: alice.address }],
      ["another parent", { parentHash: `0x${"12".repeat(32)}` }],
      ["another time", { timestamp: "0x6553f102" }],
      [
        "withdrawals nobody asked for",
        { withdrawals: [{ index: "0x0", validatorIndex: "0x0", address: alice.address, amount: "0x1" }] },
      ],
      ["blobs", { blobGasUsed: "0x20000" }],
    ];
    for (const [name, change] of others) {
      it(`does not take a block with ${name}`, async () => {
        askedToBuild();
        client.says(GET_PAYLOAD, built(change));
        expect(await rejection(build1())).to.include({ code: "unsupported" });
      });
    }

    it("does not take a block with execution requests", async () => {
      askedToBuild();
      const { result } = built() as { result: object };
      client.says(GET_PAYLOAD, { result: { ...result, executionRequests: ["0x00"] } });
      expect(await rejection(build1())).to.include({ code: "unsupported" });
    });

    it("does not take a block that the client itself finds invalid", async () => {
      askedToBuild();
      client.says(NEW_PAYLOAD, status("INVALID", "oops"));
      expect(await rejection(build1())).to.include({ code: "unavailable" });
    });

    it("a transaction that the client's pool has is offered; one that it refuses is skipped with its reason", async () => {
      const id = await engine.startPayload(engine.genesisHash, attributes(genesisPoint(engine)));
      const raw = await transfer(alice, 0, alice.address);
      client.says(
        "eth_sendRawTransaction",
        { result: keccak256(raw) },
        { error: { code: -32000, message: "already known" } },
        { error: { code: -32000, message: "txpool is full" } },
      );
      const results = await engine.appendTransactions(id, [raw, raw, raw], FOREVER);
      const hash = keccak256(raw);
      expect(results.slice(0, 2)).to.deep.equal([
        { hash, outcome: "offered" },
        { hash, outcome: "offered" },
      ]);
      expect(results[2]).to.deep.include({ hash, outcome: "skipped" });
      const late = await transfer(alice, 0, alice.address, GAS_LIMIT);
      client.says("eth_sendRawTransaction", { status: 503, body: "" });
      expect(await rejection(engine.appendTransactions(id, [late], FOREVER))).to.include({ code: "unavailable" });
    });
  });

  it("hands overrides and lists of calls on as JSON-RPC has them, and reads what the client found", async () => {
    const engine = await client.open();
    const address: Hex = `0x${"aa".repeat(20)}`;
    const word: Hex = `0x${"0".repeat(63)}7`;
    const authorization = { chainId: 1n, address, nonce: 2n, yParity: 0n, r: 3n, s: 4n };
    const request = { to: address, accessList: [{ address, storageKeys: [word] }], authorizations: [authorization] };
    const overrides = {
      state: { [address]: { balance: 16n, code: "0x60" as Hex, stateDiff: { [word]: word } } },
      block: { time: 255n, feeRecipient: address },
    };
    const written = [
      { [address]: { balance: "0x10", code: "0x60", stateDiff: { [word]: word } } },
      { time: "0xff", feeRecipient: address },
    ];
    client.says("eth_call", { result: "0x01" });
    client.says("eth_estimateGas", { result: "0x5208" });
    const found = { accessList: [{ address: `0x${"AA".repeat(20)}`, storageKeys: [word] }], gasUsed: "0x6000" };
    client.says("eth_createAccessList", { result: { ...found, error: "execution reverted" } });
    expect(await engine.call(request, 0, overrides)).to.deep.equal({ ok: true, data: "0x01" });
    expect(await engine.estimateGas(request, 0, overrides)).to.deep.equal({ ok: true, gasUsed: 21_000n });
    expect(await engine.createAccessList(request, 0, overrides)).to.deep.equal({
      accessList: [{ address, storageKeys: [word] }],
      gasUsed: 24_576n,
      error: "execution reverted",
    });
    const [asked, , listed] = client.received.filter(({ method }) => /eth_(call|estimateGas|create)/.test(method));
    const written7702 = { chainId: "0x1", address, nonce: "0x2", yParity: "0x0", r: "0x3", s: "0x4" };
    expect(asked?.params).to.deep.equal([
      { to: address, accessList: request.accessList, authorizationList: [written7702] },
      "0x0",
      ...written,
    ]);
    expect(listed?.params, "block overrides are not for lists").to.have.length(3);
    await engine.call({ to: address }, 0);
    expect(client.received.at(-1)?.params).to.deep.equal([{ to: address }, "0x0"]);
  });

  it("does not judge what was forced by a proof that leads nowhere", async () => {
    client.says(NEW_PAYLOAD, status("VALID"));
    const empty = { accountProof: [], codeHash: `0x${"0".repeat(64)}`, storageProof: [] };
    client.says("eth_getProof", { result: empty });
    const forced: Hex[] = [await transfer(alice, 0, alice.address)];
    const { code, message } = await rejection(engine.newPayload(block, forced));
    expect(code).to.equal("unavailable");
    expect(message).to.contain("proof of");
  });
});
