import { createMPT } from "@ethereumjs/mpt";
import { RLP } from "@ethereumjs/rlp";
import { expect } from "chai";
import { decodeNode, EMPTY_ROOT_KEY, fromKey, type HashKey } from "../../../sdk/agent/engine/trie/node.ts";
import { orderedRoot } from "../../../sdk/agent/engine/trie/ordered-root.ts";
import { type NodeSource, readTrie, TrieBatch } from "../../../sdk/agent/engine/trie/trie.ts";
import { random } from "./random-transactions.ts";

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString("hex");

/** Nodes as a database would hold them: only their bytes. */
class MemoryNodes implements NodeSource {
  readonly rlp = new Map<HashKey, Uint8Array>();

  node(hash: HashKey) {
    const rlp = this.rlp.get(hash);
    if (rlp === undefined) throw new Error("node is missing");
    return decodeNode(rlp);
  }
}

describe("engine: trie", () => {
  // Two-byte keys are dense enough to meet every split and collapse, and values this short make nodes embed in parents.
  for (const [keyLength, valueLength] of [
    [2, 1],
    [2, 40],
    [32, 33],
  ] as const) {
    const seed = Math.floor(Math.random() * 2 ** 31);
    it(`agrees with the reference after random changes, ${keyLength}-byte keys, ${valueLength}-byte values (seed ${seed})`, async () => {
      const next = random(seed);
      const bytes = (length: number, range: number): Uint8Array =>
        Uint8Array.from({ length }, () => 1 + Math.floor(next() * range));
      const reference = await createMPT();
      const nodes = new MemoryNodes();
      const model = new Map<string, Uint8Array>();
      const roots: [HashKey, Map<string, Uint8Array>][] = [];
      let root = EMPTY_ROOT_KEY;
      for (let round = 0; round < 60; round++) {
        const batch = new TrieBatch(nodes, root);
        for (let i = 0; i < 12; i++) {
          const known = [...model.keys()];
          const reuse = known.length > 0 && next() < 0.5;
          const key = reuse
            ? Buffer.from(known[Math.floor(next() * known.length)] as string, "hex")
            : bytes(keyLength, 40);
          // Rounds of growth and of removal in turn, down to the empty trie.
          if (next() < (round % 20 < 10 ? 0.2 : 0.9)) {
            batch.delete(key);
            await reference.del(key);
            model.delete(hex(key));
          } else {
            const value = bytes(valueLength, 200);
            batch.put(key, value);
            await reference.put(key, value);
            model.set(hex(key), value);
          }
        }
        root = batch.seal((hash, rlp) => nodes.rlp.set(hash, rlp));
        expect(hex(fromKey(root))).to.equal(hex(reference.root()));
        roots.push([root, new Map(model)]);
      }
      for (const [old, contents] of roots) {
        for (const [key, value] of contents) expect(readTrie(nodes, old, Buffer.from(key, "hex"))).to.deep.equal(value);
        expect(readTrie(nodes, old, new Uint8Array(keyLength))).to.equal(undefined);
      }
    });
  }

  it("a sealed batch can be read, changed and sealed again", () => {
    const nodes = new MemoryNodes();
    const batch = new TrieBatch(nodes, EMPTY_ROOT_KEY);
    batch.put(Uint8Array.of(1, 2), Uint8Array.of(9));
    const first = batch.seal((hash, rlp) => nodes.rlp.set(hash, rlp));
    batch.put(Uint8Array.of(1, 3), Uint8Array.of(8));
    expect(batch.seal((hash, rlp) => nodes.rlp.set(hash, rlp))).not.to.equal(first);
    batch.delete(Uint8Array.of(1, 3));
    expect(batch.seal(() => {})).to.equal(first);
    batch.delete(Uint8Array.of(1, 2));
    expect(batch.seal(() => {})).to.equal(EMPTY_ROOT_KEY);
  });

  it("lists of any length have the reference's root", async () => {
    for (const length of [0, 1, 2, 127, 128, 129, 300]) {
      const values = Array.from({ length }, (_, index) => Uint8Array.of(index & 0xff, 1, 2, 3));
      const reference = await createMPT();
      for (const [index, value] of values.entries()) await reference.put(RLP.encode(index), value);
      expect(hex(orderedRoot(values))).to.equal(hex(reference.root()));
    }
  });

  it("a missing node is an error, not an absent value", () => {
    expect(() => readTrie(new MemoryNodes(), "x".repeat(32), Uint8Array.of(1))).to.throw("node is missing");
  });
});
