import { RLP } from "@ethereumjs/rlp";
import { expect } from "chai";
import { open, type RootDatabase } from "lmdb";
import { MAX_TABLES } from "../../../sdk/agent/engine/chain/chain-store.ts";
import { keccak } from "../../../sdk/agent/engine/crypto/keccak.ts";
import { StateCollector } from "../../../sdk/agent/engine/state/collector.ts";
import {
  collectNodes,
  type SealedNode,
  StateStore,
  type StateTable,
} from "../../../sdk/agent/engine/state/state-store.ts";
import { EMPTY_ROOT_KEY, fromKey, type HashKey } from "../../../sdk/agent/engine/trie/node.ts";
import { readTrie, TrieBatch } from "../../../sdk/agent/engine/trie/trie.ts";
import { Workshop } from "./fixture.ts";

const ACCOUNTS = 3_000;
/** So many accounts change with each block that the least a step does is not enough. */
const CHANGES = 1_500;
const KEPT_BLOCKS = 4;
const MIN_GARBAGE_NODES = 500;

const keyOf = (account: number): Uint8Array => keccak(Uint8Array.of(account >> 8, account & 0xff));
const accountOf = (nonce: number): Uint8Array =>
  RLP.encode([nonce, 7n, fromKey(EMPTY_ROOT_KEY), keccak(new Uint8Array())]);
const entriesOf = (table: StateTable): number => (table.getStats() as { entryCount: number }).entryCount;

/** A chain of states, each a block's. */
class States {
  readonly store: StateStore;
  readonly #root: RootDatabase;
  readonly roots: HashKey[] = [];
  /** What the newest block holds. */
  readonly nonces = new Map<number, number>();

  constructor(root: RootDatabase) {
    this.#root = root;
    this.store = new StateStore(root);
  }

  /** A block that changes so many accounts, all in turn. Answers how many nodes it wrote. */
  add(changes: number): number {
    const batch = new TrieBatch(this.store, this.roots.at(-1) ?? EMPTY_ROOT_KEY);
    const number = this.roots.length;
    for (let i = 0; i < changes; i++) {
      const account = (number * changes + i) % ACCOUNTS;
      batch.put(keyOf(account), accountOf(number + 1));
      this.nonces.set(account, number + 1);
    }
    const nodes: SealedNode[] = [];
    this.roots.push(batch.seal(collectNodes(nodes)));
    this.#root.transactionSync(() => this.store.write(nodes, new Map()));
    return nodes.length;
  }

  /** As a process that starts anew reads it: nothing is in memory. */
  check(): void {
    const { roots, nonces } = this;
    const fresh = new StateStore(this.#root);
    for (const [account, nonce] of nonces) {
      expect(readTrie(fresh, roots.at(-1) as HashKey, keyOf(account))).to.deep.equal(accountOf(nonce));
    }
    for (const root of roots.slice(-KEPT_BLOCKS)) readTrie(fresh, root, keyOf(0));
  }
}

describe("collecting state", () => {
  const workshop = new Workshop();
  after(() => workshop.cleanUp());

  it("keeps both tables within three and a half times what is alive, however much each block writes", async () => {
    const root = open({ path: workshop.path(), maxDbs: MAX_TABLES });
    workshop.closeLater(root);
    const states = new States(root);
    const collector = new StateCollector(root, states.store);
    states.add(ACCOUNTS);
    let collections = 0;
    let peak = 0;
    let alive = 0;
    let most = 0;
    for (let block = 0; block < 32; block++) {
      const written = states.add(CHANGES);
      const wasRunning = collector.isRunning;
      const kept = states.roots.slice(-KEPT_BLOCKS).map(fromKey);
      collector.advance(written, MIN_GARBAGE_NODES, () => kept);
      peak = Math.max(peak, entriesOf(states.store.young) + entriesOf(states.store.old));
      if (!wasRunning || collector.isRunning) continue;
      states.check();
      // What one block writes comes on top: at the start, and while the last step is due.
      const bound = 2 * alive + MIN_GARBAGE_NODES + 1.5 * collector.liveNodes + 2 * written;
      if (collections++ > 0) most = Math.max(most, peak / bound);
      alive = collector.liveNodes;
      peak = 0;
    }
    expect(collections).to.be.greaterThan(2);
    expect(most).to.be.lessThan(1);
    // It would be no bound if it were never nearly reached.
    expect(most).to.be.greaterThan(0.6);
  }).timeout(60_000);
});
