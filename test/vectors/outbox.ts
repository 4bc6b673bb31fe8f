// Writes outbox.json beside it: a few withdrawals, the outbox root after some of them, and proofs. The tree is written
// down here once more as its definition says, from the root down, so that the vectors do not come from what they test.
import { writeFileSync } from "node:fs";
import { AbiCoder, concat, keccak256, ZeroHash } from "ethers";

const DEPTH = 32;
const chainId = 31_337;
const rollup = "0x5fbdb2315678afecb367f032d93f642f64180aa3";
const COUNTS = [0, 1, 2, 3, 5, 8];

const withdrawals = Array.from({ length: Math.max(...COUNTS) }, (_, index) => {
  const recipient = `0x${String(index + 1).repeat(40)}`;
  const amountWei = (10n ** BigInt(2 * index) + BigInt(index)).toString();
  const types = ["uint256", "address", "uint256", "address", "uint256"];
  const encoded = AbiCoder.defaultAbiCoder().encode(types, [chainId, rollup, index, recipient, amountWei]);
  return { index, recipient, amountWei, leaf: keccak256(encoded) };
});

/** Node `position` of the row `height` above the leaves, when the tree has `count` of them. */
function node(count: number, height: number, position: number): string {
  if (position * 2 ** height >= count) return emptySubtree(height);
  if (height === 0) return withdrawals[position]?.leaf ?? ZeroHash;
  return keccak256(concat([node(count, height - 1, 2 * position), node(count, height - 1, 2 * position + 1)]));
}

function emptySubtree(height: number): string {
  let hash: string = ZeroHash;
  for (let row = 0; row < height; row++) hash = keccak256(concat([hash, hash]));
  return hash;
}

/** From the leaf's own sibling up. */
const siblings = (count: number, index: number): string[] =>
  Array.from({ length: DEPTH }, (_, height) => node(count, height, Math.floor(index / 2 ** height) ^ 1));

const trees = COUNTS.map((count) => ({
  count,
  root: count === 0 ? ZeroHash : node(count, DEPTH, 0),
  proofs: Array.from({ length: count }, (_, index) => ({ index, siblings: siblings(count, index) })),
}));

const vectors = { chainId, rollup, depth: DEPTH, withdrawals, trees };
writeFileSync(new URL("./outbox.json", import.meta.url), `${JSON.stringify(vectors, undefined, 2)}\n`);
