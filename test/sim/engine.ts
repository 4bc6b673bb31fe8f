import { keccak256 } from "ethers";
import { EmbeddedEngine } from "../../sdk/agent/engine/embedded-engine.ts";
import type { GenesisConfig } from "../../sdk/agent/engine/genesis.ts";
import {
  type AppendResult,
  type BlockRef,
  type CallRequest,
  type CallResult,
  type CandidateEngine,
  type ChainReader,
  EngineError,
  type ForkchoiceState,
  type LocatedTransaction,
  type PayloadStatus,
  type SealedCandidate,
  type SimulatedBlock,
  type SimulationStep,
  type TransactionReceipt,
} from "../../sdk/agent/engine/interface.ts";
import type { AccessListResult, AccountProof } from "../../sdk/agent/types/calls.ts";
import type { Hex } from "../../sdk/types/hex.ts";
import type { ExecutionPayload, PayloadAttributes } from "../../sdk/types/payload.ts";

/** A block that was executed, with the one it stands on. */
interface Link {
  payload: ExecutionPayload;
  /** Undefined above genesis. */
  parent: Link | undefined;
  /** Of its transactions; made when first asked for. */
  transactionHashes: readonly Hex[] | undefined;
}

const ZERO_HASH: Hex = `0x${"00".repeat(32)}`;

/** One real execution engine for all agents: each block is executed once, whoever asks. */
export class SharedExecution {
  readonly engine: EmbeddedEngine;
  readonly #judged = new Map<string, PayloadStatus>();
  readonly #links = new Map<Hex, Link>();

  private constructor(engine: EmbeddedEngine) {
    this.engine = engine;
  }

  static async open(path: string, genesis: GenesisConfig): Promise<SharedExecution> {
    // The time an execution takes is modelled where it is asked for; within it no time passes.
    return new SharedExecution(await EmbeddedEngine.open({ path, genesis }, { nowMs: () => 0 }));
  }

  /** By parent and block, which the block's hash stands for. */
  async judge(payload: ExecutionPayload, forced: readonly Hex[]): Promise<PayloadStatus> {
    const key = `${payload.blockHash}/${forced.join()}`;
    const known = this.#judged.get(key);
    if (known !== undefined) return known;
    const status = await this.engine.newPayload(payload, forced);
    if (status.status !== "SYNCING") this.#judged.set(key, status);
    if (status.status === "VALID") this.#keep(payload);
    return status;
  }

  async seal(payloadId: string): Promise<ExecutionPayload> {
    const payload = await this.engine.getPayload(payloadId);
    this.#keep(payload);
    return payload;
  }

  async keep(payloadId: string, hash: Hex): Promise<void> {
    await this.engine.keepCandidate(payloadId, hash);
    this.#keep((await this.engine.reader.getBlock(hash)) as ExecutionPayload);
  }

  payload(hash: Hex): ExecutionPayload | undefined {
    return this.#links.get(hash)?.payload;
  }

  /** Hashes of a block's transactions; none of a block that nobody has executed. */
  transactionHashes(hash: Hex): readonly Hex[] {
    const link = this.#links.get(hash);
    if (link === undefined) return [];
    link.transactionHashes ??= link.payload.transactions.map((raw) => keccak256(raw) as Hex);
    return link.transactionHashes;
  }

  /** A block and its ancestors, newest first, down to block `from`, without genesis. */
  *chainOf(hash: Hex, from = 1): Generator<ExecutionPayload> {
    for (let at = this.#links.get(hash); at !== undefined && at.payload.blockNumber >= from; at = at.parent) {
      yield at.payload;
    }
  }

  /** Whether a block is `head` or one of its ancestors. */
  isAncestor(hash: Hex, head: Hex): boolean {
    const ancestor = this.#links.get(hash);
    let at = this.#links.get(head);
    while (at !== undefined && at !== ancestor) at = at.parent;
    return at !== undefined;
  }

  #keep(payload: ExecutionPayload): void {
    if (this.#links.has(payload.blockHash)) return;
    const parent = this.#links.get(payload.parentHash);
    this.#links.set(payload.blockHash, { payload, parent, transactionHashes: undefined });
  }
}

/** One agent's engine: what it has executed and which head it follows are its own, the executing is shared. */
export class EngineView implements CandidateEngine, ChainReader {
  readonly genesisHash: Hex;
  readonly #shared: SharedExecution;
  /** Oldest first. */
  readonly #known = new Set<Hex>();
  #forkchoice: ForkchoiceState;

  constructor(shared: SharedExecution) {
    this.#shared = shared;
    this.genesisHash = shared.engine.genesisHash;
    const hash = this.genesisHash;
    this.#known.add(hash);
    this.#forkchoice = { headBlockHash: hash, safeBlockHash: hash, finalizedBlockHash: hash };
  }

  /** A crash: the newest blocks were not on disk yet. */
  loseNewest(count: number): void {
    for (const hash of [...this.#known].slice(1).slice(-count)) if (count > 0) this.#known.delete(hash);
    const { headBlockHash } = this.#forkchoice;
    if (!this.#known.has(headBlockHash)) this.#forkchoice = { ...this.#forkchoice, headBlockHash: this.genesisHash };
  }

  /** The executed ancestors of a block, itself included, newest first, down to block `from`, without genesis. */
  chainOf(hash: Hex, from = 1): Generator<ExecutionPayload> {
    return this.#shared.chainOf(hash, from);
  }

  /** Whether it has executed a block, and not lost it since. */
  has(hash: Hex): boolean {
    return this.#known.has(hash);
  }

  /** Hashes of the transactions of a block that anybody has executed. */
  transactionsOf(hash: Hex): readonly Hex[] {
    return this.#shared.transactionHashes(hash);
  }

  /** Whether a block is `head` or one of its ancestors. */
  isAncestor(hash: Hex, head: Hex): boolean {
    return hash === this.genesisHash || this.#shared.isAncestor(hash, head);
  }

  async forkchoiceUpdated(state: ForkchoiceState): Promise<PayloadStatus> {
    const { headBlockHash } = state;
    if (!this.#known.has(headBlockHash)) return { status: "SYNCING", reason: `head ${headBlockHash} is not known` };
    for (const name of ["safeBlockHash", "finalizedBlockHash"] as const) {
      const hash = state[name];
      if (hash !== ZERO_HASH && !this.isAncestor(hash, headBlockHash)) {
        return { status: "INVALID", reason: `${name} ${hash} is not on the chain of head ${headBlockHash}` };
      }
    }
    this.#forkchoice = state;
    return { status: "VALID" };
  }

  async newPayload(payload: ExecutionPayload, forced: readonly Hex[] = []): Promise<PayloadStatus> {
    if (this.#known.has(payload.blockHash)) return { status: "VALID" };
    if (!this.#known.has(payload.parentHash)) {
      return { status: "SYNCING", reason: `parent ${payload.parentHash} is not known` };
    }
    const status = await this.#shared.judge(payload, forced);
    if (status.status === "VALID") this.#known.add(payload.blockHash);
    return status;
  }

  async startPayload(parentHash: Hex, attributes: PayloadAttributes): Promise<string> {
    this.#assertKnown(parentHash);
    return this.#shared.engine.startPayload(parentHash, attributes);
  }

  appendTransactions(payloadId: string, transactions: Hex[]): Promise<AppendResult[]> {
    return this.#shared.engine.appendTransactions(payloadId, transactions, 1);
  }

  async getPayload(payloadId: string): Promise<ExecutionPayload> {
    const payload = await this.#shared.seal(payloadId);
    this.#known.add(payload.blockHash);
    return payload;
  }

  undoTransactions(payloadId: string, count: number): Promise<void> {
    return this.#shared.engine.undoTransactions(payloadId, count);
  }

  sealCandidate(payloadId: string, from: number, best?: Hex): Promise<SealedCandidate> {
    return this.#shared.engine.sealCandidate(payloadId, from, best);
  }

  async keepCandidate(payloadId: string, blockHash: Hex): Promise<void> {
    await this.#shared.keep(payloadId, blockHash);
    this.#known.add(blockHash);
  }

  dropPayload(payloadId: string): Promise<void> {
    return this.#shared.engine.dropPayload(payloadId);
  }

  async close(): Promise<void> {}

  async getBlock(block: BlockRef): Promise<ExecutionPayload | undefined> {
    const hash = this.#find(block);
    return hash === undefined ? undefined : this.#shared.engine.reader.getBlock(hash);
  }

  async getAccount(address: Hex, block: BlockRef): Promise<{ nonce: number; balance: bigint }> {
    return this.#shared.engine.reader.getAccount(address, this.#resolve(block));
  }

  async getCode(address: Hex, block: BlockRef): Promise<Hex> {
    return this.#shared.engine.reader.getCode(address, this.#resolve(block));
  }

  async getStorageAt(address: Hex, slot: Hex, block: BlockRef): Promise<Hex> {
    return this.#shared.engine.reader.getStorageAt(address, slot, this.#resolve(block));
  }

  async call(request: CallRequest, block: BlockRef): Promise<CallResult> {
    return this.#shared.engine.reader.call(request, this.#resolve(block));
  }

  async estimateGas(request: CallRequest, block: BlockRef): Promise<CallResult> {
    return this.#shared.engine.reader.estimateGas(request, this.#resolve(block));
  }

  async createAccessList(request: CallRequest, block: BlockRef): Promise<AccessListResult> {
    return this.#shared.engine.reader.createAccessList(request, this.#resolve(block));
  }

  async simulate(steps: readonly SimulationStep[], block: BlockRef): Promise<SimulatedBlock[]> {
    return this.#shared.engine.reader.simulate(steps, this.#resolve(block));
  }

  async getProof(address: Hex, slots: readonly Hex[], block: BlockRef): Promise<AccountProof> {
    return this.#shared.engine.reader.getProof(address, slots, this.#resolve(block));
  }

  async getReceipts(block: BlockRef): Promise<TransactionReceipt[]> {
    return this.#shared.engine.reader.getReceipts(this.#resolve(block));
  }

  async getReceipt(transactionHash: Hex): Promise<TransactionReceipt | undefined> {
    const located = await this.getTransaction(transactionHash);
    return located && (await this.getReceipts(located.blockHash))[located.index];
  }

  async getTransaction(transactionHash: Hex): Promise<LocatedTransaction | undefined> {
    for (const { blockHash, blockNumber, transactions } of this.chainOf(this.#forkchoice.headBlockHash)) {
      const index = this.transactionsOf(blockHash).indexOf(transactionHash);
      const raw = transactions[index];
      if (raw !== undefined) return { raw, blockHash, blockNumber, index };
    }
    return undefined;
  }

  async getNextBaseFee(block: BlockRef): Promise<bigint> {
    return this.#shared.engine.reader.getNextBaseFee(this.#resolve(block));
  }

  #find(block: BlockRef): Hex | undefined {
    if (typeof block === "number") {
      if (block === 0) return this.genesisHash;
      const last = [...this.chainOf(this.#forkchoice.headBlockHash, block)].at(-1);
      return last?.blockNumber === block ? last.blockHash : undefined;
    }
    if (block === "earliest") return this.genesisHash;
    if (block === "latest") return this.#forkchoice.headBlockHash;
    if (block === "safe") return this.#forkchoice.safeBlockHash;
    if (block === "finalized") return this.#forkchoice.finalizedBlockHash;
    return this.#known.has(block) ? block : undefined;
  }

  #resolve(block: BlockRef): Hex {
    const hash = this.#find(block);
    if (hash === undefined) throw new EngineError("unknown-block", `block ${block} is not known`);
    return hash;
  }

  #assertKnown(hash: Hex): void {
    if (!this.#known.has(hash)) throw new EngineError("unknown-block", `parent ${hash} is not known`);
  }
}
