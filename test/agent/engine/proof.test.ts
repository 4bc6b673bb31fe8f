import { MerklePatriciaTrie, verifyMPTWithMerkleProof } from "@ethereumjs/mpt";
import { expect } from "chai";
import fc from "fast-check";
import { EMPTY_ROOT_KEY, fromKey, type HashKey, type TrieNode } from "../../../sdk/agent/engine/trie/node.ts";
import { proveTrie } from "../../../sdk/agent/engine/trie/proof.ts";
import { TrieBatch } from "../../../sdk/agent/engine/trie/trie.ts";

/** Keys that share long beginnings, so that the trie has extensions and nodes inside their parents. */
const key = fc
  .tuple(fc.constantFrom(0x11, 0x12, 0x21), fc.constantFrom(0x00, 0x01, 0x10), fc.constantFrom(0x00, 0x0f, 0xf0))
  .map((bytes) => Uint8Array.from([0xab, 0xab, ...bytes]));
const value = fc.uint8Array({ minLength: 1, maxLength: 40 });

describe("engine: proofs of a trie", () => {
  it("show what is there and what is not, whatever the trie, to an independent verifier", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(key, value), { maxLength: 12 }), key, async (content, asked) => {
        const nodes = new Map<HashKey, { rlp: Uint8Array; node: TrieNode }>();
        const batch = new TrieBatch({ node: (hash) => nodes.get(hash)?.node as TrieNode }, EMPTY_ROOT_KEY);
        for (const [at, what] of content) batch.put(at, what);
        const root = batch.seal((hash, rlp, node) => nodes.set(hash, { rlp, node }));
        const source = {
          node: (hash: HashKey) => nodes.get(hash)?.node as TrieNode,
          rlp: (hash: HashKey) => nodes.get(hash)?.rlp as Uint8Array,
        };
        const proof = proveTrie(source, root, asked);
        const held = content.findLast(([at]) => Buffer.from(at).equals(asked))?.[1] ?? null;
        if (content.length === 0) {
          expect(proof).to.deep.equal([]);
          return;
        }
        const shown = await verifyMPTWithMerkleProof(new MerklePatriciaTrie(), fromKey(root), asked, proof);
        expect(shown && Buffer.from(shown).toString("hex")).to.equal(held && Buffer.from(held).toString("hex"));
        // And it is as short as can be: each node is on the way, as the other implementation finds it.
        const other = new MerklePatriciaTrie();
        for (const [at, what] of content) await other.put(at, what);
        const { stack } = await other.findPath(asked);
        expect(proof.length).to.be.at.most(Math.max(1, stack.length + 1));
      }),
      { numRuns: 300 },
    );
  });
});
