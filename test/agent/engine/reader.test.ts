import { expect } from "chai";
import { AbiCoder, getCreateAddress, Interface, keccak256, type Wallet } from "ethers";
import type { EmbeddedEngine } from "../../../sdk/agent/engine/embedded-engine.ts";
import type { CallRequest, TransactionReceipt } from "../../../sdk/agent/engine/interface.ts";
import type { Hex } from "../../../sdk/types/hex.ts";
import type { ExecutionPayload } from "../../../sdk/types/payload.ts";
import { testToken } from "../../support/erc20.ts";
import {
  build,
  ETHER,
  GAS_LIMIT,
  GWEI,
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
const token = new Interface(testToken().abi);
const probe = new Interface(probeContract().abi);
const tokenAddress = getCreateAddress({ from: alice.address, nonce: 0 }) as Hex;
const probeAddress = getCreateAddress({ from: alice.address, nonce: 1 }) as Hex;
const encode = (contract: Interface, name: string, args: unknown[]): Hex =>
  contract.encodeFunctionData(name, args) as Hex;

describe("engine: reads and calls", () => {
  const workshop = new Workshop();
  let engine: EmbeddedEngine;
  let first: ExecutionPayload;
  let second: ExecutionPayload;

  before(async () => {
    engine = await workshop.open();
    const deployments = [
      await sign(alice, { nonce: 0, data: testToken().bytecode, gasLimit: 2_000_000 }),
      await sign(alice, { nonce: 1, data: probeContract().bytecode, gasLimit: 3_000_000 }),
    ];
    first = (await build(engine, genesisPoint(engine), deployments)).payload;
    const calls = [
      await transfer(bob, 0, alice.address),
      await sign(bob, {
        nonce: 1,
        type: 0,
        to: tokenAddress,
        data: encode(token, "mint", [bob.address, 50n]),
        gasLimit: 100_000,
      }),
      await sign(bob, {
        nonce: 2,
        to: tokenAddress,
        data: encode(token, "transfer", [alice.address, 51n]),
        gasLimit: 100_000,
      }),
      await sign(bob, {
        nonce: 3,
        to: tokenAddress,
        data: encode(token, "transfer", [alice.address, 20n]),
        gasLimit: 100_000,
      }),
    ];
    second = (await build(engine, first, calls)).payload;
    await setHead(engine, second.blockHash);
  });
  after(() => workshop.cleanUp());

  it("receipts say what happened, to the wei and the log", async () => {
    const receipts = (await engine.reader.getReceipts("latest")) as [
      TransactionReceipt,
      TransactionReceipt,
      TransactionReceipt,
      TransactionReceipt,
    ];
    expect(receipts.map(({ status }) => status)).to.deep.equal([1, 1, 0, 1]);
    expect(receipts.map(({ type }) => type)).to.deep.equal([2, 0, 2, 2]);
    expect(receipts.map(({ logs }) => logs.map(({ logIndex }) => logIndex))).to.deep.equal([[], [0], [], [1]]);
    expect(receipts[3].cumulativeGasUsed).to.equal(second.gasUsed);
    expect(receipts.reduce((sum, { gasUsed }) => sum + gasUsed, 0n)).to.equal(second.gasUsed);
    expect(receipts[0]).to.deep.include({
      transactionHash: keccak256(second.transactions[0] as Hex),
      transactionIndex: 0,
      blockHash: second.blockHash,
      blockNumber: 2,
      from: bob.address.toLowerCase(),
      to: alice.address.toLowerCase(),
      contractAddress: null,
      gasUsed: 21_000n,
      effectiveGasPrice: second.baseFeePerGas + GWEI,
    });
    expect(receipts[1].effectiveGasPrice).to.equal(20n * GWEI);
    const log = receipts[3].logs[0];
    expect(log?.address).to.equal(tokenAddress.toLowerCase());
    expect(token.parseLog(log as { topics: string[]; data: string })?.args.toArray()).to.deep.equal([
      bob.address,
      alice.address,
      20n,
    ]);
    const [deployment] = (await engine.reader.getReceipts(1)) as [TransactionReceipt];
    expect(deployment).to.include({ to: null, contractAddress: tokenAddress.toLowerCase() });
  });

  it("code, storage, nonces and balances at each block", async () => {
    const { reader } = engine;
    const slot = keccak256(AbiCoder.defaultAbiCoder().encode(["address", "uint256"], [alice.address, 1])) as Hex;
    expect(BigInt(await reader.getStorageAt(tokenAddress, slot, "latest"))).to.equal(20n);
    expect(BigInt(await reader.getStorageAt(tokenAddress, slot, 1))).to.equal(0n);
    expect(await reader.getStorageAt(bob.address as Hex, slot, 1)).to.equal(`0x${"0".repeat(64)}`);
    expect(await reader.getCode(tokenAddress, "latest")).to.equal(testToken().runtime);
    expect(await reader.getCode(tokenAddress, 0)).to.equal("0x");
    expect(await reader.getAccount(bob.address as Hex, 1)).to.deep.equal({ nonce: 0, balance: 1_000n * ETHER });
    expect((await reader.getAccount(bob.address as Hex, "latest")).nonce).to.equal(4);
    expect(await reader.getAccount("0x00000000000000000000000000000000000000bb", 0)).to.deep.equal({
      nonce: 0,
      balance: 0n,
    });
  });

  it("calls return data, run in the block's context and change nothing", async () => {
    const { reader } = engine;
    const balance = (ref: Hex | number | "latest") =>
      reader.call({ to: tokenAddress, data: encode(token, "balanceOf", [bob.address]) }, ref);
    expect(await balance("latest")).to.deep.include({ ok: true, data: `0x${(30).toString(16).padStart(64, "0")}` });
    expect(await balance(1)).to.deep.include({ ok: true, data: `0x${"0".repeat(64)}` });
    const mint = { from: bob.address as Hex, to: tokenAddress, data: encode(token, "mint", [bob.address, 5n]) };
    expect((await reader.call(mint, "latest")).ok).to.equal(true);
    expect(await balance("latest")).to.deep.include({ data: `0x${(30).toString(16).padStart(64, "0")}` });
    const number = await reader.call({ data: "0x435f5260205ff3" }, 1); // creation code that returns block.number
    expect(BigInt(number.data)).to.equal(1n);
  });

  it("anybody can be the sender of a call: nobody, a contract, an account without funds", async () => {
    const data = encode(token, "approve", [bob.address, 1n]);
    for (const from of [undefined, probeAddress, "0x00000000000000000000000000000000000000cc" as Hex]) {
      expect((await engine.reader.call({ ...(from && { from }), to: tokenAddress, data }, "latest")).ok).to.equal(true);
    }
    const poor: CallRequest = { from: "0x00000000000000000000000000000000000000cc", to: bob.address as Hex };
    for (const change of [{ value: 1n }, { gasPrice: GWEI }, { maxFeePerGas: GWEI }]) {
      const result = await engine.reader.call({ ...poor, ...change }, "latest");
      expect(result.ok ? "" : result.reason).to.match(/insufficient funds/);
    }
  });

  it("failures carry the revert data and a readable reason", async () => {
    const call = async (data: Hex, gas?: bigint) => {
      const result = await engine.reader.call({ to: probeAddress, data, ...(gas !== undefined && { gas }) }, "latest");
      if (result.ok) throw new Error("expected a failure");
      return result;
    };
    expect((await call(encode(probe, "fail", ["not today"]))).reason).to.equal("execution reverted: not today");
    const custom = await call(encode(probe, "writeAndRevert", [4n]));
    expect(custom.reason).to.equal("execution reverted");
    expect(custom.data).to.equal(probe.encodeErrorResult("Refused", [4n]));
    expect((await call(encode(probe, "burnGas", []), 60_000n)).reason).to.equal("out of gas");
    expect((await call("0x", 20_000n)).reason).to.match(/intrinsic gas/);
  });

  it("an estimate is enough, and not 2 % more than needed", async () => {
    const cases: CallRequest[] = [
      { from: bob.address as Hex, to: alice.address as Hex, value: 5n },
      { from: bob.address as Hex, to: tokenAddress, data: encode(token, "transfer", [probeAddress, 3n]) },
      { from: bob.address as Hex, to: probeAddress, data: encode(probe, "innerRevert", [3n]) },
      { from: bob.address as Hex, to: probeAddress, data: encode(probe, "shortLived", [`0x${"00".repeat(32)}`]) },
      { from: bob.address as Hex, to: probeAddress, data: encode(probe, "write", [0n, 5n, 0n]) },
      { from: bob.address as Hex, data: testToken().bytecode },
    ];
    for (const request of cases) {
      const estimate = await engine.reader.estimateGas(request, "latest");
      expect(estimate.ok).to.equal(true);
      const { gasUsed: gas } = estimate;
      const enough = { nonce: 4, to: request.to ?? null, data: request.data ?? "0x", value: request.value ?? 0n };
      const { payload } = await build(engine, second, [await sign(bob, { ...enough, gasLimit: gas })]);
      const [receipt] = (await engine.reader.getReceipts(payload.blockHash)) as [TransactionReceipt];
      expect(receipt.status).to.equal(1);
      const short = { ...request, gas: (gas * 98n) / 100n };
      expect((await engine.reader.call(short, "latest")).ok, `${gas}`).to.equal(false);
    }
  });

  it("an estimate of what never succeeds is the failure", async () => {
    const request = {
      from: bob.address as Hex,
      to: tokenAddress,
      data: encode(token, "transfer", [alice.address, 10n ** 9n]),
    };
    const result = await engine.reader.estimateGas(request, "latest");
    expect(result.ok).to.equal(false);
    expect(result.data).to.equal(token.encodeErrorResult("TestToken__InsufficientBalance", [10n ** 9n, 30n]));
  });

  it("bad references and arguments are typed errors", async () => {
    const { reader } = engine;
    const address = bob.address as Hex;
    expect(await rejection(reader.getAccount(address, 99))).to.include({ code: "unknown-block" });
    expect(await rejection(reader.getReceipts(`0x${"99".repeat(32)}`))).to.include({ code: "unknown-block" });
    expect(await rejection(reader.getBlock("pending" as Hex))).to.include({ code: "bad-request" });
    expect(await rejection(reader.getBlock(-1))).to.include({ code: "bad-request" });
    expect(await rejection(reader.getAccount("0x12", "latest"))).to.include({ code: "bad-request" });
    expect(await rejection(reader.getStorageAt(address, "0x0", "latest"))).to.include({ code: "bad-request" });
    expect(await rejection(reader.call({ to: "0x1" }, "latest"))).to.include({ code: "bad-request" });
    expect(await rejection(reader.call({ to: address, value: -1n }, "latest"))).to.include({ code: "bad-request" });
    expect(await rejection(reader.getReceipt("0x1234"))).to.include({ code: "bad-request" });
    expect(await reader.getReceipt(`0x${"00".repeat(32)}`)).to.equal(undefined);
    expect((await reader.call({ to: address, gas: 10n * GAS_LIMIT }, "latest")).ok).to.equal(true);
  });
});
