import type { Hex } from "../../../types/hex.ts";
import type { ExecutionPayload } from "../../../types/payload.ts";

/** Blocks kept at most; the oldest is dropped. More than agents ever hold above what is on L1. */
export const MAX_RECENT_BLOCKS = 512;

/** The last valid blocks, for a client that lost them: one that was killed comes back with an older chain. */
export class RecentBlocks {
  /** Oldest first. */
  readonly #blocks = new Map<Hex, ExecutionPayload>();

  add(block: ExecutionPayload): void {
    this.#blocks.set(block.blockHash, block);
    for (const oldest of this.#blocks.keys()) {
      if (this.#blocks.size <= MAX_RECENT_BLOCKS) break;
      this.#blocks.delete(oldest);
    }
  }

  /** The blocks held that lead to `hash`, parents first, that one included. */
  lineage(hash: Hex): ExecutionPayload[] {
    const found: ExecutionPayload[] = [];
    for (let at = this.#blocks.get(hash); at !== undefined; at = this.#blocks.get(at.parentHash)) found.push(at);
    return found.reverse();
  }
}
