import type { Common } from "@ethereumjs/common";
import type { Database, RootDatabase } from "lmdb";
import type { Hex } from "../../../types/hex.ts";
import { keccak } from "../crypto/keccak.ts";
import type { SealedBlock } from "../execution/executor.ts";
import { toBytes, toHex } from "../hex.ts";
import { type BlockRef, EngineError, type ForkchoiceState } from "../interface.ts";
import { StateCollector } from "../state/collector.ts";
import { GenerationCache } from "../state/generation-cache.ts";
import { DamagedDatabase } from "../state/state-reader.ts";
import { StateStore } from "../state/state-store.ts";
import { decodeBlock, encodeBlock, type KnownBlock } from "./block.ts";
import { decodeReceipts, encodeReceipts } from "./receipts.ts";

/** Parsed blocks kept in memory, per generation. */
const BLOCK_GENERATION = 64;
/** Raised with every change of what stands on disk. 2: blocks by number, and state in two tables. */
export const SCHEMA_VERSION = 2;
const VERSION_KEY = Buffer.from("version");
const FLOOR_KEY = Buffer.from("floor");
const NUMBER_LENGTH = 8;
const EMPTY = new Uint8Array(0);
/** More than any block adds. */
const MAX_PRUNED_BLOCKS = 16;
const FORKCHOICE_KEY = Buffer.from("forkchoice");
const HASH_LENGTH = 32;

/** Named tables of the environment, with room for more. */
export const MAX_TABLES = 16;

type Table = Database<Uint8Array, Uint8Array>;

/** Where a canonical transaction is. */
export interface TransactionLocation {
  blockHash: Hex;
  index: number;
}

/**
 * Blocks of all branches with their receipts, and the canonical chain as an index over them. A block and its state are
 * one database transaction; moving the head is another one, which rewrites exactly the part of the index that changed.
 */
export class ChainStore {
  readonly states: StateStore;
  readonly #rules: Common;
  readonly #root: RootDatabase;
  readonly #blocks: Table;
  readonly #receipts: Table;
  readonly #canonical: Table;
  readonly #transactions: Table;
  readonly #meta: Table;
  /** Every known block by its number, side branches too: number, hash. */
  readonly #heights: Table;
  readonly #collector: StateCollector;
  readonly #recent = new GenerationCache<Hex, KnownBlock>(BLOCK_GENERATION);
  /** Trie nodes written since the collector was last told. */
  #writtenNodes = 0;

  constructor(rules: Common, root: RootDatabase) {
    const table = (name: string): Table => root.openDB({ name, encoding: "binary", keyEncoding: "binary" });
    this.#rules = rules;
    this.#root = root;
    this.states = new StateStore(root);
    this.#blocks = table("blocks");
    this.#receipts = table("receipts");
    this.#canonical = table("canonical");
    this.#transactions = table("transactions");
    this.#meta = table("meta");
    this.#heights = table("heights");
    this.#collector = new StateCollector(root, this.states);
  }

  /** Makes a database of an earlier version one of this, all or nothing. @throws EngineError "other-version". */
  migrate(): void {
    const stored = this.#meta.getBinary(VERSION_KEY)?.[0] ?? (this.forkchoice === undefined ? SCHEMA_VERSION : 1);
    if (stored > SCHEMA_VERSION) {
      const what = `expected a database of version ${SCHEMA_VERSION} or older, found ${stored}`;
      throw new EngineError("other-version", `${what}: run the version of the agent that wrote it, or a newer one`);
    }
    this.#root.transactionSync(() => {
      // Version 1 had no index of all blocks by number.
      if (stored < 2) for (const key of this.#blocks.getKeys({})) this.#noteHeight(this.#stored(toHex(key)));
      this.#meta.put(VERSION_KEY, Uint8Array.of(SCHEMA_VERSION));
    });
  }

  /** Blocks below this number are pruned, but for genesis, and so is the state of all of them. */
  get floor(): number {
    const stored = this.#meta.getBinary(FLOOR_KEY);
    return stored === undefined ? 0 : Number(Buffer.from(stored).readBigUInt64BE());
  }

  /**
   * Removes blocks below `floor`, at most `MAX_PRUNED_BLOCKS` of them, and goes on with a collection of their state. What
   * one call does takes milliseconds, or less than the block did that wrote so much; called with each block it keeps up
   * with any chain.
   */
  prune(floor: number, minGarbageNodes: number): void {
    const keys = [...this.#heights.getKeys({ start: numberKey(1), end: numberKey(floor), limit: MAX_PRUNED_BLOCKS })];
    this.#root.transactionSync(() => {
      for (const key of keys) this.#remove(toHex(key.subarray(NUMBER_LENGTH)), key);
      const [next] = [...this.#heights.getKeys({ start: numberKey(1), limit: 1 })];
      const lowest = next === undefined ? 0n : Buffer.from(next).readBigUInt64BE();
      if (lowest > 1n && keys.length > 0) this.#meta.put(FLOOR_KEY, numberKey(Math.min(Number(lowest), floor)));
    });
    if (this.floor > 0) this.#collector.advance(this.#writtenNodes, minGarbageNodes, () => this.#keptRoots());
    this.#writtenNodes = 0;
  }

  /** Of every block that is kept. */
  #keptRoots(): Uint8Array[] {
    const kept = [...this.#heights.getKeys({ start: numberKey(this.floor) })];
    return kept.map((key) => this.#stored(toHex(key.subarray(NUMBER_LENGTH))).header.stateRoot);
  }

  #remove(hash: Hex, key: Uint8Array): void {
    const { header, transactions } = this.#stored(hash);
    const number = Number(header.number);
    if (this.canonicalHash(number) === hash) {
      this.#canonical.remove(numberKey(number));
      for (const raw of transactions) this.#transactions.remove(keccak(raw));
    }
    this.#blocks.remove(toBytes(hash));
    this.#receipts.remove(toBytes(hash));
    this.#heights.remove(key);
    this.#recent.delete(hash);
  }

  #noteHeight({ hash, header }: KnownBlock): void {
    this.#heights.put(Buffer.concat([numberKey(Number(header.number)), toBytes(hash)]), EMPTY);
  }

  /** The last forkchoice; undefined in a new database. */
  get forkchoice(): ForkchoiceState | undefined {
    const stored = this.#meta.getBinary(FORKCHOICE_KEY);
    return stored === undefined ? undefined : decodeForkchoice(stored);
  }

  /** Makes what another thread has written visible; a thread sees its own writes without this. */
  refresh(): void {
    this.#root.resetReadTxn();
  }

  block(hash: Hex): KnownBlock | undefined {
    const cached = this.#recent.get(hash);
    if (cached !== undefined) return cached;
    const rlp = this.#blocks.getBinary(toBytes(hash));
    if (rlp === undefined) return undefined;
    const block = decodeBlock(this.#rules, new Uint8Array(rlp));
    this.#recent.set(hash, block);
    return block;
  }

  /** Consensus encodings of a known block's receipts. */
  receipts(hash: Hex): Uint8Array[] {
    const rlp = this.#receipts.getBinary(toBytes(hash));
    if (rlp === undefined) throw new DamagedDatabase(`receipts of block ${hash} are missing`);
    return decodeReceipts(new Uint8Array(rlp));
  }

  canonicalHash(blockNumber: number): Hex | undefined {
    const hash = this.#canonical.getBinary(numberKey(blockNumber));
    return hash === undefined ? undefined : toHex(hash);
  }

  transaction(hash: Hex): TransactionLocation | undefined {
    const value = this.#transactions.getBinary(toBytes(hash));
    if (value === undefined) return undefined;
    return { blockHash: toHex(value.subarray(0, HASH_LENGTH)), index: Buffer.from(value).readUInt32BE(HASH_LENGTH) };
  }

  /** The block a reference means; undefined if there is none. Before the first forkchoice every name is genesis. */
  resolve(ref: BlockRef): KnownBlock | undefined {
    const hash = this.#resolveHash(ref);
    return hash === undefined ? undefined : this.block(hash);
  }

  /** Keeps a block with its state and receipts, all or nothing. */
  add({ block, receipts, nodes, codes }: SealedBlock): void {
    this.#root.transactionSync(() => {
      const key = toBytes(block.hash);
      this.states.write(nodes, codes);
      this.#receipts.put(key, encodeReceipts(receipts));
      this.#blocks.put(key, encodeBlock(block));
      this.#noteHeight(block);
    });
    this.#recent.set(block.hash, block);
    this.#writtenNodes += nodes.length;
  }

  /** Makes `state` the forkchoice; all three blocks are known, and safe and finalized are on the head's chain. */
  async setForkchoice(state: ForkchoiceState, head: KnownBlock): Promise<void> {
    this.#root.transactionSync(() => {
      this.#reindex(head);
      this.#meta.put(FORKCHOICE_KEY, encodeForkchoice(state));
    });
    // The answer to a forkchoice update promises that the head survives a power failure, not only a killed process.
    await this.#root.flushed;
  }

  /** True if `hash` is `head` itself or one of its ancestors. */
  isAncestor(hash: Hex, head: KnownBlock): boolean {
    const target = this.block(hash);
    if (target === undefined) return false;
    let block: KnownBlock | undefined = head;
    while (block !== undefined && block.header.number > target.header.number) {
      const number = Number(block.header.number);
      // Once on the canonical chain, the index answers for the rest.
      if (this.canonicalHash(number) === block.hash) {
        return this.canonicalHash(Number(target.header.number)) === hash;
      }
      block = this.block(toHex(block.header.parentHash));
    }
    return block?.hash === hash;
  }

  async close(): Promise<void> {
    await this.#root.flushed;
    await this.#root.close();
  }

  #resolveHash(ref: BlockRef): Hex | undefined {
    if (typeof ref === "number") return this.canonicalHash(ref);
    if (ref === "earliest") return this.canonicalHash(0);
    if (ref === "latest") return this.forkchoice?.headBlockHash;
    if (ref === "safe") return this.forkchoice?.safeBlockHash;
    if (ref === "finalized") return this.forkchoice?.finalizedBlockHash;
    return ref;
  }

  /** Takes the blocks that leave the canonical chain out of the index and puts the new ones in. */
  #reindex(head: KnownBlock): void {
    const incoming: Hex[] = []; // hashes only: after a long sync this may be the whole chain
    let block: KnownBlock | undefined = head;
    while (block !== undefined && this.canonicalHash(Number(block.header.number)) !== block.hash) {
      incoming.push(block.hash);
      block = block.header.number === 0n ? undefined : this.block(toHex(block.header.parentHash));
    }
    const firstLeaving = block === undefined ? 0 : Number(block.header.number) + 1;
    for (let number = firstLeaving; ; number++) {
      const hash = this.canonicalHash(number);
      if (hash === undefined) break;
      this.#canonical.remove(numberKey(number));
      for (const raw of this.#stored(hash).transactions) this.#transactions.remove(keccak(raw));
    }
    for (const hash of incoming) this.#index(this.#stored(hash));
  }

  #index({ hash, header, transactions }: KnownBlock): void {
    this.#canonical.put(numberKey(Number(header.number)), toBytes(hash));
    transactions.forEach((raw, index) => {
      const location = Buffer.alloc(HASH_LENGTH + 4);
      location.set(toBytes(hash));
      location.writeUInt32BE(index, HASH_LENGTH);
      this.#transactions.put(keccak(raw), location);
    });
  }

  #stored(hash: Hex): KnownBlock {
    const block = this.block(hash);
    if (block === undefined) throw new DamagedDatabase(`block ${hash} is missing`);
    return block;
  }
}

function numberKey(blockNumber: number): Uint8Array {
  const key = Buffer.alloc(8);
  key.writeBigUInt64BE(BigInt(blockNumber));
  return key;
}

function encodeForkchoice({ headBlockHash, safeBlockHash, finalizedBlockHash }: ForkchoiceState): Uint8Array {
  return Buffer.concat([toBytes(headBlockHash), toBytes(safeBlockHash), toBytes(finalizedBlockHash)]);
}

function decodeForkchoice(bytes: Uint8Array): ForkchoiceState {
  const hash = (position: number): Hex => toHex(bytes.subarray(position * HASH_LENGTH, (position + 1) * HASH_LENGTH));
  return { headBlockHash: hash(0), safeBlockHash: hash(1), finalizedBlockHash: hash(2) };
}
