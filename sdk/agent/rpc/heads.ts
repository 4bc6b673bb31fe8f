import type { Hex } from "../../types/hex.ts";
import type { ExecutionPayload } from "../../types/payload.ts";
import type { ChainReader } from "../engine/interface.ts";
import { Listeners } from "../types/listeners.ts";
import type { Logger } from "../types/logger.ts";
import { unlessUnknown } from "./blocks.ts";
import type { NodeView } from "./interface.ts";

/** Blocks remembered: of a change of the head that goes further back, only this many are announced. */
const MAX_DEPTH = 256;

/** How the head chain changed. */
export interface HeadChange {
  /** Blocks that left, newest first. */
  removed: Hex[];
  /** Blocks that came, oldest first. */
  added: ExecutionPayload[];
}

/**
 * Turns "the head is now there" into the blocks that left and came, in order and without gaps. One change is worked on
 * at a time; heads that arrive meanwhile are passed over for the latest.
 */
export class HeadFollower {
  readonly #chain: Pick<ChainReader, "getBlock">;
  readonly #log: Logger;
  readonly #listeners: Listeners<HeadChange>;
  readonly #unsubscribe: () => void;
  /** The head chain as announced, oldest first. */
  #announced: { hash: Hex; number: number }[] = [];
  #target: Hex | undefined;
  #isWorking = false;

  constructor(chain: Pick<ChainReader, "getBlock">, node: NodeView, log: Logger) {
    this.#chain = chain;
    this.#log = log;
    this.#listeners = new Listeners((error) => log.error({ error: String(error) }, "a listener to heads failed"));
    const { head } = node.tips();
    this.#announced.push({ hash: head.blockHash, number: head.blockNumber });
    this.#unsubscribe = node.onHead((tip) => {
      this.#target = tip.blockHash;
      if (!this.#isWorking) void this.#work();
    });
  }

  /** Calls `listener` after each change, until the returned function is called. */
  subscribe(listener: (change: HeadChange) => void): () => void {
    return this.#listeners.add(listener);
  }

  stop(): void {
    this.#unsubscribe();
    this.#listeners.clear();
  }

  async #work(): Promise<void> {
    this.#isWorking = true;
    try {
      while (this.#target !== undefined) {
        const target = this.#target;
        this.#target = undefined;
        await this.#moveTo(target).catch((error: unknown) => {
          this.#log.warn(
            { error: String(error), head: target },
            "head change not announced, the next one will include it",
          );
        });
      }
    } finally {
      this.#isWorking = false;
    }
  }

  async #moveTo(head: Hex): Promise<void> {
    const added: ExecutionPayload[] = [];
    let hash = head;
    let at = this.#indexOf(hash);
    while (at < 0 && added.length < MAX_DEPTH) {
      const block = await unlessUnknown(this.#chain.getBlock(hash));
      if (block === undefined) break;
      added.unshift(block);
      if (block.blockNumber <= (this.#announced[0]?.number ?? 0)) break;
      hash = block.parentHash;
      at = this.#indexOf(hash);
    }
    if (at < 0 && added.length === 0) throw new Error("the head block is not known to the engine");
    const removed = this.#announced.slice(at + 1).reverse();
    if (added.length === 0 && removed.length === 0) return;
    const kept = at < 0 ? [] : this.#announced.slice(0, at + 1);
    this.#announced = [...kept, ...added.map((block) => ({ hash: block.blockHash, number: block.blockNumber }))].slice(
      -MAX_DEPTH,
    );
    this.#listeners.tell({ removed: removed.map((block) => block.hash), added });
  }

  #indexOf(hash: Hex): number {
    return this.#announced.findLastIndex((block) => block.hash === hash);
  }
}
