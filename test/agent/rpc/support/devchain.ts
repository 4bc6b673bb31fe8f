import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ContractFactory, Interface, keccak256, toUtf8Bytes, Wallet } from "ethers";
import { EmbeddedEngine } from "../../../../sdk/agent/engine/embedded-engine.ts";
import type { GenesisAccount, GenesisConfig } from "../../../../sdk/agent/engine/genesis.ts";
import type { ChainReader } from "../../../../sdk/agent/engine/interface.ts";
import { DEFAULT_MEMPOOL_OPTIONS } from "../../../../sdk/agent/mempool/options.ts";
import { TransactionPool } from "../../../../sdk/agent/mempool/pool.ts";
import type { AttestedCheckpoint, NodeStatus, NodeView, RollupLocation } from "../../../../sdk/agent/rpc/interface.ts";
import { METHODS } from "../../../../sdk/agent/rpc/methods/index.ts";
import type { RpcOptions } from "../../../../sdk/agent/rpc/options.ts";
import { DEFAULT_RPC_OPTIONS } from "../../../../sdk/agent/rpc/options.ts";
import { startRpcServer } from "../../../../sdk/agent/rpc/server/start.ts";
import type { CheckpointRecord } from "../../../../sdk/agent/store/interface.ts";
import { SystemClock } from "../../../../sdk/agent/time/clock.ts";
import type { Clock } from "../../../../sdk/agent/time/interface.ts";
import type { Logger } from "../../../../sdk/agent/types/logger.ts";
import type { Tip, Tips } from "../../../../sdk/agent/types/tips.ts";
import { L2_OUTBOX_ADDRESS, outboxAccount } from "../../../../sdk/outbox/predeploy.ts";
import type { Hex } from "../../../../sdk/types/hex.ts";
import type { ExecutionPayload } from "../../../../sdk/types/payload.ts";

import { compileSolidity } from "../../../support/solidity.ts";

export const CHAIN_ID = 7701;
/** The rollup this chain is said to belong to. */
export const OUTBOX_OWNER = { chainId: 31_337n, rollup: `0x${"ab".repeat(20)}` as Hex };
const GENESIS_SECONDS = 1_700_000_000;
const ZERO: Hex = `0x${"00".repeat(32)}`;
const GAS_LIMIT = 30_000_000n;

/** A real engine and mempool with blocks made on demand, served over JSON-RPC. */
export class DevChain implements NodeView {
  readonly chain: ChainReader;
  readonly genesis: GenesisConfig;
  readonly pool: TransactionPool;
  readonly wallets: Wallet[];
  /** What `broadcast` was given. */
  readonly gossiped: Hex[] = [];
  readonly checkpoints = new Map<number, CheckpointRecord>();
  readonly attestedNow: AttestedCheckpoint[] = [];
  readonly dataOfSlots = new Map<number, Uint8Array[]>();
  readonly logged: { level: string; fields: Record<string, unknown>; message: string }[] = [];
  readonly log: Logger = {
    debug: (fields, message) => this.logged.push({ level: "debug", fields, message }),
    info: (fields, message) => this.logged.push({ level: "info", fields, message }),
    warn: (fields, message) => this.logged.push({ level: "warn", fields, message }),
    error: (fields, message) => this.logged.push({ level: "error", fields, message }),
  };
  nodeStatus: NodeStatus = {
    role: "validator",
    validators: [],
    peers: 3,
    slot: 9,
    syncing: undefined,
    l1: { switches: 0, endpoints: [] },
    equivocations: [],
    funding: undefined,
  };
  tipsNow: Tips;
  url = "";
  readonly #engine: EmbeddedEngine;
  readonly #directory: string;
  readonly #clock: Clock;
  readonly #listeners = new Set<(head: Tip) => void>();
  readonly #stops: (() => Promise<void>)[] = [];
  #mining: Promise<unknown> = Promise.resolve();
  #cancelAutomine: (() => void) | undefined;

  private constructor(
    engine: EmbeddedEngine,
    genesis: GenesisConfig,
    directory: string,
    wallets: Wallet[],
    clock: Clock,
  ) {
    this.#engine = engine;
    this.genesis = genesis;
    this.#directory = directory;
    this.#clock = clock;
    this.chain = engine.reader;
    this.wallets = wallets;
    const tip: Tip = { slot: 0, digest: `0x${"00".repeat(20)}`, blockNumber: 0, blockHash: engine.genesisHash };
    this.tipsNow = { head: tip, proposed: tip, attested: tip, submitted: tip, settled: tip, finalized: tip };
    this.pool = new TransactionPool(
      { ...DEFAULT_MEMPOOL_OPTIONS, chainId: CHAIN_ID },
      { chain: this.chain, clock, log: this.log },
    );
  }

  static async start(options: Partial<RpcOptions> = {}, clock: Clock = new SystemClock()): Promise<DevChain> {
    const directory = mkdtempSync(join(tmpdir(), "baton-rpc-"));
    const wallets = Array.from({ length: 3 }, (_, i) => new Wallet(keccak256(toUtf8Bytes(`rpc account ${i}`))));
    const alloc: Record<Hex, GenesisAccount> = { [L2_OUTBOX_ADDRESS]: outboxAccount(OUTBOX_OWNER) };
    for (const wallet of wallets) alloc[wallet.address.toLowerCase() as Hex] = { balanceWei: 10n ** 21n };
    const genesis = {
      chainId: CHAIN_ID,
      timestamp: GENESIS_SECONDS,
      gasLimit: GAS_LIMIT,
      baseFeePerGasWei: 10n ** 9n,
      alloc,
    };
    const engine = await EmbeddedEngine.open({ path: directory, genesis }, { nowMs: () => Date.now() });
    const dev = new DevChain(engine, genesis, directory, wallets, clock);
    await dev.serve(options);
    return dev;
  }

  /** Starts another server on the same chain and gives its address. */
  async serve(options: Partial<RpcOptions> = {}): Promise<string> {
    const server = await startRpcServer(
      { ...DEFAULT_RPC_OPTIONS, port: 0, chainId: CHAIN_ID, ...options },
      {
        chain: this.chain,
        pool: this.pool,
        node: this,
        clock: this.#clock,
        log: this.log,
      },
    );
    this.#stops.push(() => server.stop());
    this.url ||= server.url;
    return server.url;
  }

  tips(): Tips {
    return this.tipsNow;
  }

  status(): NodeStatus {
    return this.nodeStatus;
  }

  checkpoint(slot: number): CheckpointRecord | undefined {
    return this.checkpoints.get(slot);
  }

  attested(): AttestedCheckpoint[] {
    return this.attestedNow;
  }

  blockDatas(slot: number): Uint8Array[] {
    return this.dataOfSlots.get(slot) ?? [];
  }

  location(): RollupLocation {
    return { rollup: `0x${"ba".repeat(20)}`, chainId: 1, deploymentBlock: 7 };
  }

  async broadcast(raw: Hex): Promise<void> {
    this.gossiped.push(raw);
  }

  onHead(listener: (head: Tip) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** From now on each transaction is included as soon as it is in the mempool. */
  automine(): void {
    this.#cancelAutomine = this.pool.onAdded(() => void this.mine());
  }

  /** Stops automine. */
  manual(): void {
    this.#cancelAutomine?.();
  }

  /** Builds a block of what the mempool offers, on the head or on `parentHash`, and makes it the head. */
  mine(parentHash?: Hex): Promise<ExecutionPayload> {
    const work = this.#mining.then(() => this.#mine(parentHash));
    this.#mining = work.catch(() => undefined);
    return work;
  }

  /** The head goes back to `blockHash`: what `discarded` held returns to the mempool, as the node does it. */
  async discard(blockHash: Hex, discarded: readonly ExecutionPayload[]): Promise<void> {
    await this.#engine.forkchoiceUpdated({ headBlockHash: blockHash, safeBlockHash: ZERO, finalizedBlockHash: ZERO });
    await this.pool.onDiscard(discarded.flatMap(({ transactions }) => transactions));
    await this.setHead(blockHash);
  }

  /** A board is deployed in a block of its own; gives its address and how to post to it with the nonces after that. */
  async deployBoard(author: Wallet): Promise<{ board: Hex; post: (text: string, nonce: number) => Promise<Hex> }> {
    const compiled = compileSolidity(new URL("./Board.sol", import.meta.url), "Board");
    const data = (await new ContractFactory(compiled.abi, compiled.bytecode).getDeployTransaction()).data;
    const fees = {
      type: 2,
      chainId: CHAIN_ID,
      maxFeePerGas: 10n ** 10n,
      maxPriorityFeePerGas: 1n,
      gasLimit: 1_000_000n,
    };
    await this.pool.add((await author.signTransaction({ ...fees, data, nonce: 0 })) as Hex);
    const { blockHash } = await this.mine();
    const [receipt] = await this.chain.getReceipts(blockHash);
    const board = receipt?.contractAddress as Hex;
    const contract = new Interface(compiled.abi as never);
    const post = async (text: string, nonce: number) => {
      const call = contract.encodeFunctionData("post", [text]);
      return (await author.signTransaction({ ...fees, to: board, data: call, nonce })) as Hex;
    };
    return { board, post };
  }

  /** Sets the head to a known block and tells everyone. */
  async setHead(blockHash: Hex): Promise<void> {
    const block = await this.chain.getBlock(blockHash);
    if (block === undefined) throw new Error(`no block ${blockHash}`);
    await this.#engine.forkchoiceUpdated({ headBlockHash: blockHash, safeBlockHash: ZERO, finalizedBlockHash: ZERO });
    const head: Tip = { slot: 1, digest: undefined, blockNumber: block.blockNumber, blockHash };
    this.tipsNow = { ...this.tipsNow, head };
    for (const listener of this.#listeners) listener(head);
  }

  async stop(): Promise<void> {
    for (const stop of this.#stops.splice(0)) await stop();
    this.pool.close();
    await this.#mining;
    await this.#engine.close();
    rmSync(this.#directory, { recursive: true });
  }

  async #mine(parentHash: Hex | undefined): Promise<ExecutionPayload> {
    const parent = await this.chain.getBlock(parentHash ?? "latest");
    if (parent === undefined) throw new Error("no parent");
    const timestamp = parent.timestamp + 1;
    const id = await this.#engine.startPayload(parent.blockHash, {
      timestamp,
      prevRandao: ZERO,
      feeRecipient: `0x${"fe".repeat(20)}`,
      withdrawals: [],
      gasLimit: GAS_LIMIT,
    });
    const picked = this.pool.pick(await this.chain.getNextBaseFee(parent.blockHash), 1_000);
    const raws = picked.map((transaction) => transaction.raw);
    const results = await this.#engine.appendTransactions(id, raws, Date.now() + 10_000);
    for (const result of results) if (result.outcome === "invalid") this.pool.drop(result.hash, result.reason);
    const block = await this.#engine.getPayload(id);
    await this.#engine.forkchoiceUpdated({
      headBlockHash: block.blockHash,
      safeBlockHash: ZERO,
      finalizedBlockHash: ZERO,
    });
    await this.pool.onBlock(block.transactions);
    await this.setHead(block.blockHash);
    return block;
  }
}

/** Posts a body as it is and gives the status and the parsed answer. */
export async function post(
  url: string,
  body: string,
  headers: Record<string, string> = {},
): Promise<{ status: number; answer: Answer }> {
  const response = await fetch(url, {
    method: "POST",
    body,
    headers: { "content-type": "application/json", ...headers },
  });
  const text = await response.text();
  return { status: response.status, answer: (text === "" ? undefined : JSON.parse(text)) as Answer };
}

export interface Answer {
  id: unknown;
  result?: unknown;
  error?: { code: number; message: string; data?: unknown };
}

/** One JSON-RPC call; gives the whole answer. Throws if a result is not what the method is declared to answer. */
export async function rpc(url: string, method: string, params: unknown[] = []): Promise<Answer> {
  const { answer } = await post(url, JSON.stringify({ jsonrpc: "2.0", id: 1, method, params }));
  if (answer.error === undefined) METHODS.get(method)?.result.parse(answer.result);
  return answer;
}

/** A signed transfer of 1 wei that can pay any base fee of these tests; `tip` in wei per gas. */
export const transfer = (wallet: Wallet, nonce: number, tip = 1n): Promise<Hex> =>
  wallet.signTransaction({
    type: 2,
    chainId: CHAIN_ID,
    nonce,
    to: `0x${"aa".repeat(20)}`,
    value: 1n,
    gasLimit: 21_000n,
    maxFeePerGas: 10n ** 10n,
    maxPriorityFeePerGas: tip,
  }) as Promise<Hex>;
