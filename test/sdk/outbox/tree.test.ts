import { expect } from "chai";
import fc from "fast-check";
import { outboxLeaf } from "../../../sdk/outbox/leaf.ts";
import { EMPTY_OUTBOX_ROOT, OUTBOX_DEPTH, OutboxTree, verifyOutboxProof } from "../../../sdk/outbox/tree.ts";
import type { Hex } from "../../../sdk/types/hex.ts";
import vectors from "../../vectors/outbox.json" with { type: "json" };

const owner = { chainId: BigInt(vectors.chainId), rollup: vectors.rollup as Hex };
const leaves = vectors.withdrawals.map(({ leaf }) => leaf as Hex);

function treeOf(...some: Hex[]): OutboxTree {
  const tree = new OutboxTree();
  for (const leaf of some) tree.append(leaf);
  return tree;
}

describe("outboxLeaf", () => {
  const withdrawal = { index: 7, recipient: `0x${"0a".repeat(20)}` as Hex, amountWei: 5n };

  it("gives the vectors' leaves", () => {
    for (const { index, recipient, amountWei, leaf } of vectors.withdrawals) {
      expect(outboxLeaf(owner, { index, recipient: recipient as Hex, amountWei: BigInt(amountWei) })).to.equal(leaf);
    }
  });

  it("changes with every value it commits to", () => {
    const other: Hex = `0x${"0b".repeat(20)}`;
    const different = [
      outboxLeaf(owner, withdrawal),
      outboxLeaf({ ...owner, chainId: owner.chainId + 1n }, withdrawal),
      outboxLeaf({ ...owner, rollup: other }, withdrawal),
      outboxLeaf(owner, { ...withdrawal, index: 8 }),
      outboxLeaf(owner, { ...withdrawal, recipient: other }),
      outboxLeaf(owner, { ...withdrawal, amountWei: 6n }),
    ];
    expect(new Set(different).size).to.equal(different.length);
  });
});

describe("OutboxTree", () => {
  for (const { count, root, proofs } of vectors.trees) {
    it(`gives the vectors' root and proofs of ${count} leaves, also when more came since`, () => {
      for (const tree of [treeOf(...leaves.slice(0, count)), treeOf(...leaves)]) {
        expect(tree.root(count)).to.equal(root);
        for (const { index, siblings } of proofs) expect(tree.proof(index, count)).to.deep.equal(siblings);
      }
    });
  }

  it("proves every leaf of every state, and proves it of no other state, place or content", () => {
    const word = fc
      .uint8Array({ minLength: 32, maxLength: 32 })
      .map((bytes) => `0x${Buffer.from(bytes).toString("hex")}`);
    fc.assert(
      fc.property(fc.uniqueArray(word, { minLength: 2, maxLength: 40 }), fc.nat(), fc.nat(), (some, a, b) => {
        const tree = treeOf(...(some as Hex[]));
        const size = 1 + (a % some.length);
        const index = b % size;
        const leaf = some[index] as Hex;
        const siblings = tree.proof(index, size);
        const holds = (root: Hex, what: Hex, at: number): boolean => verifyOutboxProof(root, what, at, siblings);
        expect(holds(tree.root(size), leaf, index)).to.equal(true);
        expect(holds(tree.root(size - 1), leaf, index)).to.equal(false);
        expect(holds(tree.root(size), leaf, index ^ 1)).to.equal(false);
        expect(holds(tree.root(size), some[(index + 1) % some.length] as Hex, index)).to.equal(false);
      }),
    );
  });

  it("is the zero word while it is empty", () => {
    expect(new OutboxTree().root()).to.equal(EMPTY_OUTBOX_ROOT);
  });

  it("refuses leaves and states that it does not have", () => {
    const tree = treeOf(...leaves.slice(0, 3));
    expect(() => tree.proof(3)).to.throw(RangeError, "one of the first 3, got 3");
    expect(() => tree.proof(2, 2)).to.throw(RangeError, "one of the first 2, got 2");
    expect(() => tree.proof(-1)).to.throw(RangeError);
    expect(() => tree.root(4)).to.throw(RangeError, "the 3 leaves there are, got 4");
    expect(() => tree.append("0x01")).to.throw(TypeError, "expected 32 bytes");
  });
});

describe("verifyOutboxProof", () => {
  it("takes no proof of another length, and no index that no leaf has", () => {
    const tree = treeOf(...leaves);
    const siblings = tree.proof(0);
    const check = (index: number, given: Hex[]): boolean =>
      verifyOutboxProof(tree.root(), leaves[0] as Hex, index, given);
    expect(check(0, siblings)).to.equal(true);
    expect(check(0, siblings.slice(1))).to.equal(false);
    expect(check(0, [...siblings, siblings[0] as Hex])).to.equal(false);
    for (const index of [2 ** OUTBOX_DEPTH, -1, 0.5]) expect(check(index, siblings), `${index}`).to.equal(false);
  });
});
