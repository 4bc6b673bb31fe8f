import { expect } from "chai";
import { getCreateAddress, Interface, type Wallet } from "ethers";
import type { EngineError } from "../../../sdk/agent/engine/interface.ts";
import { MAX_OUTSTANDING_REQUESTS } from "../../../sdk/agent/engine/worker/channel.ts";
import { WorkerEngine } from "../../../sdk/agent/engine/worker/worker-engine.ts";
import type { Hex } from "../../../sdk/types/hex.ts";
import {
  attributes,
  build,
  FOREVER,
  genesis,
  genesisPoint,
  probeContract,
  setHead,
  sign,
  transfer,
  Workshop,
  wallets,
} from "./fixture.ts";
import { rejection } from "./rejection.ts";

const [alice, bob] = wallets as [Wallet, Wallet];

describe("engine: worker", () => {
  const workshop = new Workshop();
  after(() => workshop.cleanUp());

  const neverCrashes = (error: EngineError): void => {
    throw error;
  };
  const open = async (path = workshop.path(), onCrash = neverCrashes, config = genesis): Promise<WorkerEngine> =>
    workshop.closeLater(await WorkerEngine.open({ path, genesis: config }, { onCrash }));

  it("builds and judges exactly as the engine in process does", async () => {
    const [worker, local] = [await open(), await workshop.open()];
    expect(worker.genesisHash).to.equal(local.genesisHash);
    const batch = [await transfer(alice, 0, bob.address), await transfer(alice, 7, bob.address)];
    const built = await build(worker, genesisPoint(worker), batch);
    const near = await build(local, genesisPoint(local), batch);
    const outcomes = ({ results }: typeof near) => results.map((one) => ({ ...one, tookMs: undefined }));
    expect([built.payload, outcomes(built)]).to.deep.equal([near.payload, outcomes(near)]);
    expect(await local.newPayload(built.payload)).to.deep.equal({ status: "VALID" });
    expect(await setHead(worker, built.payload.blockHash)).to.deep.equal({ status: "VALID" });
    expect(await worker.getBlock("latest")).to.deep.equal(built.payload);
    expect((await worker.getReceipts("latest"))[0]?.from).to.equal(alice.address.toLowerCase());
    expect(await worker.getAccount(alice.address as Hex, "latest")).to.deep.include({ nonce: 1 });
    expect(await worker.getNextBaseFee("latest")).to.equal(765_778_125n);
    expect(await worker.call({ to: bob.address as Hex }, "latest")).to.deep.equal({
      ok: true,
      data: "0x",
      gasUsed: 21_000n,
      logs: [],
    });
  });

  it("typed errors keep their code across the thread", async () => {
    const engine = await open();
    expect(await rejection(engine.getPayload("no such id"))).to.include({
      name: "EngineError",
      code: "unknown-payload",
    });
    expect(await rejection(engine.getReceipts(7))).to.include({ code: "unknown-block" });
    const path = workshop.path();
    await (await open(path)).close();
    const other = { ...genesis, timestamp: genesis.timestamp + 1 };
    expect(await rejection(open(path, neverCrashes, other))).to.include({ code: "other-chain" });
  });

  it("an argument that cannot be sent rejects and does not disturb the rest", async () => {
    const engine = await open();
    const unsendable = (() => {}) as unknown as Hex;
    const error = await engine.getReceipt(unsendable).catch((reason: Error) => reason);
    expect(error).to.include({ name: "DataCloneError" });
    expect((await engine.getBlock(0))?.blockHash).to.equal(engine.genesisHash);
  });

  it("answers reads while a block is being executed", async () => {
    const engine = await open();
    const deployment = await sign(alice, { nonce: 0, data: probeContract().bytecode, gasLimit: 3_000_000 });
    const batch = [deployment];
    for (let nonce = 1; nonce <= 60; nonce++) batch.push(await transfer(alice, nonce, bob.address));
    const id = await engine.startPayload(engine.genesisHash, attributes(genesisPoint(engine)));
    const order: string[] = [];
    const appending = engine.appendTransactions(id, batch, FOREVER).then(() => order.push("appended"));
    const reading = engine.getAccount(alice.address as Hex, "latest").then(() => order.push("read"));
    await Promise.all([appending, reading]);
    expect(order).to.deep.equal(["read", "appended"]);
  });

  it("a call that takes long does not hold up a block", async () => {
    const engine = await open();
    const deployment = await sign(alice, { nonce: 0, data: probeContract().bytecode, gasLimit: 3_000_000 });
    const { payload } = await build(engine, genesisPoint(engine), [deployment]);
    await setHead(engine, payload.blockHash);
    const to = getCreateAddress({ from: alice.address, nonce: 0 }) as Hex;
    const order: string[] = [];
    await engine.call({ to }, "latest"); // the thread is there from now on
    const data = new Interface(probeContract().abi).encodeFunctionData("burnGas") as Hex;
    const calling = engine.call({ to, data, gas: 4_000_000n }, "latest").then((result) => {
      order.push("called");
      return result;
    });
    const building = build(engine, payload, [await transfer(alice, 1, bob.address)]).then(() => order.push("built"));
    await building;
    expect((await calling).ok).to.equal(false);
    expect(order).to.deep.equal(["built", "called"]);
  });

  it("close does not wait for a long call, which is rejected", async () => {
    const engine = await open();
    const loop: Hex = "0x5b5f5f5f5f5f600461fffff1505f56"; // creation code that calls for ever
    await engine.call({ data: "0x00" }, "latest");
    const calling = rejection(engine.call({ data: loop }, "latest"));
    await engine.close();
    expect(await calling).to.include({ code: "closed" });
    expect(await rejection(engine.call({ data: loop }, "latest"))).to.include({ code: "closed" });
  });

  it("a call sees the head that was set before it", async () => {
    const engine = await open();
    let parent = genesisPoint(engine);
    for (let nonce = 0; nonce < 5; nonce++) {
      const { payload } = await build(engine, parent, [await transfer(alice, nonce, bob.address)]);
      await setHead(engine, payload.blockHash);
      const number = await engine.call({ data: "0x435f5260205ff3" }, "latest"); // creation code that returns block.number
      expect(BigInt(number.data)).to.equal(BigInt(payload.blockNumber));
      parent = payload;
    }
  });

  it(`refuses more than ${MAX_OUTSTANDING_REQUESTS} waiting requests, and recovers`, async () => {
    const engine = await open();
    const flood = Array.from({ length: MAX_OUTSTANDING_REQUESTS + 5 }, () => engine.getBlock(0));
    const results = await Promise.allSettled(flood);
    const refused = results.flatMap((result) => (result.status === "rejected" ? [result.reason] : []));
    expect(refused).to.have.length(5);
    expect(refused[0]).to.include({ name: "EngineError", code: "overloaded" });
    expect((await engine.getBlock(0))?.blockHash).to.equal(engine.genesisHash);
  });

  it("close ends what is running, refuses what comes later, and may be called again", async () => {
    const path = workshop.path();
    const engine = await open(path);
    const building = build(engine, genesisPoint(engine), [await transfer(alice, 0, bob.address)]);
    const { payload } = await building;
    const moving = setHead(engine, payload.blockHash);
    await Promise.all([engine.close(), engine.close()]);
    expect(await moving).to.deep.equal({ status: "VALID" });
    expect(await rejection(engine.getBlock(0))).to.include({ code: "closed" });
    expect(await (await open(path)).getBlock("latest")).to.deep.equal(payload);
  });
});
