import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { expect } from "chai";
import { Contract, JsonRpcProvider } from "ethers";
import { type Abi, BaseError, createPublicClient, defineChain, http, type PublicClient } from "viem";
import { CHAIN_ID } from "../support/devchain.ts";
import { differences } from "./differences.ts";
import { type Side, Twin } from "./twin.ts";

type Hex = `0x${string}`;

/** Fields of parsed answers that name one node's own hashes or its extras; the raw answers are compared elsewhere. */
const OWN =
  /(^|\.)(hash|parentHash|blockHash|mixHash|stateRoot|size|totalDifficulty|blockTimestamp|blobGasPrice|prevRandao)$/;
/** The header's roots take the parent's hash in. */
const PROOF = /(^|\.)accountProof\.[01]$/;

/** Named by what goes wrong. */
const FAILING = /Missing$|Reverts$|CustomError$|Panics$|Refused$/;

describe("foreign clients beside anvil, on the same blocks", () => {
  let twin: Twin;

  before(async () => {
    twin = await Twin.start();
  });
  after(() => twin.stop());

  /** What a client makes of both nodes must be one thing; failures, where they are meant, one kind of failure. */
  async function same(what: string, read: (side: Side) => Promise<unknown>): Promise<void> {
    const told = await Promise.allSettled(twin.sides().map(read));
    for (const one of told) {
      expect(one.status === "rejected", `${what}: ${JSON.stringify(plain(one))}`).to.equal(FAILING.test(what));
    }
    const [ours, theirs] = told.map((one) => plain(one.status === "rejected" ? kindOf(one.reason) : one.value));
    const found = differences(ours, theirs).filter((path) => !OWN.test(path) && !PROOF.test(path));
    expect(found, `${what}\n${JSON.stringify(ours)}\n${JSON.stringify(theirs)}`).to.deep.equal([]);
  }

  it("viem reads the same through every action", async () => {
    const chain = defineChain({
      id: CHAIN_ID,
      name: "twin",
      nativeCurrency: { name: "Ether", symbol: "ETH", decimals: 18 },
      rpcUrls: { default: { http: [] } },
    });
    const clients = new Map<string, PublicClient>(
      twin
        .sides()
        .map(({ name, url }) => [name, createPublicClient({ chain, transport: http(url, { retryCount: 0 }) })]),
    );
    const [a, b, c] = twin.wallets.map((wallet) => wallet.address as Hex) as [Hex, Hex, Hex];
    const address = twin.address;
    const abi = twin.compiled.abi as Abi;
    const [hash, failed] = [twin.hashes[2] as Hex, twin.hashes[5] as Hex];
    const slot: Hex = `0x${"00".repeat(32)}`;
    const actions: Record<string, (client: PublicClient, side: Side) => Promise<unknown>> = {
      getChainId: (client) => client.getChainId(),
      getBlockNumber: (client) => client.getBlockNumber({ cacheTime: 0 }),
      getBlock: (client) => client.getBlock({ blockNumber: 2n, includeTransactions: true }),
      getBlockByHash: (client, side) => client.getBlock({ blockHash: side.blockHashes[3] as Hex }),
      getBlockByTag: (client) => client.getBlock({ blockTag: "earliest" }),
      getBlockMissing: (client) => client.getBlock({ blockNumber: 99n }),
      getBlockTransactionCount: (client) => client.getBlockTransactionCount({ blockNumber: 2n }),
      getBalance: (client) => client.getBalance({ address: a }),
      getBalancePast: (client) => client.getBalance({ address: a, blockNumber: 1n }),
      getTransactionCount: (client) => client.getTransactionCount({ address: a, blockTag: "pending" }),
      getCode: (client) => client.getCode({ address }),
      getDelegation: (client) => client.getDelegation({ address: c }),
      getStorageAt: (client) => client.getStorageAt({ address, slot }),
      getProof: (client) => client.getProof({ address, storageKeys: [slot] }),
      getTransaction: (client) => client.getTransaction({ hash }),
      getTransactionByPlace: (client) => client.getTransaction({ blockNumber: 2n, index: 1 }),
      getTransactionMissing: (client) => client.getTransaction({ hash: slot }),
      getTransactionReceipt: (client) => client.getTransactionReceipt({ hash }),
      getTransactionReceiptFailed: (client) => client.getTransactionReceipt({ hash: failed }),
      getTransactionReceiptMissing: (client) => client.getTransactionReceipt({ hash: slot }),
      getTransactionConfirmations: (client) => client.getTransactionConfirmations({ hash }),
      waitForTransactionReceipt: (client) => client.waitForTransactionReceipt({ hash, pollingInterval: 50 }),
      getFeeHistory: (client) => client.getFeeHistory({ blockCount: 4, rewardPercentiles: [20, 80] }),
      getBlobBaseFee: (client) => client.getBlobBaseFee(),
      getLogs: (client) => client.getLogs({ address, fromBlock: 0n, toBlock: "latest" }),
      getContractEvents: (client) =>
        client.getContractEvents({ address, abi, eventName: "Posted", args: { author: a }, fromBlock: 0n }),
      readContract: (client) => client.readContract({ address, abi, functionName: "count" }),
      readContractPast: (client) => client.readContract({ address, abi, functionName: "count", blockNumber: 2n }),
      readContractPanics: (client) => client.readContract({ address, abi, functionName: "divide", args: [1n, 0n] }),
      simulateContract: (client) =>
        client
          .simulateContract({ address, abi, functionName: "post", args: ["hi"], account: a })
          .then(({ result }) => result),
      simulateContractReverts: (client) =>
        client.simulateContract({ address, abi, functionName: "post", args: [""], account: a }),
      simulateContractCustomError: (client) =>
        client.simulateContract({ address, abi, functionName: "post", args: ["x".repeat(101)], account: a }),
      callOverridden: (client) =>
        client.call({
          to: address,
          data: "0x06661abd",
          stateOverride: [{ address, stateDiff: [{ slot, value: `0x${"7".padStart(64, "0")}` }] }],
        }),
      createAccessList: (client) =>
        client.createAccessList({
          account: a,
          to: address,
          data: twin.board.encodeFunctionData("post", ["hi"]) as Hex,
        }),
      estimateGasTransfer: (client) => client.estimateGas({ account: a, to: b, value: 1n }),
      estimateContractGasReverts: (client) =>
        client.estimateContractGas({ address, abi, functionName: "post", args: [""], account: a }),
      sendRawTransactionRefused: (client) => client.sendRawTransaction({ serializedTransaction: "0x1234" }),
    };
    for (const [name, action] of Object.entries(actions)) {
      await same(`viem ${name}`, (side) => action(clients.get(side.name) as PublicClient, side));
    }
  });

  it("viem watches blocks, events and pending transactions through filters", async () => {
    const seen = await Promise.all(
      twin.sides().map(async ({ url }) => {
        const client = createPublicClient({ transport: http(url) });
        const filters = {
          blocks: await client.createBlockFilter(),
          pending: await client.createPendingTransactionFilter(),
          events: await client.createEventFilter({ address: twin.address }),
        };
        return { client, filters };
      }),
    );
    const [a] = twin.wallets as [Twin["wallets"][0]];
    await twin.include([
      await twin.sign(a, { to: twin.address, data: twin.board.encodeFunctionData("post", ["six"]) }),
    ]);
    for (const [i, { client, filters }] of seen.entries()) {
      const side = twin.sides()[i] as Side;
      expect(await client.getFilterChanges({ filter: filters.blocks })).to.deep.equal(side.blockHashes.slice(-1));
      expect(await client.getFilterChanges({ filter: filters.pending })).to.deep.equal(twin.hashes.slice(-1));
      const events = await client.getFilterChanges({ filter: filters.events });
      expect(events.map((event) => event.transactionHash)).to.deep.equal(twin.hashes.slice(-1));
      expect(await client.getFilterLogs({ filter: filters.events })).to.have.length(1);
      expect(await client.uninstallFilter({ filter: filters.events })).to.equal(true);
    }
  });

  it("ethers reads the same, and names failures the same", async () => {
    const options = { batchMaxCount: 1, cacheTimeout: -1, staticNetwork: true } as const;
    const providers = new Map(twin.sides().map(({ name, url }) => [name, new JsonRpcProvider(url, CHAIN_ID, options)]));
    const of = (side: Side) => providers.get(side.name) as JsonRpcProvider;
    const board = (side: Side) => new Contract(twin.address, twin.compiled.abi, of(side));
    const [a, b] = twin.wallets.map((wallet) => wallet.address) as [string, string];
    const revert = (text: string) => (side: Side) => board(side).getFunction("post").staticCall(text, { from: a });
    const reads: Record<string, (side: Side) => Promise<unknown>> = {
      getBlockNumber: (side) => of(side).getBlockNumber(),
      getBalance: (side) => of(side).getBalance(a, 2),
      getTransactionCount: (side) => of(side).getTransactionCount(a, "pending"),
      getCode: (side) => of(side).getCode(twin.address),
      getStorage: (side) => of(side).getStorage(twin.address, 0),
      getBlock: async (side) => (await of(side).getBlock(2))?.toJSON(),
      getTransaction: async (side) => (await of(side).getTransaction(twin.hashes[6] as string))?.toJSON(),
      getTransactionReceipt: async (side) => (await of(side).getTransactionReceipt(twin.hashes[2] as string))?.toJSON(),
      getLogs: async (side) =>
        (await of(side).getLogs({ address: twin.address, fromBlock: 0 })).map((log) => log.toJSON()),
      queryFilter: async (side) => (await board(side).queryFilter("Posted", 0)).map((log) => log.transactionHash),
      count: (side) => board(side).getFunction("count")(),
      estimateGas: (side) => of(side).estimateGas({ from: a, to: b, value: 1n }),
      callReverts: revert(""),
      callCustomError: revert("x".repeat(101)),
      divisionPanics: (side) => board(side).getFunction("divide").staticCall(1n, 0n),
      spentNonceRefused: async (side) => {
        const raw = await twin.wallets[0]?.signTransaction({
          chainId: CHAIN_ID,
          nonce: 0,
          to: b,
          gasLimit: 21_000n,
          maxFeePerGas: 10n ** 10n,
          type: 2,
        });
        return of(side).broadcastTransaction(raw as string);
      },
    };
    for (const [name, read] of Object.entries(reads)) await same(`ethers ${name}`, read);
    for (const provider of providers.values()) provider.destroy();
  });

  it("cast prints the same", async function () {
    this.timeout(60_000); // each of the commands is a process, on both nodes
    const cast = async (side: Side, ...args: string[]): Promise<string> => {
      const [command = "", ...rest] = args;
      const { stdout, stderr } = await promisify(execFile)("cast", [command, "--rpc-url", side.url, ...rest]);
      // The npm wrapper of cast ends with 0 even if cast fails.
      if (stderr.includes("Error:")) throw new Error(stderr);
      return stdout.trim();
    };
    const [a] = twin.wallets.map((wallet) => wallet.address) as [string];
    const json = async (side: Side, ...args: string[]): Promise<unknown> =>
      JSON.parse(await cast(side, ...args, "--json"));
    const commands: Record<string, (side: Side) => Promise<unknown>> = {
      chainId: (side) => cast(side, "chain-id"),
      blockNumber: (side) => cast(side, "block-number"),
      age: (side) => cast(side, "age", "2"),
      balance: (side) => cast(side, "balance", a, "--block", "2"),
      nonce: (side) => cast(side, "nonce", a),
      baseFee: (side) => cast(side, "base-fee", "3"),
      code: (side) => cast(side, "code", twin.address),
      codehash: (side) => cast(side, "codehash", twin.address),
      storage: (side) => cast(side, "storage", twin.address, "0"),
      proof: (side) => json(side, "proof", twin.address, "0x0"),
      block: (side) => json(side, "block", "2"),
      transaction: (side) => json(side, "tx", twin.hashes[6] as string),
      receipt: (side) => json(side, "receipt", twin.hashes[2] as string),
      call: (side) => cast(side, "call", twin.address, "count()(uint256)"),
      estimate: (side) => cast(side, "estimate", "--from", a, a, "--value", "1"),
      accessList: (side) => cast(side, "access-list", "--from", a, twin.address, "post(string)", "hi"),
      logs: (side) => json(side, "logs", "--from-block", "0", "--address", twin.address),
      pool: (side) => cast(side, "rpc", "txpool_status"),
    };
    for (const [name, command] of Object.entries(commands)) await same(`cast ${name}`, command);
  });
});

/** What a caller's program can tell a failure by. */
function kindOf(error: unknown): unknown {
  if (error instanceof BaseError) {
    const names: string[] = [];
    error.walk((cause) => {
      names.push((cause as Error).name);
      return false;
    });
    return { viem: names.filter((name) => name !== "Error") };
  }
  const { code, reason, revert } = error as { code?: string; reason?: string; revert?: { name: string } };
  return { code, reason, revert: revert?.name };
}

/** As JSON has it: what clients parsed to big numbers is compared as text. */
function plain(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value ?? null, (_, one) => (typeof one === "bigint" ? `${one}n` : one)));
}
