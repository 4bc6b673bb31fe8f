import { keccak } from "../crypto/keccak.ts";
import { type HashKey, type NodeRef, type TrieNode, toKey } from "./node.ts";

/** Receives every node that stands on its own: its hash, its RLP and its parsed form with all children by reference. */
export type NodeSink = (hash: HashKey, rlp: Uint8Array, node: TrieNode) => void;

/** A node as its parent holds it: hash key, or the node with its RLP while that is shorter than a hash. */
type Sealed = HashKey | { node: TrieNode; rlp: Uint8Array };

const EMPTY_ITEM = 0x80;
const HASH_ITEM_LENGTH = 33;

/** Hashes a (partly dirty) trie bottom-up, handing each new node to `sink`; answers the root's hash. */
export function sealRoot(root: TrieNode, sink: NodeSink): HashKey {
  const sealed = seal(root, sink);
  if (typeof sealed === "string") return sealed;
  return emit(sealed.node, sealed.rlp, sink); // the root is always hashed, however short
}

function seal(node: TrieNode, sink: NodeSink): Sealed {
  if (node.kind === "branch") return sealBranch(node.children, sink);
  if (node.kind === "leaf") {
    return finish(node, list([string(compactPath(node.path, true)), string(node.value)]), sink);
  }
  const child = sealRef(node.child, sink);
  const clean: TrieNode = { kind: "extension", path: node.path, child: unsealed(child) };
  return finish(clean, list([string(compactPath(node.path, false)), item(child)]), sink);
}

function sealBranch(children: readonly (NodeRef | undefined)[], sink: NodeSink): Sealed {
  const sealed: (Sealed | undefined)[] = new Array(16);
  let length = 1; // the empty value
  for (let i = 0; i < 16; i++) {
    const child = children[i];
    const entry = child === undefined ? undefined : sealRef(child, sink);
    sealed[i] = entry;
    length += entry === undefined ? 1 : typeof entry === "string" ? HASH_ITEM_LENGTH : entry.rlp.length;
  }
  const rlp = Buffer.allocUnsafe(headerLength(length) + length);
  let at = writeHeader(rlp, length);
  for (const entry of sealed) {
    if (entry === undefined) rlp[at++] = EMPTY_ITEM;
    else if (typeof entry === "string") {
      rlp[at] = 0xa0;
      rlp.write(entry, at + 1, 32, "latin1");
      at += HASH_ITEM_LENGTH;
    } else {
      rlp.set(entry.rlp, at);
      at += entry.rlp.length;
    }
  }
  rlp[at] = EMPTY_ITEM;
  const node: TrieNode = { kind: "branch", children: sealed.map((e) => (e === undefined ? undefined : unsealed(e))) };
  return finish(node, rlp, sink);
}

const sealRef = (ref: NodeRef, sink: NodeSink): Sealed => (typeof ref === "string" ? ref : seal(ref, sink));
const unsealed = (sealed: Sealed): NodeRef => (typeof sealed === "string" ? sealed : sealed.node);

function finish(node: TrieNode, rlp: Uint8Array, sink: NodeSink): Sealed {
  return rlp.length < 32 ? { node, rlp } : emit(node, rlp, sink);
}

function emit(node: TrieNode, rlp: Uint8Array, sink: NodeSink): HashKey {
  const hash = toKey(keccak(rlp));
  sink(hash, rlp, node);
  return hash;
}

/** Hex-prefix encoding: a flag nibble (2 for leaf, 1 for an odd number of nibbles), then the path. */
function compactPath(nibbles: Uint8Array, leaf: boolean): Uint8Array {
  const odd = nibbles.length & 1;
  const bytes = new Uint8Array((nibbles.length >> 1) + 1);
  bytes[0] = (leaf ? 0x20 : 0) | (odd ? 0x10 | (nibbles[0] as number) : 0);
  for (let i = odd, at = 1; i < nibbles.length; i += 2, at++) {
    bytes[at] = ((nibbles[i] as number) << 4) | (nibbles[i + 1] as number);
  }
  return bytes;
}

function item(sealed: Sealed): Uint8Array {
  return typeof sealed === "string" ? string(Buffer.from(sealed, "latin1")) : sealed.rlp;
}

function string(bytes: Uint8Array): Uint8Array {
  if (bytes.length === 1 && (bytes[0] as number) < EMPTY_ITEM) return bytes;
  const offset = headerLength(bytes.length);
  const out = Buffer.allocUnsafe(offset + bytes.length);
  writeHeader(out, bytes.length, EMPTY_ITEM);
  out.set(bytes, offset);
  return out;
}

function list(items: Uint8Array[]): Uint8Array {
  const length = items.reduce((sum, bytes) => sum + bytes.length, 0);
  const out = Buffer.allocUnsafe(headerLength(length) + length);
  let at = writeHeader(out, length);
  for (const bytes of items) {
    out.set(bytes, at);
    at += bytes.length;
  }
  return out;
}

function headerLength(length: number): number {
  if (length < 56) return 1;
  return length < 0x100 ? 2 : length < 0x10000 ? 3 : length < 0x1000000 ? 4 : 5;
}

/** Writes an RLP header (`base` 0x80 for strings, 0xc0 for lists) and answers where the payload starts. */
function writeHeader(out: Uint8Array, length: number, base = 0xc0): number {
  const size = headerLength(length);
  if (size === 1) {
    out[0] = base + length;
    return 1;
  }
  out[0] = base + 55 + size - 1;
  for (let i = size - 1, rest = length; i > 0; i--, rest = Math.floor(rest / 256)) out[i] = rest & 0xff;
  return size;
}
