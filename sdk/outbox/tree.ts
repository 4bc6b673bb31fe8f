import { keccak_256 } from "@noble/hashes/sha3.js";
import { bytesToHex, type Hex, hexToBytes } from "../types/hex.ts";

/** Rows of the tree between a leaf and the root. */
export const OUTBOX_DEPTH = 32;

/** Most withdrawals the outbox ever takes. */
export const OUTBOX_CAPACITY = 2 ** OUTBOX_DEPTH - 1;

/** The root while there is no withdrawal. */
export const EMPTY_OUTBOX_ROOT: Hex = `0x${"00".repeat(32)}`;

const hashPair = (left: Uint8Array, right: Uint8Array): Uint8Array => keccak_256(Buffer.concat([left, right]));

/** Root of an empty subtree of each height, the whole tree's last. */
const EMPTY_SUBTREES: Uint8Array[] = [new Uint8Array(32)];
for (let height = 1; height <= OUTBOX_DEPTH; height++) {
  const below = emptySubtree(height - 1);
  EMPTY_SUBTREES.push(hashPair(below, below));
}

function emptySubtree(height: number): Uint8Array {
  return EMPTY_SUBTREES[height] as Uint8Array;
}

/**
 * The outbox's tree with all its leaves, which proofs need; it answers for the present and for every earlier state.
 * Takes about 300 bytes a withdrawal.
 */
export class OutboxTree {
  /** By height: roots of the full subtrees, from the left. */
  readonly #rows: Uint8Array[][] = Array.from({ length: OUTBOX_DEPTH + 1 }, () => []);

  /** Withdrawals in it. */
  get size(): number {
    return (this.#rows[0] as Uint8Array[]).length;
  }

  /**
   * Appends a leaf.
   * @throws RangeError when the tree is full, TypeError unless the leaf is 32 bytes.
   */
  append(leaf: Hex): void {
    if (this.size >= OUTBOX_CAPACITY) throw new RangeError(`the outbox is full: it takes ${OUTBOX_CAPACITY} leaves`);
    let node = wordBytes(leaf);
    for (let height = 0; ; height++) {
      const row = this.#rows[height] as Uint8Array[];
      row.push(node);
      if (row.length % 2 === 1) return;
      node = hashPair(row.at(-2) as Uint8Array, node);
    }
  }

  /**
   * The root after the first `size` leaves, all of them by default.
   * @throws RangeError when there are not as many.
   */
  root(size = this.size): Hex {
    this.#requireSize(size);
    return size === 0 ? EMPTY_OUTBOX_ROOT : bytesToHex(this.#node(OUTBOX_DEPTH, 0, size));
  }

  /**
   * The siblings of leaf `index` on its way to the root after the first `size` leaves, its own sibling first.
   * @throws RangeError unless the leaf is one of these.
   */
  proof(index: number, size = this.size): Hex[] {
    this.#requireSize(size);
    if (!Number.isSafeInteger(index) || index < 0 || index >= size) {
      throw new RangeError(`leaf: expected one of the first ${size}, got ${index}`);
    }
    return Array.from({ length: OUTBOX_DEPTH }, (_, height) => {
      const position = Math.floor(index / 2 ** height);
      return bytesToHex(this.#node(height, position % 2 === 0 ? position + 1 : position - 1, size));
    });
  }

  #node(height: number, position: number, size: number): Uint8Array {
    if ((position + 1) * 2 ** height <= size) return (this.#rows[height] as Uint8Array[])[position] as Uint8Array;
    if (position * 2 ** height >= size) return emptySubtree(height);
    return hashPair(this.#node(height - 1, 2 * position, size), this.#node(height - 1, 2 * position + 1, size));
  }

  #requireSize(size: number): void {
    if (Number.isSafeInteger(size) && size >= 0 && size <= this.size) return;
    throw new RangeError(`size: expected at most the ${this.size} leaves there are, got ${size}`);
  }
}

/**
 * Whether `siblings`, from the leaf's own up, lead from leaf `index` to `root`.
 * @throws TypeError for a value that is not 32 bytes.
 */
export function verifyOutboxProof(root: Hex, leaf: Hex, index: number, siblings: readonly Hex[]): boolean {
  if (siblings.length !== OUTBOX_DEPTH || !Number.isSafeInteger(index) || index < 0 || index >= OUTBOX_CAPACITY) {
    return false;
  }
  let node = wordBytes(leaf);
  siblings.forEach((sibling, height) => {
    const isRight = Math.floor(index / 2 ** height) % 2 === 1;
    node = isRight ? hashPair(wordBytes(sibling), node) : hashPair(node, wordBytes(sibling));
  });
  return bytesToHex(node) === root.toLowerCase();
}

function wordBytes(word: Hex): Uint8Array {
  const bytes = hexToBytes(word);
  if (bytes.length !== 32) throw new TypeError(`expected 32 bytes of hex, got ${word}`);
  return bytes;
}
