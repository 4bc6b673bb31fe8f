import { Listeners } from "../types/listeners.ts";
import type { AbandonedBlock, Flashblock } from "./interface.ts";

/** What is told of the block under construction. */
export type FeedEvent =
  | { type: "flashblock"; flashblock: Flashblock }
  /** What was shown of it will not come. */
  | { type: "abandoned"; block: AbandonedBlock; blockNumber: number };

/**
 * The block under construction, as far as it is shown. Whoever asks has it first, then those in this process who
 * listen, then those on the wire: nobody is told of what this agent does not answer for yet.
 */
export class FlashblockFeed {
  readonly #listeners: { bus: Listeners<FeedEvent>; wire: Listeners<FeedEvent> };
  #frames: Flashblock[] = [];

  /** @param onError Told of a listener that fails; the others go on. */
  constructor(onError: (error: unknown) => void) {
    this.#listeners = { bus: new Listeners(onError), wire: new Listeners(onError) };
  }

  /** The newest part of the block that is being built; undefined between two blocks. */
  get latest(): Flashblock | undefined {
    return this.#frames.at(-1);
  }

  /** All parts of that block, from index 0. */
  get frames(): readonly Flashblock[] {
    return this.#frames;
  }

  show(flashblock: Flashblock): void {
    if (this.latest?.payloadId !== flashblock.payloadId) this.#frames = [];
    this.#frames.push(flashblock);
    this.#tell({ type: "flashblock", flashblock });
  }

  abandon(block: AbandonedBlock): void {
    const { latest } = this;
    // Of one that something else has taken the place of, everybody knows.
    if (latest?.payloadId !== block.payloadId) return;
    this.#frames = [];
    this.#tell({ type: "abandoned", block, blockNumber: latest.payload.blockNumber });
  }

  /** A block is the head: what was shown of it, or of another one in its place, is over. */
  onHead(blockNumber: number): void {
    if (this.latest !== undefined && this.latest.payload.blockNumber <= blockNumber) this.#frames = [];
  }

  /** Calls `listener` with what is shown from now on, until the returned function is called. */
  on(where: "bus" | "wire", listener: (event: FeedEvent) => void): () => void {
    return this.#listeners[where].add(listener);
  }

  #tell(event: FeedEvent): void {
    this.#listeners.bus.tell(event);
    this.#listeners.wire.tell(event);
  }
}
