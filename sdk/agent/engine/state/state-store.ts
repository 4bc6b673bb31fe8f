import type { Database, RootDatabase } from "lmdb";
import type { NodeSink } from "../trie/encode.ts";
import { decodeNode, fromKey, type HashKey, type TrieNode } from "../trie/node.ts";
import { GenerationCache } from "./generation-cache.ts";
import { DamagedDatabase, type StateSource } from "./state-reader.ts";

/** Parsed nodes kept in memory, per generation; a branch takes about 1 kB, so this is at most some 60 MB. */
const NODE_GENERATION = 30_000;
/** Codes kept in memory, per generation; at most 24 kB each. */
const CODE_GENERATION = 500;

/**
 * Trie nodes and contract code on disk, by hash. Nothing is ever overwritten or removed, so every root that was ever
 * stored stays readable; the file grows by the nodes each block changes.
 */
export class StateStore implements StateSource {
  readonly #nodes: Database<Uint8Array, Uint8Array>;
  readonly #codes: Database<Uint8Array, Uint8Array>;
  readonly #nodeCache = new GenerationCache<HashKey, TrieNode>(NODE_GENERATION);
  readonly #codeCache = new GenerationCache<HashKey, Uint8Array>(CODE_GENERATION);

  constructor(root: RootDatabase) {
    this.#nodes = root.openDB({ name: "state-nodes", encoding: "binary", keyEncoding: "binary" });
    this.#codes = root.openDB({ name: "codes", encoding: "binary", keyEncoding: "binary" });
  }

  node(hash: HashKey): TrieNode {
    const cached = this.#nodeCache.get(hash);
    if (cached !== undefined) return cached;
    const rlp = this.#nodes.getBinary(fromKey(hash));
    if (rlp === undefined) throw new DamagedDatabase(`state node 0x${hex(hash)} is missing`);
    const node = decodeNode(new Uint8Array(rlp));
    this.#nodeCache.set(hash, node);
    return node;
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
    for (const { hash, rlp, node } of nodes) {
      this.#nodes.put(fromKey(hash), rlp);
      this.#nodeCache.set(hash, node);
    }
    for (const [hash, code] of codes) this.#codes.put(fromKey(hash), code);
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
