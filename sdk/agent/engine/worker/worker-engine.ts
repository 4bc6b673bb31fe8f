import { Worker } from "node:worker_threads";
import type { Hex } from "../../../types/hex.ts";
import type { ExecutionPayload, PayloadAttributes } from "../../../types/payload.ts";
import type { EmbeddedEngineOptions } from "../embedded-engine.ts";
import {
  type AppendResult,
  type BlockRef,
  type CallRequest,
  type CallResult,
  type ChainReader,
  EngineError,
  type ExecutionEngine,
  type ForkchoiceState,
  type LocatedTransaction,
  type PayloadStatus,
  type TransactionReceipt,
} from "../interface.ts";
import { WorkerChannel } from "./channel.ts";
import { fromFailure, type Greeting } from "./protocol.ts";

export interface WorkerEngineDependencies {
  /** Called once if the worker ends without having been closed; all open calls have been rejected by then. */
  onCrash: (error: EngineError) => void;
}

/** The worker's file beside this one: TypeScript in the source tree, JavaScript in a build. */
const WORKER_FILE = new URL(import.meta.url.endsWith(".ts") ? "./worker.ts" : "./worker.js", import.meta.url);

/** The embedded engine in a thread of its own; what the rest of the agent holds. */
export class WorkerEngine implements ExecutionEngine, ChainReader {
  readonly genesisHash: Hex;
  readonly #channel: WorkerChannel;

  private constructor(genesisHash: Hex, channel: WorkerChannel) {
    this.genesisHash = genesisHash;
    this.#channel = channel;
  }

  /** Starts the thread and opens the database. Rejects as `EmbeddedEngine.open` does. */
  static async open(options: EmbeddedEngineOptions, { onCrash }: WorkerEngineDependencies): Promise<WorkerEngine> {
    const worker = new Worker(WORKER_FILE, { workerData: options, name: "engine" });
    const greeting = await new Promise<Greeting>((resolve, reject) => {
      worker.once("message", resolve);
      worker.once("error", reject);
      worker.once("exit", (code) =>
        reject(new EngineError("crashed", `engine worker ended with code ${code} at start`)),
      );
    });
    // Only these: without the worker's own bookkeeping listeners no message would ever be delivered.
    for (const event of ["message", "error", "exit"]) worker.removeAllListeners(event);
    if ("failure" in greeting) {
      await worker.terminate();
      throw fromFailure(greeting.failure);
    }
    return new WorkerEngine(greeting.genesisHash, new WorkerChannel(worker, onCrash));
  }

  forkchoiceUpdated(state: ForkchoiceState): Promise<PayloadStatus> {
    return this.#channel.call("forkchoiceUpdated", state);
  }

  newPayload(payload: ExecutionPayload): Promise<PayloadStatus> {
    return this.#channel.call("newPayload", payload);
  }

  startPayload(parentHash: Hex, attributes: PayloadAttributes): Promise<string> {
    return this.#channel.call("startPayload", parentHash, attributes);
  }

  appendTransactions(payloadId: string, transactions: Hex[], untilMs: number): Promise<AppendResult[]> {
    return this.#channel.call("appendTransactions", payloadId, transactions, untilMs);
  }

  getPayload(payloadId: string): Promise<ExecutionPayload> {
    return this.#channel.call("getPayload", payloadId);
  }

  /** Lets the engine end what is running and flush, then ends the thread. Calls made later reject with "closed". */
  close(): Promise<void> {
    return this.#channel.close();
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

  call(request: CallRequest, block: BlockRef): Promise<CallResult> {
    return this.#channel.call("call", request, block);
  }

  estimateGas(request: CallRequest, block: BlockRef): Promise<CallResult> {
    return this.#channel.call("estimateGas", request, block);
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
