import type { Common } from "@ethereumjs/common";
import { open as openDatabase } from "lmdb";
import type { Hex } from "../../types/hex.ts";
import type { ExecutionPayload, PayloadAttributes } from "../../types/payload.ts";
import { toPayload } from "./chain/block.ts";
import { ChainStore, MAX_TABLES } from "./chain/chain-store.ts";
import { EmbeddedReader } from "./chain-reader.ts";
import { createChainRules } from "./chain-rules.ts";
import { CallRunner } from "./execution/calls.ts";
import { Executor } from "./execution/executor.ts";
import { TransactionDecoder } from "./execution/transactions.ts";
import { buildGenesis, type GenesisConfig } from "./genesis.ts";
import { isHex } from "./hex.ts";
import {
  type AppendResult,
  type CandidateEngine,
  EngineError,
  type ForkchoiceState,
  type PayloadStatus,
  type SealedCandidate,
} from "./interface.ts";
import { PayloadBuilder } from "./payload-builder.ts";
import { forkchoiceFormatError } from "./payload-format.ts";
import { PayloadValidator } from "./payload-validator.ts";
import { Serial } from "./serial.ts";

export interface EmbeddedEngineOptions {
  /** Directory of the database; created if it is not there. One engine at a time. */
  path: string;
  genesis: GenesisConfig;
  /** Blocks kept below the finalized one, with their state; left out: all. */
  keepBlocks?: number | undefined;
  /** Trie nodes that are written before the state of pruned blocks is collected. */
  minGarbageNodes?: number | undefined;
}

/** Fewer are not worth the writes of a collection: some 5 MB. */
const MIN_GARBAGE_NODES = 20_000;

export interface EmbeddedEngineDependencies {
  /** Unix ms; only compared with the deadlines that callers give. */
  nowMs: () => number;
  /** Runs between any two transactions of a block, so that a busy thread can look at its messages. */
  beforeTransaction?: () => void;
}

interface EngineParts {
  rules: Common;
  store: ChainStore;
  executor: Executor;
  calls: CallRunner;
  genesisHash: Hex;
}

const ZERO_HASH: Hex = `0x${"0".repeat(64)}`;

/** An Ethereum execution client (Prague rules) in this thread, with its chain and state in an LMDB environment. */
export class EmbeddedEngine implements CandidateEngine {
  readonly genesisHash: Hex;
  /** Reads of the same database; they do not wait for blocks under execution. */
  readonly reader: EmbeddedReader;
  readonly #store: ChainStore;
  readonly #calls: CallRunner;
  readonly #builder: PayloadBuilder;
  readonly #validator: PayloadValidator;
  /** There is one EVM, so blocks are executed one operation at a time. */
  readonly #serial = new Serial();
  readonly #options: Pick<EmbeddedEngineOptions, "keepBlocks" | "minGarbageNodes">;
  #closed = false;

  private constructor(parts: EngineParts, { nowMs }: EmbeddedEngineDependencies, options: EmbeddedEngineOptions) {
    this.#options = options;
    const { rules, store, executor, calls } = parts;
    const decoder = new TransactionDecoder(rules);
    this.genesisHash = parts.genesisHash;
    this.reader = new EmbeddedReader(store, decoder, calls);
    this.#store = store;
    this.#calls = calls;
    this.#builder = new PayloadBuilder(executor, decoder, nowMs);
    this.#validator = new PayloadValidator(rules, store, executor, decoder);
  }

  /** Opens or creates the database. Rejects with EngineError "other-chain" if it holds a chain with another genesis. */
  static async open(options: EmbeddedEngineOptions, dependencies: EmbeddedEngineDependencies): Promise<EmbeddedEngine> {
    const rules = createChainRules(options.genesis.chainId);
    const genesis = buildGenesis(rules, options.genesis);
    const { hash } = genesis.block;
    const store = new ChainStore(rules, openDatabase({ path: options.path, maxDbs: MAX_TABLES }));
    const held = store.canonicalHash(0);
    if (held === undefined) {
      store.add(genesis);
      await store.setForkchoice({ headBlockHash: hash, safeBlockHash: hash, finalizedBlockHash: hash }, genesis.block);
    } else if (held !== hash) {
      await store.close();
      throw new EngineError("other-chain", `${options.path} holds the chain with genesis ${held}, expected ${hash}`);
    }
    try {
      store.migrate();
    } catch (error) {
      await store.close();
      throw error;
    }
    const executor = await Executor.create(rules, store.states, dependencies.beforeTransaction);
    const calls = await CallRunner.create(rules, store.states);
    return new EmbeddedEngine({ rules, store, executor, calls, genesisHash: hash }, dependencies, options);
  }

  /** Answers INVALID, and changes nothing, if safe or finalized (zero for "not yet") are not on the head's chain. */
  forkchoiceUpdated(state: ForkchoiceState): Promise<PayloadStatus> {
    return this.#run(async () => {
      const format = forkchoiceFormatError(state);
      if (format !== undefined) return { status: "INVALID", reason: format };
      const next: ForkchoiceState = {
        headBlockHash: lower(state.headBlockHash),
        safeBlockHash: this.#orGenesis(state.safeBlockHash),
        finalizedBlockHash: this.#orGenesis(state.finalizedBlockHash),
      };
      const head = this.#store.block(next.headBlockHash);
      if (head === undefined) return { status: "SYNCING", reason: `head ${next.headBlockHash} is not known` };
      for (const name of ["safeBlockHash", "finalizedBlockHash"] as const) {
        if (!this.#store.isAncestor(next[name], head)) {
          return { status: "INVALID", reason: `${name} ${next[name]} is not on the chain of head ${head.hash}` };
        }
      }
      await this.#store.setForkchoice(next, head);
      this.#prune(next.finalizedBlockHash);
      return { status: "VALID" };
    });
  }

  newPayload(payload: ExecutionPayload, forced: readonly Hex[] = []): Promise<PayloadStatus> {
    return this.#run(async () => {
      const { status, sealed } = await this.#validator.judge(payload, forced);
      if (sealed !== undefined) this.#store.add(sealed);
      return status;
    });
  }

  startPayload(parentHash: Hex, attributes: PayloadAttributes): Promise<string> {
    return this.#run(async () => {
      const parent = isHex(parentHash, 32) ? this.#store.block(lower(parentHash)) : undefined;
      if (parent === undefined) throw new EngineError("unknown-block", `parent ${parentHash} is not known`);
      return this.#builder.start(parent, attributes);
    });
  }

  appendTransactions(payloadId: string, transactions: Hex[], untilMs: number): Promise<AppendResult[]> {
    return this.#run(() => this.#builder.append(payloadId, transactions, untilMs));
  }

  undoTransactions(payloadId: string, count: number): Promise<void> {
    return this.#run(async () => this.#builder.undo(payloadId, count));
  }

  sealCandidate(payloadId: string, from: number, best?: Hex): Promise<SealedCandidate> {
    return this.#run(() => this.#builder.sealCandidate(payloadId, from, best));
  }

  keepCandidate(payloadId: string, blockHash: Hex): Promise<void> {
    return this.#run(async () => this.#store.add(this.#builder.take(payloadId, blockHash)));
  }

  /** Does not wait for its turn. */
  async dropPayload(payloadId: string): Promise<void> {
    this.#builder.drop(payloadId);
  }

  getPayload(payloadId: string): Promise<ExecutionPayload> {
    return this.#run(async () => {
      const sealed = await this.#builder.seal(payloadId);
      this.#store.add(sealed);
      return toPayload(sealed.block);
    });
  }

  /** Ends what is running, then closes the database. Later calls reject with EngineError "closed". */
  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    await Promise.all([this.#serial.idle(), this.#calls.idle()]);
    await this.#store.close();
  }

  get closed(): boolean {
    return this.#closed;
  }

  #run<T>(task: () => Promise<T>): Promise<T> {
    if (this.#closed) return Promise.reject(new EngineError("closed", "the engine is closed"));
    return this.#serial.run(task);
  }

  #prune(finalized: Hex): void {
    const { keepBlocks, minGarbageNodes = MIN_GARBAGE_NODES } = this.#options;
    if (keepBlocks === undefined) return;
    const number = Number(this.#store.block(finalized)?.header.number ?? 0n);
    if (number > keepBlocks) this.#store.prune(number - keepBlocks, minGarbageNodes);
  }

  #orGenesis(hash: Hex): Hex {
    return hash === ZERO_HASH ? this.genesisHash : lower(hash);
  }
}

const lower = (hash: Hex): Hex => hash.toLowerCase() as Hex;
