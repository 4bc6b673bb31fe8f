import type { Hex } from "../../../sdk/types/hex.ts";
import type { LoadReport } from "../report.ts";

/** What of an L2 block matters for following transactions. */
export interface SeenBlock {
  number: number;
  hash: Hex;
  parentHash: Hex;
  transactions: Hex[];
}

interface Outstanding {
  raw: Hex;
  /** Unix ms of the last time it was sent. */
  sentMs: number;
  /** Block it was last seen in; undefined while unseen or after that block was discarded. */
  block: number | undefined;
  /** It was seen in a block once: from there it is the agents' to keep. */
  shown: boolean;
}

/**
 * Follows every transaction of the load until it is in a block that is on L1. Holds the outstanding transactions and
 * the blocks above the safe one; the load's own bound on outstanding transactions bounds both.
 */
export class InclusionTracker {
  readonly #outstanding = new Map<Hex, Outstanding>();
  /** Blocks above the safe one, by number. */
  readonly #blocks = new Map<number, SeenBlock>();
  #safe = 0;
  #sent = 0;
  #landed = 0;
  #resent = 0;

  get outstanding(): number {
    return this.#outstanding.size;
  }

  /** A node took the transaction. */
  onSent(hash: Hex, raw: Hex, nowMs: number): void {
    this.#sent++;
    this.#outstanding.set(hash, { raw, sentMs: nowMs, block: undefined, shown: false });
  }

  /** Hash of the block held at a height, to see whether the chain below has changed. */
  hashAt(number: number): Hex | undefined {
    return this.#blocks.get(number)?.hash;
  }

  /** Whether the block at this height is on L1, and so not looked at again. */
  isLanded(number: number): boolean {
    return number <= this.#safe;
  }

  /** A block of the current head chain; takes the place of what stood at its height and above. */
  onBlock(block: SeenBlock): void {
    for (const number of [...this.#blocks.keys()].filter((held) => held >= block.number)) this.#forget(number);
    this.#blocks.set(block.number, block);
    for (const hash of block.transactions) {
      const entry = this.#outstanding.get(hash);
      if (entry === undefined) continue;
      entry.block = block.number;
      entry.shown = true;
    }
  }

  /** Blocks up to `number` are on L1: what they hold has landed. */
  onSafe(number: number): void {
    this.#safe = Math.max(this.#safe, number);
    for (const [height, block] of this.#blocks) {
      if (height > number) continue;
      for (const hash of block.transactions) if (this.#outstanding.delete(hash)) this.#landed++;
      this.#blocks.delete(height);
    }
  }

  /**
   * Raw transactions to be sent once more, in the order they were first sent: never shown in a block, for `patienceMs`.
   * What was shown is never sent again: if its block is discarded, the agents must bring it back, or it is lost.
   */
  takeStale(nowMs: number, patienceMs: number): Hex[] {
    const stale = [...this.#outstanding.values()].filter(({ shown, sentMs }) => !shown && nowMs - sentMs >= patienceMs);
    for (const entry of stale) entry.sentMs = nowMs;
    this.#resent += stale.length;
    return stale.map((entry) => entry.raw);
  }

  report(): LoadReport {
    return { sent: this.#sent, landed: this.#landed, lost: this.#outstanding.size, resent: this.#resent };
  }

  #forget(number: number): void {
    for (const hash of this.#blocks.get(number)?.transactions ?? []) {
      const entry = this.#outstanding.get(hash);
      if (entry !== undefined) entry.block = undefined;
    }
    this.#blocks.delete(number);
  }
}
