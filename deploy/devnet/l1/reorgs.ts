import type { L1Mark, L1Node } from "./interface.ts";

/** L1 slots whose state is kept to go back to: more than a rollup slot and its handoff window. */
const KEPT_SLOTS = 16;

/** Mines an L1 node's blocks slot by slot, and takes the last ones back. */
export class ReorganizingL1 {
  readonly #node: Pick<L1Node, "mineAt" | "mark" | "goBack" | "take">;
  /** Before each of the last L1 slots; at most `KEPT_SLOTS`, the oldest dropped. */
  #before: { timestamp: number; mark: L1Mark }[] = [];

  constructor(node: Pick<L1Node, "mineAt" | "mark" | "goBack" | "take">) {
    this.#node = node;
  }

  /** Number of the newest block that can go no more; undefined before the first slot. */
  get finalBlock(): number | undefined {
    return this.#before[0]?.mark.blockNumber;
  }

  /** Makes the blocks of the L1 slot that starts at `timestamp` (Unix seconds). */
  async mineAt(timestamp: number): Promise<void> {
    this.#before.push({ timestamp, mark: await this.#node.mark() });
    if (this.#before.length > KEPT_SLOTS) this.#before.shift();
    await this.#node.mineAt(timestamp);
  }

  /**
   * Puts other blocks in the place of those of the last `depth` L1 slots. The first of these slots stays empty, so that
   * a time differs: the same content at the same time would be the same block. What the blocks held comes again in the
   * second, or, unless `keeps`, is forgotten: it is asked for each raw transaction. Answers how many L1 slots were
   * replaced.
   */
  async reorganize(depth: number, keeps: (raw: string) => boolean): Promise<number> {
    const gone = this.#before.slice(-depth);
    const first = gone[0];
    if (first === undefined) return 0;
    this.#before = this.#before.slice(0, -gone.length);
    const raws = await this.#node.goBack(first.mark);
    // What the new chain does not take any more, such as a second transaction of one nonce, is gone as well.
    for (const raw of raws.filter((raw) => keeps(raw))) await this.#node.take(raw).catch(() => undefined);
    for (const { timestamp } of gone.slice(1)) await this.mineAt(timestamp);
    return gone.length;
  }
}
