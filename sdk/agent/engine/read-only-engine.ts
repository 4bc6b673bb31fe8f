import { open as openDatabase } from "lmdb";
import type { Hex } from "../../types/hex.ts";
import { ChainStore, MAX_TABLES } from "./chain/chain-store.ts";
import { EmbeddedReader } from "./chain-reader.ts";
import { createChainRules } from "./chain-rules.ts";
import type { EmbeddedEngineOptions } from "./embedded-engine.ts";
import { CallRunner } from "./execution/calls.ts";
import { TransactionDecoder } from "./execution/transactions.ts";
import { EngineError } from "./interface.ts";

/** A second view of an engine's database, from another thread: it follows what the engine writes and writes nothing. */
export class ReadOnlyEngine {
  readonly genesisHash: Hex;
  readonly #store: ChainStore;
  readonly #calls: CallRunner;
  readonly #reader: EmbeddedReader;

  private constructor(genesisHash: Hex, store: ChainStore, calls: CallRunner, decoder: TransactionDecoder) {
    this.genesisHash = genesisHash;
    this.#store = store;
    this.#calls = calls;
    this.#reader = new EmbeddedReader(store, decoder, calls);
  }

  /** The engine itself must have opened the database before. */
  static async open({ path, genesis }: EmbeddedEngineOptions): Promise<ReadOnlyEngine> {
    const rules = createChainRules(genesis.chainId);
    const store = new ChainStore(rules, openDatabase({ path, maxDbs: MAX_TABLES, readOnly: true }));
    const genesisHash = store.canonicalHash(0);
    if (genesisHash === undefined) throw new EngineError("bad-request", `${path} holds no chain yet`);
    const calls = await CallRunner.create(rules, store.states);
    return new ReadOnlyEngine(genesisHash, store, calls, new TransactionDecoder(rules));
  }

  /** Reads as of now: everything the engine had answered for when this is called is visible. */
  reader(): EmbeddedReader {
    this.#store.refresh();
    return this.#reader;
  }

  async close(): Promise<void> {
    await this.#calls.idle();
    await this.#store.close();
  }
}
