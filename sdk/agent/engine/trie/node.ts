import { type NestedUint8Array, RLP } from "@ethereumjs/rlp";

/** A 32-byte hash as a latin1 string: half the memory of hexadecimal and usable as a map key. */
export type HashKey = string;

/** A child: by hash if it stands on its own in the database, else the node itself (dirty, or shorter than 32 bytes). */
export type NodeRef = HashKey | TrieNode;

/** Path nibbles down to the end, and the value there. */
export interface LeafNode {
  readonly kind: "leaf";
  readonly path: Uint8Array;
  readonly value: Uint8Array;
}

/** Path nibbles shared by everything below `child`, which is a branch. */
export interface ExtensionNode {
  readonly kind: "extension";
  readonly path: Uint8Array;
  readonly child: NodeRef;
}

/** 16 children by the next nibble. Keys are prefix-free here (hashes, or RLP numbers), so a branch never has a value. */
export interface BranchNode {
  readonly kind: "branch";
  readonly children: readonly (NodeRef | undefined)[];
}

export type TrieNode = LeafNode | ExtensionNode | BranchNode;

/** keccak256 of the empty RLP string: the root of a trie with nothing in it. */
export const EMPTY_ROOT_KEY: HashKey = Buffer.from(
  "56e81f171bcc55a6ff8345e692c0f86e5b48e01b996cadc001622fb5e363b421",
  "hex",
).toString("latin1");

export const toKey = (bytes: Uint8Array): HashKey =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("latin1");
export const fromKey = (key: HashKey): Uint8Array => new Uint8Array(Buffer.from(key, "latin1"));

/** Two nibbles per byte, high one first. */
export function toNibbles(bytes: Uint8Array): Uint8Array {
  const nibbles = new Uint8Array(bytes.length * 2);
  for (let i = 0; i < bytes.length; i++) {
    const byte = bytes[i] as number;
    nibbles[2 * i] = byte >> 4;
    nibbles[2 * i + 1] = byte & 15;
  }
  return nibbles;
}

/** Parses the RLP of one node. Throws on anything that is not a trie node: the database is damaged then. */
export function decodeNode(rlp: Uint8Array): TrieNode {
  return fromItems(RLP.decode(rlp) as NestedUint8Array);
}

function fromItems(items: NestedUint8Array): TrieNode {
  if (items.length === 17) {
    return { kind: "branch", children: items.slice(0, 16).map((item) => (item.length === 0 ? undefined : ref(item))) };
  }
  const [encodedPath, second] = items;
  if (items.length !== 2 || !(encodedPath instanceof Uint8Array) || second === undefined) {
    throw new Error(`trie node must have 2 or 17 items, found ${items.length}`);
  }
  const nibbles = toNibbles(encodedPath);
  const flag = nibbles[0] as number;
  const path = nibbles.subarray(flag & 1 ? 1 : 2);
  if (flag & 2) return { kind: "leaf", path, value: second as Uint8Array };
  return { kind: "extension", path, child: ref(second) };
}

function ref(item: Uint8Array | NestedUint8Array): NodeRef {
  return item instanceof Uint8Array ? toKey(item) : fromItems(item);
}
