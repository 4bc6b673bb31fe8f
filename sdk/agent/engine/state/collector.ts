import type { RootDatabase } from "lmdb";
import { EMPTY_ROOT_KEY, fromKey, type HashKey, type NodeRef, toKey } from "../trie/node.ts";
import { storageRootOf } from "./state-reader.ts";
import type { StateStore, StateTable } from "./state-store.ts";

const ROOTS_KEY = Buffer.from("roots");
const LIVE_KEY = Buffer.from("live");
const HASH_LENGTH = 32;
/** Nodes copied with each block, at least: some milliseconds. */
const MIN_STEP_NODES = 1_000;
/** Nodes copied for each that is written meanwhile: then no more is written than half of what is alive. */
const COPIES_PER_WRITE = 2;

/** A node to be looked at, or one whose children have all been. */
interface Visit {
  hash: HashKey;
  isDone: boolean;
}

/**
 * Leaves behind the state that no kept block needs: new nodes go to an empty table, into which everything below the kept
 * roots is copied, a part at a time; then the old table is dropped, and its pages are used again. A copied node is
 * marked only after all below it, in the same transaction as its copy: after a crash the walk goes on from the marks.
 *
 * However much is written, both tables together hold three and a half times what was alive at the start of the last
 * collection, at most, besides the garbage that none is begun for.
 */
export class StateCollector {
  readonly #root: RootDatabase;
  readonly #store: StateStore;
  readonly #walked: StateTable;
  #stack: Visit[] | undefined;

  constructor(root: RootDatabase, store: StateStore) {
    this.#root = root;
    this.#store = store;
    this.#walked = root.openDB({ name: "state-walked", encoding: "binary", keyEncoding: "binary" });
  }

  get isRunning(): boolean {
    return this.#store.meta.getBinary(ROOTS_KEY) !== undefined;
  }

  /** Nodes that were alive for the last collection; 0 before the first. */
  get liveNodes(): number {
    const stored = this.#store.meta.getBinary(LIVE_KEY);
    return stored === undefined ? 0 : Buffer.from(stored).readUInt32BE();
  }

  /** Nodes written since then, and those that were alive. */
  get youngNodes(): number {
    return entriesOf(this.#store.young);
  }

  /**
   * To be called with each block. Begins a collection when as much was written since the last as was alive: what it
   * copies, others have written; else goes on with the one that is under way.
   * @param written Nodes written since the last call.
   * @param roots State roots of every block that is kept; what is executed later stands on one of them.
   */
  advance(written: number, minGarbageNodes: number, roots: () => readonly Uint8Array[]): void {
    if (this.isRunning) this.#step(Math.max(MIN_STEP_NODES, COPIES_PER_WRITE * written));
    else if (this.youngNodes >= 2 * this.liveNodes + minGarbageNodes) this.#start(roots());
  }

  #start(roots: readonly Uint8Array[]): void {
    this.#root.transactionSync(() => {
      this.#store.swap();
      this.#store.meta.put(ROOTS_KEY, Buffer.concat(roots));
    });
  }

  /** Copies no more than `nodes` nodes; the last step drops what was left behind. */
  #step(nodes: number): void {
    this.#stack ??= this.#roots();
    const stack = this.#stack;
    this.#root.transactionSync(() => {
      for (let left = nodes; left > 0 && stack.length > 0; ) if (this.#visit(stack, stack.pop() as Visit)) left--;
      if (stack.length === 0) this.#finish();
    });
    if (stack.length === 0) this.#stack = undefined;
  }

  /** Whether the node was copied; before that its children, at most seventeen, are looked up. */
  #visit(stack: Visit[], { hash, isDone }: Visit): boolean {
    if (hash === EMPTY_ROOT_KEY || this.#walked.doesExist(fromKey(hash))) return false;
    if (isDone) {
      this.#store.young.put(fromKey(hash), this.#store.rlp(hash));
      this.#walked.put(fromKey(hash), MARK);
      return true;
    }
    stack.push({ hash, isDone: true });
    for (const below of childrenOf(this.#store.node(hash))) stack.push({ hash: below, isDone: false });
    return false;
  }

  #finish(): void {
    const { meta, old } = this.#store;
    const live = Buffer.alloc(4);
    live.writeUInt32BE(entriesOf(this.#walked));
    meta.put(LIVE_KEY, live);
    old.clearSync();
    this.#walked.clearSync();
    meta.remove(ROOTS_KEY);
  }

  #roots(): Visit[] {
    const stored = this.#store.meta.getBinary(ROOTS_KEY) as Uint8Array;
    return Array.from({ length: stored.length / HASH_LENGTH }, (_, i) => ({
      hash: toKey(stored.subarray(i * HASH_LENGTH, (i + 1) * HASH_LENGTH)),
      isDone: false,
    }));
  }
}

const MARK = Uint8Array.of(1);

const entriesOf = (table: StateTable): number => (table.getStats() as { entryCount: number }).entryCount;

/** Hashes below a node: of other nodes, and at the end of a path to an account that of its storage. */
function childrenOf(ref: NodeRef): HashKey[] {
  if (typeof ref === "string") return [ref];
  if (ref.kind === "extension") return childrenOf(ref.child);
  if (ref.kind === "branch") return ref.children.flatMap((child) => (child === undefined ? [] : childrenOf(child)));
  const storage = storageRootOf(ref.value);
  return storage === undefined ? [] : [toKey(storage)];
}
