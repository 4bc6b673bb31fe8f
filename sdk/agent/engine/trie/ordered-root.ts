import { RLP } from "@ethereumjs/rlp";
import { EMPTY_ROOT_KEY, fromKey } from "./node.ts";
import { type NodeSource, TrieBatch } from "./trie.ts";

const NOTHING_STORED: NodeSource = {
  node() {
    throw new Error("a list trie is built in memory from its start and never reads a stored node");
  },
};

/** Root of the trie that maps RLP(index) to each value: the transactions, withdrawals and receipts roots of a header. */
export function orderedRoot(values: readonly Uint8Array[]): Uint8Array {
  const batch = new TrieBatch(NOTHING_STORED, EMPTY_ROOT_KEY);
  values.forEach((value, index) => {
    batch.put(RLP.encode(index), value);
  });
  return fromKey(batch.seal(() => {}));
}
