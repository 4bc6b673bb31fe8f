import { keccak256 } from "ethers";
import type { Hex } from "../../types/hex.ts";
import type { PayloadAttributes } from "../../types/payload.ts";
import { type ChainReader, type ExecutionEngine, sealsCandidates } from "../engine/interface.ts";
import type { Mempool } from "../mempool/interface.ts";
import type { Clock } from "../time/interface.ts";
import type { Logger } from "../types/logger.ts";
import { BlockBuild } from "./block-build.ts";
import type { AbandonedBlock, BuiltBlock, Flashblock } from "./interface.ts";
import { type BlockTimes, planIntervals } from "./intervals.ts";
import type { SenderLimits } from "./limits.ts";
import { Measures } from "./measures.ts";
import type { BuilderStats } from "./stats.ts";
import { openWorkshop } from "./workshop.ts";

export interface BuilderParts {
  engine: ExecutionEngine & ChainReader;
  mempool: Mempool;
  clock: Clock;
  /** Hash of the block that the pool's transactions are to follow. */
  head: () => Hex;
  /** Length of an interval. */
  flashblockMs: number;
  /** Whether blocks are sealed as they grow and shown in parts; otherwise once, at their end. */
  isContinuous: boolean;
  limits: SenderLimits;
  stats: BuilderStats;
  /** Shows a part of the block that is being built. Must not throw for one of its readers. */
  show: (flashblock: Flashblock) => void;
  /** What was shown will not come. */
  onAbandoned: (block: AbandonedBlock) => void;
  log: Logger;
}

/** Builds one block at a time, better and better until its end, and shows it as it grows. */
export class BlockBuilder {
  readonly #parts: BuilderParts;
  readonly #measures = new Measures();
  #begun = 0;

  constructor(parts: BuilderParts) {
    this.#parts = parts;
  }

  /**
   * Builds a block on `parentHash`, after what is forced into it out of the pool, until `endMs`; with an empty pool, an
   * empty one. Asked for before `startMs`, it is shown from then on, with what was built until then. What it has shown of a block that it does not finish goes back to the pool, first in line.
   * @param dataBudget Upper bound of the bytes of the pool's raw transactions, so that the checkpoint fits its blobs.
   * @throws the signal's reason if aborted; an error if an engine that fills blocks from a pool of its own put more
   * into it than the budget.
   */
  async build(
    parentHash: Hex,
    attributes: PayloadAttributes,
    { startMs, endMs }: BlockTimes,
    dataBudget: number,
    signal: AbortSignal,
  ): Promise<BuiltBlock> {
    const { engine, clock, isContinuous, flashblockMs } = this.#parts;
    signal.throwIfAborted();
    const isGrowing = isContinuous && sealsCandidates(engine);
    const payloadId = this.#payloadId(parentHash);
    const workshop = await openWorkshop(engine, parentHash, attributes, isContinuous);
    const baseFeePerGas = await engine.getNextBaseFee(parentHash);
    const nowMs = clock.nowMs();
    const times = { startMs: isGrowing ? startMs : nowMs, endMs: endMs - this.#measures.triggerRoomMs };
    const intervals = planIntervals(nowMs, times, {
      flashblockMs: isGrowing ? flashblockMs : Number.MAX_SAFE_INTEGER,
      sealMs: this.#measures.sealMs.value ?? 0,
      gasLimit: attributes.gasLimit,
    });
    const plan = { payloadId, parentHash, attributes, baseFeePerGas, dataBudget, intervals };
    const build = new BlockBuild(this.#parts, this.#measures, plan, workshop);
    try {
      return await build.run(signal);
    } catch (error) {
      this.abandon(payloadId, build.shown, error instanceof Error ? error.message : String(error));
      throw error;
    }
  }

  /** A block whose parts were shown will not come, built or not: its transactions go first in line. */
  abandon(payloadId: Hex, transactions: readonly Hex[], reason: string): void {
    const { mempool, stats, onAbandoned, log } = this.#parts;
    if (transactions.length === 0) return;
    stats.abandoned++;
    mempool
      .onDiscard([...transactions])
      .catch((error: unknown) => log.warn({ error: String(error) }, "the pool did not take back what was shown"));
    onAbandoned({ payloadId, transactions, reason });
  }

  /** Of another block, or of the same one begun at another time, it is another one. */
  #payloadId(parentHash: Hex): Hex {
    const { clock } = this.#parts;
    const seed = Buffer.from(`${parentHash}/${clock.nowMs()}/${this.#begun++}`);
    return keccak256(seed).slice(0, 18) as Hex;
  }
}
