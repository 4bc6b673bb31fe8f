import type { Database, RootDatabase } from "lmdb";
import type { NodeSink } from "../trie/encode.ts";
import { decodeNode, fromKey, type HashKey, type TrieNode } from "../trie/node.ts";
import { GenerationCache } from "./generation-cache.ts";
import { DamagedDatabase, type StateSource } from "./state-reader.ts";

/** Parsed nodes kept in memory, per generation; a branch takes about 1 kB, so this is at most some 60 MB. */
const NODE_GENERATION = 30_000;
/** Codes kept in memory, per generation; at most 24 kB each. */
const CODE_GENERATION = 500;
/** Which of the two tables new nodes go to. */
const YOUNG_KEY = Buffer.from("young");

export type StateTable = Database<Uint8Array, Uint8Array>;

/**
 * Trie nodes and contract code on disk, by hash. Nothing is overwritten, so every root stays readable until a collection
 * leaves it behind (`StateCollector`): for that the nodes stand in two tables, of which the old one is empty between two
 * collections. Codes are never removed: whoever stored one paid 200 gas a byte for it.
 */
export class StateStore implements StateSource {
  readonly #tables: readonly [StateTable, StateTable];
  readonly #codes: StateTable;
  readonly #meta: StateTable;
  readonly #nodeCache = new GenerationCache<HashKey, TrieNode>(NODE_GENERATION);
  readonly #codeCache = new GenerationCache<HashKey, Uint8Array>(CODE_GENERATION);

  constructor(root: RootDatabase) {
    const table = (name: string): StateTable => root.openDB({ name, encoding: "binary", keyEncoding: "binary" });
    this.#tables = [table("state-nodes"), table("state-nodes-b")];
    this.#codes = table("codes");
    this.#meta = table("state-meta");
  }

  /** Where new nodes go. */
  get young(): StateTable {
    return this.#tables[this.#youngIndex()];
  }

  /** What a collection leaves behind; empty while there is none. */
  get old(): StateTable {
    return this.#tables[1 - this.#youngIndex()] as StateTable;
  }

  get meta(): StateTable {
    return this.#meta;
  }

  node(hash: HashKey): TrieNode {
    const cached = this.#nodeCache.get(hash);
    if (cached !== undefined) return cached;
    const node = decodeNode(this.rlp(hash));
    this.#nodeCache.set(hash, node);
    return node;
  }

  /** A node as it is hashed. */
  rlp(hash: HashKey): Uint8Array {
    const key = fromKey(hash);
    const rlp = this.#tables[0].getBinary(key) ?? this.#tables[1].getBinary(key);
    if (rlp === undefined) throw new DamagedDatabase(`state node 0x${hex(hash)} is missing`);
    return new Uint8Array(rlp);
  }

  code(hash: HashKey): Uint8Array {
    const cached = this.#codeCache.get(hash);
    if (cached !== undefined) return cached;
    const code = this.#codes.getBinary(fromKey(hash));
    if (code === undefined) throw new DamagedDatabase(`code 0x${hex(hash)} is missing`);
    const copy = new Uint8Array(code);
    this.#codeCache.set(hash, copy);
    return copy;
  }

  /** Call inside a transaction of the same environment; the nodes become readable at once. */
  write(nodes: readonly SealedNode[], codes: ReadonlyMap<HashKey, Uint8Array>): void {
    const { young } = this;
    for (const { hash, rlp, node } of nodes) {
      young.put(fromKey(hash), rlp);
      this.#nodeCache.set(hash, node);
    }
    for (const [hash, code] of codes) this.#codes.put(fromKey(hash), code);
  }

  /** Makes the old table the young one. Call inside a transaction, while it is empty. */
  swap(): void {
    this.#meta.put(YOUNG_KEY, Uint8Array.of(1 - this.#youngIndex()));
  }

  #youngIndex(): 0 | 1 {
    return this.#meta.getBinary(YOUNG_KEY)?.[0] === 1 ? 1 : 0;
  }
}

export interface SealedNode {
  hash: HashKey;
  rlp: Uint8Array;
  node: TrieNode;
}

/** A sink that collects nodes until it is known whether the block they belong to is kept. */
export function collectNodes(into: SealedNode[]): NodeSink {
  return (hash, rlp, node) => into.push({ hash, rlp, node });
}

const hex = (key: HashKey): string => Buffer.from(key, "latin1").toString("hex");
