import { expect } from "chai";
import { AbiCoder, getCreateAddress, Interface, keccak256, type Wallet } from "ethers";
import type { EmbeddedEngine } from "../../../sdk/agent/engine/embedded-engine.ts";
import type { CallRequest, SimulationStep } from "../../../sdk/agent/engine/interface.ts";
import type { Hex } from "../../../sdk/types/hex.ts";
import type { ExecutionPayload } from "../../../sdk/types/payload.ts";
import { testToken } from "../../support/erc20.ts";
import { build, ETHER, GWEI, genesisPoint, probeContract, setHead, sign, Workshop, wallets } from "./fixture.ts";
import { rejection } from "./rejection.ts";

const [alice, bob] = wallets as [Wallet, Wallet];
const lower = (address: string): Hex => address.toLowerCase() as Hex;
const token = new Interface(testToken().abi);
const probe = new Interface(probeContract().abi);
const tokenAddress = lower(getCreateAddress({ from: alice.address, nonce: 0 }));
const probeAddress = lower(getCreateAddress({ from: alice.address, nonce: 1 }));
const encode = (contract: Interface, name: string, args: unknown[]): Hex =>
  contract.encodeFunctionData(name, args) as Hex;

describe("engine: simulated blocks", () => {
  const workshop = new Workshop();
  let engine: EmbeddedEngine;
  let head: ExecutionPayload;

  before(async () => {
    engine = await workshop.open();
    const transactions = [
      await sign(alice, { nonce: 0, data: testToken().bytecode, gasLimit: 2_000_000 }),
      await sign(alice, { nonce: 1, data: probeContract().bytecode, gasLimit: 3_000_000 }),
    ];
    head = (await build(engine, genesisPoint(engine), transactions)).payload;
    await setHead(engine, head.blockHash);
  });
  after(() => workshop.cleanUp());

  const from = lower(bob.address);
  const mint = (amount: bigint): CallRequest => ({
    from,
    to: tokenAddress,
    data: encode(token, "mint", [from, amount]),
  });
  const send = (amount: bigint): CallRequest => ({
    from,
    to: tokenAddress,
    data: encode(token, "transfer", [alice.address, amount]),
  });
  const balance: CallRequest = { to: tokenAddress, data: encode(token, "balanceOf", [from]) };
  const simulate = (steps: SimulationStep[]) => engine.reader.simulate(steps, "latest");

  it("come to what real blocks of the same transactions come to: gas, logs, receipts and state", async () => {
    const salt = `0x${"05".repeat(32)}`;
    const calls: CallRequest[] = [
      mint(50n),
      send(60n), // more than there is: reverts
      send(20n),
      { from, to: probeAddress, data: encode(probe, "innerRevert", [3n]) },
      { from, to: probeAddress, data: encode(probe, "shortLived", [salt]), value: 7n }, // ends itself where it began
      { from, data: probeContract().bytecode },
    ];
    const price = { maxFeePerGas: 20n * GWEI, maxPriorityFeePerGas: GWEI };
    const signed = await Promise.all(
      calls.map(({ to, data, value }, nonce) =>
        sign(bob, { nonce, to: to ?? null, data: data ?? "0x", value: value ?? 0n, gasLimit: 3_000_000 }),
      ),
    );
    const real = (await build(engine, head, signed)).payload;
    const { timestamp, feeRecipient, prevRandao, baseFeePerGas } = real;
    const block = { time: BigInt(timestamp), feeRecipient, prevRandao, baseFeePerGas };
    const [simulated] = await simulate([
      { block, calls: calls.map((call) => ({ ...call, ...price, gas: 3_000_000n })) },
    ]);
    const receipts = await engine.reader.getReceipts(real.blockHash);
    expect(simulated?.calls.map(({ ok, gasUsed, logs }) => ({ ok, gasUsed, logs }))).to.deep.equal(
      receipts.map(({ status, gasUsed, logs }) => ({ ok: status === 1, gasUsed, logs })),
    );
    expect(receipts.map(({ status }) => status)).to.deep.equal([1, 0, 1, 1, 1, 1]);
    for (const field of [
      "parentHash",
      "stateRoot",
      "receiptsRoot",
      "logsBloom",
      "gasUsed",
      "timestamp",
      "blockNumber",
    ]) {
      expect(simulated?.payload[field as "stateRoot"], field).to.equal(real[field as "stateRoot"]);
    }
    expect(simulated?.payload.blockHash, "nobody signed its transactions").to.not.equal(real.blockHash);
    expect((await engine.reader.getBlock("latest"))?.blockHash).to.equal(head.blockHash);
  });

  it("stand one upon the other, each in a world of its own making", async () => {
    const slot = keccak256(AbiCoder.defaultAbiCoder().encode(["address", "uint256"], [from, 1])) as Hex;
    const stateDiff = { [slot]: `0x${"9".padStart(64, "0")}` as Hex };
    const blocks = await simulate([
      { calls: [mint(5n), balance] },
      { calls: [balance] },
      { state: { [tokenAddress]: { stateDiff } }, calls: [balance] },
      { calls: [balance] },
    ]);
    const shown = blocks.map(({ calls }) => BigInt(calls.at(-1)?.data ?? 0));
    expect(shown).to.deep.equal([5n, 5n, 9n, 9n]);
    expect(blocks.map(({ payload }) => payload.parentHash)).to.deep.equal([
      head.blockHash,
      ...blocks.slice(0, -1).map(({ payload }) => payload.blockHash),
    ]);
    expect(blocks.map(({ payload }) => payload.timestamp - head.timestamp)).to.deep.equal([1, 2, 3, 4]);
  });

  it("fill the numbers that are left out, and know the hashes of those before", async () => {
    // creation code that returns the hash of the block before
    const hashBefore: CallRequest = { data: "0x60014303405f5260205ff3" };
    const number = BigInt(head.blockNumber) + 4n;
    const blocks = await simulate([{ calls: [hashBefore] }, { block: { number }, calls: [hashBefore] }]);
    expect(blocks.map(({ payload }) => payload.blockNumber - head.blockNumber)).to.deep.equal([1, 2, 3, 4]);
    expect(blocks[0]?.calls[0]?.data).to.equal(head.blockHash);
    expect(blocks[3]?.calls[0]?.data).to.equal(blocks[2]?.payload.blockHash);
  });

  it("are refused with what is wrong: numbers and times that go back, too many blocks, too much gas, no money", async () => {
    const number = BigInt(head.blockNumber);
    const rich: CallRequest = { from: "0x00000000000000000000000000000000000000cc", to: from, value: ETHER };
    for (const [steps, expected] of [
      [[{ block: { number }, calls: [] }], /numbers must ascend/],
      [[{ block: { time: BigInt(head.timestamp) }, calls: [] }], /times must ascend/],
      [[{ block: { number: number + 257n }, calls: [] }], /at most 256 blocks/],
      [[{ calls: [{ ...balance, gas: 40_000_000n }] }], /the block has 30000000 left/],
      [[{ calls: [balance, rich] }], /call 1 of block 0: insufficient funds/],
    ] as [SimulationStep[], RegExp][]) {
      const error = await rejection(simulate(steps));
      expect(error).to.include({ code: "bad-request" });
      expect(error.message).to.match(expected);
    }
  });

  it("use no more gas than one block, however many they are", async () => {
    const address: Hex = "0x00000000000000000000000000000000000000ab";
    const burn: CallRequest = { from, to: address };
    const state = { [address]: { code: "0xfe" as Hex } }; // an invalid instruction takes all there is
    const blocks = await simulate([{ state, calls: [burn] }]);
    expect(blocks[0]?.calls[0]?.ok).to.equal(false);
    expect(blocks[0]?.payload.gasUsed).to.equal(30_000_000n);
    const error = await rejection(simulate([{ state, calls: [burn] }, { calls: [balance] }]));
    expect(error.message).to.match(/call 0 of block 1: .*intrinsic gas/);
  });
});
