import { EMPTY_ROOT_KEY, type HashKey, type NodeRef, type TrieNode, toNibbles } from "./node.ts";
import { commonPrefix, type NodeSource } from "./trie.ts";

/** Nodes with their encodings. */
export interface ProvableNodes extends NodeSource {
  /** A node as it is hashed. */
  rlp(hash: HashKey): Uint8Array;
}

/**
 * The encodings of the nodes on the way to `key`, from the root down, as far as the trie goes: they show what is there,
 * or that nothing is. Nodes that stand inside their parents are not listed of their own.
 */
export function proveTrie(source: ProvableNodes, root: HashKey, key: Uint8Array): Uint8Array[] {
  const proof: Uint8Array[] = [];
  const path = toNibbles(key);
  let at = 0;
  let ref: NodeRef | undefined = root === EMPTY_ROOT_KEY ? undefined : root;
  while (ref !== undefined) {
    const node: TrieNode = typeof ref === "string" ? source.node(ref) : ref;
    if (typeof ref === "string") proof.push(source.rlp(ref));
    if (node.kind === "leaf") break;
    if (node.kind === "branch") {
      ref = node.children[path[at++] as number];
      continue;
    }
    if (commonPrefix(node.path, path.subarray(at)) < node.path.length) break;
    at += node.path.length;
    ref = node.child;
  }
  return proof;
}
