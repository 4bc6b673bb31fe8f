import type { Hex } from "../../../types/hex.ts";
import type { ExecutionPayload, PayloadAttributes } from "../../../types/payload.ts";
import type { AccessListResult, AccountProof, CallOverrides } from "../../types/calls.ts";
import type { EmbeddedEngineOptions } from "../embedded-engine.ts";
import type {
  AppendResult,
  BlockRef,
  CallRequest,
  CallResult,
  CandidateEngine,
  ChainReader,
  EngineError,
  ForkchoiceState,
  LocatedTransaction,
  PayloadStatus,
  SealedCandidate,
  SimulatedBlock,
  SimulationStep,
  TransactionReceipt,
} from "../interface.ts";
import { CallThread } from "./call-thread.ts";
import type { WorkerChannel } from "./channel.ts";
import { LoadedWorker, type StartedWorker } from "./start.ts";

export interface WorkerEngineDependencies {
  /** Called once if the worker ends without having been closed; all open calls have been rejected by then. */
  onCrash: (error: EngineError) => void;
}

/**
 * The embedded engine in a thread of its own, calls in another; what the rest of the agent holds. A call's block is
 * resolved when the call thread takes it up.
 */
export class WorkerEngine implements CandidateEngine, ChainReader {
  readonly genesisHash: Hex;
  readonly #channel: WorkerChannel;
  readonly #calls: CallThread;

  private constructor({ genesisHash, channel }: StartedWorker, calls: CallThread) {
    this.genesisHash = genesisHash;
    this.#channel = channel;
    this.#calls = calls;
  }

  /** Starts the thread, so that its code is loaded when it is known what to open. */
  static load(): Promise<LoadedWorker> {
    return LoadedWorker.load("worker");
  }

  /** Opens the database, in a new thread or a loaded one. Rejects as `EmbeddedEngine.open` does. */
  static async open(
    options: EmbeddedEngineOptions,
    { onCrash }: WorkerEngineDependencies,
    thread?: LoadedWorker,
  ): Promise<WorkerEngine> {
    const loaded = thread ?? (await WorkerEngine.load());
    return new WorkerEngine(await loaded.open(options, onCrash), new CallThread(options));
  }

  forkchoiceUpdated(state: ForkchoiceState): Promise<PayloadStatus> {
    return this.#channel.call("forkchoiceUpdated", state);
  }

  newPayload(payload: ExecutionPayload, forced: readonly Hex[] = []): Promise<PayloadStatus> {
    return this.#channel.call("newPayload", payload, forced);
  }

  startPayload(parentHash: Hex, attributes: PayloadAttributes): Promise<string> {
    return this.#channel.call("startPayload", parentHash, attributes);
  }

  appendTransactions(payloadId: string, transactions: Hex[], untilMs: number): Promise<AppendResult[]> {
    return this.#channel.call("appendTransactions", payloadId, transactions, untilMs);
  }

  undoTransactions(payloadId: string, count: number): Promise<void> {
    return this.#channel.call("undoTransactions", payloadId, count);
  }

  sealCandidate(payloadId: string, from: number, best?: Hex): Promise<SealedCandidate> {
    return this.#channel.call("sealCandidate", payloadId, from, best);
  }

  keepCandidate(payloadId: string, blockHash: Hex): Promise<void> {
    return this.#channel.call("keepCandidate", payloadId, blockHash);
  }

  dropPayload(payloadId: string): Promise<void> {
    return this.#channel.call("dropPayload", payloadId);
  }

  getPayload(payloadId: string): Promise<ExecutionPayload> {
    return this.#channel.call("getPayload", payloadId);
  }

  /** Lets the engine end what is running and flush, then ends the thread. Calls made later reject with "closed". */
  async close(): Promise<void> {
    await this.#calls.close();
    await this.#channel.close();
  }

  getBlock(block: BlockRef): Promise<ExecutionPayload | undefined> {
    return this.#channel.call("getBlock", block);
  }

  getAccount(address: Hex, block: BlockRef): Promise<{ nonce: number; balance: bigint }> {
    return this.#channel.call("getAccount", address, block);
  }

  getCode(address: Hex, block: BlockRef): Promise<Hex> {
    return this.#channel.call("getCode", address, block);
  }

  getStorageAt(address: Hex, slot: Hex, block: BlockRef): Promise<Hex> {
    return this.#channel.call("getStorageAt", address, slot, block);
  }

  call(request: CallRequest, block: BlockRef, overrides?: CallOverrides): Promise<CallResult> {
    return this.#calls.run("call", request, block, overrides);
  }

  estimateGas(request: CallRequest, block: BlockRef, overrides?: CallOverrides): Promise<CallResult> {
    return this.#calls.run("estimateGas", request, block, overrides);
  }

  createAccessList(request: CallRequest, block: BlockRef, overrides?: CallOverrides): Promise<AccessListResult> {
    return this.#calls.run("createAccessList", request, block, overrides);
  }

  simulate(steps: readonly SimulationStep[], block: BlockRef): Promise<SimulatedBlock[]> {
    return this.#calls.run("simulate", steps, block);
  }

  getProof(address: Hex, slots: readonly Hex[], block: BlockRef): Promise<AccountProof> {
    return this.#channel.call("getProof", address, slots, block);
  }

  getReceipt(transactionHash: Hex): Promise<TransactionReceipt | undefined> {
    return this.#channel.call("getReceipt", transactionHash);
  }

  getReceipts(block: BlockRef): Promise<TransactionReceipt[]> {
    return this.#channel.call("getReceipts", block);
  }

  getTransaction(transactionHash: Hex): Promise<LocatedTransaction | undefined> {
    return this.#channel.call("getTransaction", transactionHash);
  }

  getNextBaseFee(block: BlockRef): Promise<bigint> {
    return this.#channel.call("getNextBaseFee", block);
  }
}
