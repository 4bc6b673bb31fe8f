import { expect } from "chai";
import {
  Contract,
  ContractFactory,
  type ContractTransactionResponse,
  JsonRpcProvider,
  keccak256,
  Wallet,
  WebSocketProvider,
} from "ethers";
import { headerRlp } from "../../../sdk/agent/rpc/encode/block.ts";
import type { Hex } from "../../../sdk/types/hex.ts";
import { type CompiledContract, compileSolidity } from "../../support/solidity.ts";
import { CHAIN_ID, DevChain, rpc } from "./support/devchain.ts";

describe("JSON-RPC with ethers", () => {
  let dev: DevChain;
  let provider: JsonRpcProvider;
  let sender: Wallet;
  let compiled: CompiledContract;
  let board: Contract;

  before(async () => {
    compiled = compileSolidity(new URL("./support/Board.sol", import.meta.url), "Board");
    dev = await DevChain.start();
    dev.automine();
    provider = new JsonRpcProvider(dev.url, undefined, { pollingInterval: 20, cacheTimeout: -1 });
    sender = (dev.wallets[0] as Wallet).connect(provider);
  });

  after(async () => {
    provider.destroy();
    await dev.stop();
  });

  it("names the network and the account's funds", async () => {
    expect((await provider.getNetwork()).chainId).to.equal(BigInt(CHAIN_ID));
    expect(await provider.getBalance(sender.address)).to.equal(10n ** 21n);
    expect(await provider.getTransactionCount(sender.address)).to.equal(0);
  });

  it("sends a transfer, waits for it, and reads it back", async () => {
    const to = Wallet.createRandom().address;
    const sent = await sender.sendTransaction({ to, value: 5n });
    const receipt = await sent.wait();
    expect(receipt).to.include({ status: 1, hash: sent.hash, index: 0, gasUsed: 21_000n });
    expect(await provider.getBalance(to)).to.equal(5n);
    const found = await provider.getTransaction(sent.hash);
    expect(found).to.include({ from: sender.address, to, value: 5n, blockHash: receipt?.blockHash, nonce: 0 });
    expect(dev.gossiped.map((raw) => keccak256(raw))).to.include(sent.hash);
  });

  it("sends every transaction type that the mempool takes", async () => {
    const to = sender.address;
    const authorization = await sender.authorize({ address: to, chainId: CHAIN_ID, nonce: 99 });
    for (const extra of [
      { type: 0 },
      { type: 1, accessList: [{ address: to, storageKeys: [`0x${"01".repeat(32)}`] }] },
      { type: 2 },
      { type: 4, authorizationList: [authorization] },
    ]) {
      const sent = await sender.sendTransaction({ to, value: 1n, ...extra });
      const receipt = await sent.wait();
      expect(receipt?.type).to.equal(extra.type);
      const found = await provider.getTransaction(sent.hash);
      expect(found?.type).to.equal(extra.type);
      expect(found?.signature.serialized).to.equal(sent.signature.serialized);
      expect(found?.gasPrice).to.equal(receipt?.gasPrice);
    }
  });

  it("deploys a contract, calls it, and finds its events", async () => {
    const factory = new ContractFactory(compiled.abi, compiled.bytecode, sender);
    const deployed = await factory.deploy();
    await deployed.waitForDeployment();
    board = new Contract(await deployed.getAddress(), compiled.abi, sender);
    expect(await provider.getCode(board)).to.have.length.above(100);
    const sent: ContractTransactionResponse = await board.getFunction("post")("hello");
    const receipt = await sent.wait();
    expect(receipt?.logs).to.have.length(1);
    expect(await board.getFunction("count")()).to.equal(1n);
    expect(await provider.getStorage(board, 0)).to.equal(`0x${"1".padStart(64, "0")}`);
    const events = await board.queryFilter("Posted", 0, "latest");
    expect(events.map((event) => event.transactionHash)).to.deep.equal([sent.hash]);
    const mine = await board.queryFilter(board.getEvent("Posted")(sender.address, 1n), 0);
    expect(mine).to.have.length(1);
    const another = await board.queryFilter(board.getEvent("Posted")(sender.address, 2n), 0);
    expect(another).to.deep.equal([]);
  });

  it("explains a revert: a reason, a custom error, a panic", async () => {
    const failure = async (call: Promise<unknown>) => call.then(() => undefined).catch((error) => error);
    expect(await failure(board.getFunction("post").staticCall(""))).to.include({
      code: "CALL_EXCEPTION",
      reason: "nothing to post",
    });
    const refused = await failure(board.getFunction("post").staticCall("x".repeat(101)));
    expect(refused.revert).to.include({ name: "Refused" });
    expect([...refused.revert.args]).to.deep.equal([101n]);
    const panic = await failure(board.getFunction("divide").staticCall(1n, 0n));
    expect(panic.revert).to.include({ name: "Panic" });
    expect(await failure(board.getFunction("post").estimateGas(""))).to.include({ reason: "nothing to post" });
  });

  it("maps refusals to the errors ethers knows", async () => {
    const nonce = await sender.getNonce();
    const codeOf = async (send: Promise<unknown>) =>
      send.then(() => "sent").catch((error: { code: string }) => error.code);
    const fees = { gasLimit: 21_000n, maxFeePerGas: 10n ** 10n, maxPriorityFeePerGas: 1n };
    expect(await codeOf(sender.sendTransaction({ to: sender, nonce: nonce - 1, ...fees }))).to.equal("NONCE_EXPIRED");
    const poor = Wallet.createRandom().connect(provider);
    expect(await codeOf(poor.sendTransaction({ to: sender, ...fees }))).to.equal("INSUFFICIENT_FUNDS");
    dev.manual();
    await sender.sendTransaction({ to: sender, nonce, ...fees });
    expect(await codeOf(sender.sendTransaction({ to: sender, nonce, value: 1n, ...fees }))).to.equal(
      "REPLACEMENT_UNDERPRICED",
    );
    expect(await sender.getNonce("pending")).to.equal(nonce + 1);
    expect(await sender.getNonce("latest")).to.equal(nonce);
    dev.automine();
    await dev.mine();
  });

  it("shows blocks whose header hashes to their hash, with and without whole transactions", async () => {
    const sent = await sender.sendTransaction({ to: sender, value: 1n });
    const receipt = await sent.wait();
    const block = await provider.getBlock(receipt?.blockHash ?? "", true);
    expect(block?.prefetchedTransactions.map((one) => one.hash)).to.deep.equal([sent.hash]);
    expect(block?.prefetchedTransactions[0]?.from).to.equal(sender.address);
    for (let number = 0; number <= (await provider.getBlockNumber()); number++) {
      const payload = await dev.chain.getBlock(number);
      const { result } = await rpc(dev.url, "eth_getBlockByNumber", [`0x${number.toString(16)}`, false]);
      const shown = result as { hash: Hex; transactionsRoot: Hex; withdrawalsRoot: Hex };
      if (payload === undefined) throw new Error(`no block ${number}`);
      expect(keccak256(headerRlp(payload, shown))).to.equal(shown.hash);
    }
  });

  it("suggests fees that get a transaction included, and a history of them", async () => {
    const { gasPrice, maxFeePerGas, maxPriorityFeePerGas } = await provider.getFeeData();
    expect(maxPriorityFeePerGas)
      .to.be.a("bigint")
      .and.satisfy((tip: bigint) => tip > 0n);
    expect(gasPrice).to.satisfy((price: bigint) => price <= (maxFeePerGas ?? 0n));
    const history = await provider.send("eth_feeHistory", ["0x3", "latest", [10, 90]]);
    expect(history.baseFeePerGas).to.have.length(4);
    expect(history.gasUsedRatio).to.have.length(3);
    expect(history.reward).to.have.length(3);
    const head = await provider.getBlock("latest");
    expect(BigInt(history.baseFeePerGas[2])).to.equal(head?.baseFeePerGas);
    expect(BigInt(history.oldestBlock)).to.equal(BigInt((head?.number ?? 0) - 2));
  });

  it("notifies blocks, events and new transactions over WebSocket", async () => {
    const live = new WebSocketProvider(dev.url.replace("http", "ws"));
    try {
      const seen = { blocks: [] as number[], posts: [] as unknown[], pending: [] as string[] };
      const done = Promise.withResolvers<void>();
      const check = (_count: number): void => {
        if (seen.blocks.length >= 1 && seen.posts.length >= 1 && seen.pending.length >= 1) done.resolve();
      };
      await live.on("block", (number: number) => check(seen.blocks.push(number)));
      await live.on("pending", (hash: string) => check(seen.pending.push(hash)));
      await (board.connect(live) as Contract).on("Posted", (_author, number: bigint) => check(seen.posts.push(number)));
      const before = await live.getBlockNumber();
      const sent: ContractTransactionResponse = await board.getFunction("post")("again");
      await done.promise;
      expect(seen.pending).to.deep.equal([sent.hash]);
      expect(seen.posts).to.deep.equal([2n]);
      expect(seen.blocks).to.deep.equal([before + 1]);
    } finally {
      await live.destroy();
    }
  });
});
