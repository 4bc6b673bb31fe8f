import { encodeBlockData } from "../../blob/blockData.ts";
import type { Hex } from "../../types/hex.ts";
import { EngineError } from "../engine/interface.ts";
import type { BuilderParts } from "./block-builder.ts";
import { type BlockPlan, Board, type Candidate } from "./board.ts";
import { Improver } from "./improver.ts";
import type { BuiltBlock } from "./interface.ts";
import type { Interval } from "./intervals.ts";
import type { Measures } from "./measures.ts";
import { triggerAction } from "./trigger.ts";
import type { Workshop } from "./workshop.ts";

/** After a failure that is not the engine's, the loop goes on after this. */
const RESTART_MS = 25;

/**
 * One block under construction. A loop improves what is sealed; triggers, at the end of each interval, show it. A
 * trigger waits for nobody, and there is no `await` from its decision to the last byte it shows.
 */
export class BlockBuild {
  readonly #parts: BuilderParts;
  readonly #measures: Measures;
  readonly #board: Board;
  readonly #workshop: Workshop;
  readonly #improver: Improver;
  readonly #done = Promise.withResolvers<BuiltBlock>();
  readonly #over = new AbortController();
  /** What the block's end needs of its best candidate, made when there is time. */
  readonly #datas = new WeakMap<Candidate, Uint8Array>();
  /** Resolves when the engine holds the block, or has refused it. */
  #kept: Promise<void> = Promise.resolve();
  #cancels: (() => void)[] = [];

  constructor(parts: BuilderParts, measures: Measures, plan: BlockPlan, workshop: Workshop) {
    this.#parts = parts;
    this.#measures = measures;
    this.#board = new Board(plan);
    this.#workshop = workshop;
    this.#improver = new Improver(parts, measures, this.#board, workshop, (best) => this.#onBest(best));
  }

  /** Signed transactions shown so far, in their order. */
  get shown(): Hex[] {
    const { best, from } = this.#board;
    return best?.sealed.payload.transactions.slice(0, from) ?? [];
  }

  /** Builds until the last trigger. Rejects with the signal's reason, or with what the engine failed with. */
  async run(signal: AbortSignal): Promise<BuiltBlock> {
    const { clock, log, stats } = this.#parts;
    const onAbort = (): void => this.#fail(signal.reason);
    signal.addEventListener("abort", onAbort, { once: true });
    if (signal.aborted) onAbort();
    else {
      this.#cancels = this.#board.plan.intervals.map((interval) =>
        clock.at(interval.triggerMs, () => this.#onTrigger(interval)),
      );
    }
    stats.building++;
    void this.#follow();
    try {
      return await this.#done.promise;
    } finally {
      stats.building--;
      signal.removeEventListener("abort", onAbort);
      // Only then: an engine that is busy drops at once, and keeps when it comes to it.
      this.#kept
        .then(() => this.#workshop.drop())
        .catch((error: unknown) => log.debug({ error: String(error) }, "payload not dropped"));
    }
  }

  #onTrigger(interval: Interval): void {
    const { stats, clock } = this.#parts;
    stats.triggerBeatMs = clock.nowMs();
    stats.triggerLateMs = Math.max(0, clock.nowMs() - interval.triggerMs);
    this.#measures.lateMs.add(stats.triggerLateMs);
    this.#fire(interval);
  }

  /** Each trigger stands for itself: one that fails takes none of the others with it. */
  #fire(interval: Interval): void {
    const { stats, log } = this.#parts;
    const { index, last } = interval;
    try {
      this.#trigger(interval);
    } catch (error) {
      stats.triggerFailures++;
      log.error({ error: String(error), index }, "a trigger failed, the next one goes on");
    }
    const { best, isOver } = this.#board;
    if (last && best !== undefined && !isOver) this.#finish(best);
  }

  #trigger(interval: Interval): void {
    const board = this.#board;
    const { stats } = this.#parts;
    const { best } = board;
    const resolved = best === undefined ? "none" : board.isNew(best) ? "new" : "shown";
    const action = triggerAction({ cancelled: board.isOver, resolved });
    if (action === "stop") return;
    const isEmptyHanded = (best?.entries.length ?? 0) === board.shown.length;
    if (isEmptyHanded && this.#improver.isAhead) stats.noteMiss(interval.index);
    else stats.triggersReady++;
    board.generation = interval.index + 1;
    if (action === "publish") this.#show(best as Candidate);
  }

  #show(best: Candidate): void {
    const { limits, clock, stats, show } = this.#parts;
    const board = this.#board;
    const { from } = board;
    for (const { from: sender, gasUsed, tookMs } of best.entries.slice(board.shown.length)) {
      limits.charge(sender, { gas: gasUsed, computeMs: tookMs }, clock.nowMs());
    }
    board.shown = best.entries;
    // What an engine chose by itself is known when the block is whole, and not what came of it.
    if (!this.#workshop.isContinuous) return;
    const index = board.flashblocks++;
    stats.flashblocks++;
    stats.stalenessMs = clock.nowMs() - best.atMs;
    const { payload, receipts, balancesWei } = best.sealed;
    show({ payloadId: board.plan.payloadId, index, payload, from, receipts, balancesWei });
  }

  #onBest(best: Candidate): void {
    const { interval, isOvertime } = this.#board;
    if (interval.last) this.#datas.set(best, encodeBlockData(best.sealed.payload));
    if (isOvertime) this.#fire(interval);
  }

  #finish(best: Candidate): void {
    const { log } = this.#parts;
    const { payload } = best.sealed;
    this.#end();
    // Sent before anything else that the block sets off: the engine knows it by then.
    this.#kept = this.#workshop.keep(payload.blockHash).catch((error: unknown) => {
      log.warn({ error: String(error) }, "the engine did not keep a block, and executes it again");
    });
    const { payloadId } = this.#board.plan;
    this.#done.resolve({ payload, data: this.#datas.get(best) ?? encodeBlockData(payload), payloadId });
  }

  #fail(reason: unknown): void {
    this.#end();
    this.#done.reject(reason);
  }

  #end(): void {
    this.#board.isOver = true;
    for (const cancel of this.#cancels) cancel();
    this.#over.abort(new Error("the block is done"));
  }

  /** Keeps the loop going: what fails beside the engine is told and tried again, and the triggers go on meanwhile. */
  async #follow(): Promise<void> {
    const { stats, clock, log } = this.#parts;
    while (!this.#board.isOver) {
      try {
        await this.#improver.run(this.#over.signal);
      } catch (error) {
        if (this.#board.isOver) return;
        const isEngines = error instanceof EngineError && error.code !== "overloaded";
        // Past its end there is no trigger that could go on with what there is.
        if (isEngines || this.#board.isOvertime) return this.#fail(error);
        stats.poolFailures++;
        log.error({ error: String(error) }, "following the pool failed, trying on");
        await clock.sleepUntil(clock.nowMs() + RESTART_MS, this.#over.signal).catch(() => {});
      }
    }
  }
}
