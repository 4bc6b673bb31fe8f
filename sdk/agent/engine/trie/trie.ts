import { type NodeSink, sealRoot } from "./encode.ts";
import { type BranchNode, EMPTY_ROOT_KEY, type HashKey, type NodeRef, type TrieNode, toNibbles } from "./node.ts";

/** Where nodes come from. Throws if the hash is not known: a root is only ever opened when it is complete. */
export interface NodeSource {
  node(hash: HashKey): TrieNode;
}

/** Reads the value at `key` under `root`; undefined if there is none. */
export function readTrie(source: NodeSource, root: HashKey, key: Uint8Array): Uint8Array | undefined {
  if (root === EMPTY_ROOT_KEY) return undefined;
  const path = toNibbles(key);
  let at = 0;
  let ref: NodeRef | undefined = root;
  while (ref !== undefined) {
    const node: TrieNode = typeof ref === "string" ? source.node(ref) : ref;
    if (node.kind === "branch") {
      ref = node.children[path[at++] as number];
      continue;
    }
    const shared = commonPrefix(node.path, path.subarray(at));
    if (shared < node.path.length) return undefined;
    at += shared;
    if (node.kind === "leaf") return at === path.length ? node.value : undefined;
    ref = node.child;
  }
  return undefined;
}

/**
 * A batch of changes on top of one root. Nodes are copied on write, so the old root stays whole and readable; nothing
 * is hashed before `seal`.
 */
export class TrieBatch {
  readonly #source: NodeSource;
  #root: NodeRef | undefined;

  constructor(source: NodeSource, root: HashKey) {
    this.#source = source;
    this.#root = root === EMPTY_ROOT_KEY ? undefined : root;
  }

  put(key: Uint8Array, value: Uint8Array): void {
    this.#root = this.#insert(this.#root, toNibbles(key), value);
  }

  /** Removes a key; an absent one changes nothing. */
  delete(key: Uint8Array): void {
    if (this.#root !== undefined) this.#root = this.#remove(this.#root, toNibbles(key));
  }

  /** Hashes what changed and answers the new root; `sink` gets every new node. */
  seal(sink: NodeSink): HashKey {
    if (this.#root === undefined) return EMPTY_ROOT_KEY;
    return typeof this.#root === "string" ? this.#root : sealRoot(this.#root, sink);
  }

  #load(ref: NodeRef): TrieNode {
    return typeof ref === "string" ? this.#source.node(ref) : ref;
  }

  #insert(ref: NodeRef | undefined, path: Uint8Array, value: Uint8Array): TrieNode {
    if (ref === undefined) return { kind: "leaf", path, value };
    const node = this.#load(ref);
    if (node.kind === "branch") {
      const index = path[0] as number;
      return withChild(node, index, this.#insert(node.children[index], path.subarray(1), value));
    }
    const shared = commonPrefix(node.path, path);
    if (shared === node.path.length) {
      if (node.kind === "leaf") return { kind: "leaf", path, value };
      return { kind: "extension", path: node.path, child: this.#insert(node.child, path.subarray(shared), value) };
    }
    const children: (NodeRef | undefined)[] = new Array(16).fill(undefined);
    children[node.path[shared] as number] = shorten(node, shared + 1);
    children[path[shared] as number] = { kind: "leaf", path: path.subarray(shared + 1), value };
    return extend(path.subarray(0, shared), { kind: "branch", children });
  }

  #remove(ref: NodeRef, path: Uint8Array): NodeRef | undefined {
    const node = this.#load(ref);
    if (node.kind === "branch") {
      const index = path[0] as number;
      const child = node.children[index];
      if (child === undefined) return ref;
      const rest = this.#remove(child, path.subarray(1));
      return rest === child ? ref : this.#collapse(withChild(node, index, rest));
    }
    const shared = commonPrefix(node.path, path);
    if (shared < node.path.length) return ref;
    if (node.kind === "leaf") return undefined;
    const rest = this.#remove(node.child, path.subarray(shared));
    if (rest === node.child) return ref;
    // Below an extension stands a branch with two children or more, so something is left after one removal.
    return extend(node.path, this.#load(rest as NodeRef));
  }

  /** A branch with a single child left becomes that child with a longer path. */
  #collapse(node: BranchNode): TrieNode {
    const left = node.children.flatMap((child, index) => (child === undefined ? [] : [{ child, index }]));
    const only = left[0];
    if (left.length > 1 || only === undefined) return node;
    const child = this.#load(only.child);
    const step = Uint8Array.of(only.index);
    return child.kind === "branch" ? { kind: "extension", path: step, child: only.child } : extend(step, child);
  }
}

function withChild(node: BranchNode, index: number, child: NodeRef | undefined): BranchNode {
  const children = node.children.slice();
  children[index] = child;
  return { kind: "branch", children };
}

/** Puts `prefix` before a node: merged into a path, or as an extension before a branch. */
function extend(prefix: Uint8Array, node: TrieNode): TrieNode {
  if (prefix.length === 0) return node;
  if (node.kind === "branch") return { kind: "extension", path: prefix, child: node };
  return { ...node, path: concat(prefix, node.path) };
}

/** What remains of a leaf or extension after its first `count` nibbles were taken over by a branch. */
function shorten(node: Exclude<TrieNode, BranchNode>, count: number): NodeRef {
  const path = node.path.subarray(count);
  if (node.kind === "leaf") return { ...node, path };
  return path.length === 0 ? node.child : { ...node, path };
}

function concat(a: Uint8Array, b: Uint8Array): Uint8Array {
  const out = new Uint8Array(a.length + b.length);
  out.set(a);
  out.set(b, a.length);
  return out;
}

/** How many nibbles two paths begin with in common. */
export function commonPrefix(a: Uint8Array, b: Uint8Array): number {
  const end = Math.min(a.length, b.length);
  let i = 0;
  while (i < end && a[i] === b[i]) i++;
  return i;
}
