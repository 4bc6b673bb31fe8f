import type { Hex } from "../../types/hex.ts";
import type { PayloadAttributes } from "../../types/payload.ts";
import type { SealedCandidate } from "../engine/interface.ts";
import type { Interval } from "./intervals.ts";
import type { Executed } from "./lineage.ts";

/** What is built, and how far. */
export interface BlockPlan {
  payloadId: Hex;
  parentHash: Hex;
  attributes: PayloadAttributes;
  baseFeePerGas: bigint;
  /** Bytes of raw transactions of the pool. */
  dataBudget: number;
  /** At least one. */
  intervals: readonly Interval[];
}

/** A sealed order of transactions: finished bytes. Never changed. */
export interface Candidate {
  /** Of the pool. */
  entries: readonly Executed[];
  feesWei: bigint;
  sealed: SealedCandidate;
  /** When its content was final. */
  atMs: number;
}

/** What the triggers of a block and the loop that improves it have in common. */
export class Board {
  readonly plan: BlockPlan;
  /** One for each interval: what was begun under another one came too late. */
  generation = 0;
  best: Candidate | undefined;
  /** Transactions of the pool that were shown. */
  shown: readonly Executed[] = [];
  flashblocks = 0;
  forced = { count: 0, gasUsed: 0n };
  isOver = false;

  constructor(plan: BlockPlan) {
    this.plan = plan;
  }

  /** The current one; after the end, the last. */
  get interval(): Interval {
    return this.plan.intervals[Math.min(this.generation, this.plan.intervals.length - 1)] as Interval;
  }

  /** The end has come, and nothing was there. */
  get isOvertime(): boolean {
    return this.generation >= this.plan.intervals.length;
  }

  /** The first transaction of the block that was not shown. */
  get from(): number {
    return this.flashblocks === 0 ? 0 : this.forced.count + this.shown.length;
  }

  /** Whether a candidate has something to show: the first one has, however empty. */
  isNew({ entries }: Candidate): boolean {
    return this.flashblocks === 0 || entries.length > this.shown.length;
  }
}
