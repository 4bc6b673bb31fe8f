import { keccak256 } from "ethers";
import type { Hex } from "../../types/hex.ts";
import { EngineError, type SealedCandidate } from "../engine/interface.ts";
import type { PooledTransaction } from "../mempool/interface.ts";
import { effectiveTip } from "../mempool/order.ts";
import type { BuilderParts } from "./block-builder.ts";
import type { Board, Candidate } from "./board.ts";
import { gasBudget } from "./intervals.ts";
import type { Allowance } from "./limits.ts";
import { commonLength, isBetter, Lineage } from "./lineage.ts";
import type { Measures } from "./measures.ts";
import { byteLength, type Room, replaceableFrom, select } from "./selection.ts";
import { BACK_OFF_MS, nextStep } from "./step.ts";
import type { Workshop } from "./workshop.ts";

/** Transactions offered to the engine at once: a deadline is never overrun by more than one of them. */
const BATCH = 32;
/** Seals leave the thread to execution for this many times what they take, and at least for `MIN_SPACING_MS`. */
const SPACING = 4;
const MIN_SPACING_MS = 40;
/** Less execution than this says nothing about the engine's pace. */
const MIN_PACE_MS = 5;

/**
 * Appends, replaces and seals, one thing after the other, and puts what is better on the board. It reads its budgets
 * from the board and from what the payload holds, so that nothing begun in an earlier interval is counted in a later one.
 */
export class Improver {
  readonly #parts: BuilderParts;
  readonly #measures: Measures;
  readonly #board: Board;
  readonly #workshop: Workshop;
  readonly #onBest: (candidate: Candidate) => void;
  readonly #lineage = new Lineage();
  /** Out of the question for this block: forced, or refused by the engine. */
  readonly #out: Set<Hex>;
  /** The interval whose budget is in force. */
  #generation = -1;
  #intervalGas = 0n;
  /** Those that others had to make room for in this interval: once is enough. */
  readonly #tried = new Set<Hex>();
  #seenEpoch = -1;
  #backOffMs: number = BACK_OFF_MS.first;
  #sealFromMs = 0;

  /** @param onBest Told of each candidate that is the best one now. */
  constructor(
    parts: BuilderParts,
    measures: Measures,
    board: Board,
    workshop: Workshop,
    onBest: (candidate: Candidate) => void,
  ) {
    this.#parts = parts;
    this.#measures = measures;
    this.#board = board;
    this.#workshop = workshop;
    this.#onBest = onBest;
    this.#out = new Set(board.plan.attributes.forced?.map((raw) => keccak256(raw) as Hex));
  }

  /** Whether the payload holds what no candidate shows. */
  get isAhead(): boolean {
    return this.#lineage.entries.length > (this.#board.best?.entries.length ?? -1);
  }

  /** Goes on until the block is over. */
  async run(signal: AbortSignal): Promise<void> {
    const { clock, stats, mempool } = this.#parts;
    while (!this.#board.isOver) {
      stats.poolBeatMs = clock.nowMs();
      await this.#align();
      this.#enterInterval();
      const next = nextStep({
        nowMs: clock.nowMs(),
        triggerMs: this.#board.interval.triggerMs,
        fillUntilMs: this.#fillUntilMs,
        hasCandidate: this.#board.best !== undefined,
        isContinuous: this.#workshop.isContinuous,
        isAhead: isBetter(this.#lineage, this.#board.best),
        sealFromMs: this.#sealFromMs,
        poolMoved: mempool.epoch !== this.#seenEpoch,
        backOffMs: this.#backOffMs,
      });
      if (next.step === "seal") await this.#seal();
      else if (next.step === "fill") await this.#fill();
      else {
        this.#backOffMs = Math.min(this.#backOffMs * 2, BACK_OFF_MS.most);
        await clock.sleepUntil(next.untilMs, signal).catch(() => {});
      }
    }
  }

  get #fillUntilMs(): number {
    return this.#board.interval.triggerMs - this.#measures.sealRoomMs;
  }

  /** A new interval has its own budget, for which the pool is looked at anew. */
  #enterInterval(): void {
    const { generation, interval, forced } = this.#board;
    if (generation === this.#generation) return;
    this.#generation = generation;
    const usedGas = forced.gasUsed + this.#lineage.gasUsed;
    const { gasPerMs, sealMs } = this.#measures;
    this.#intervalGas = gasBudget(interval, usedGas, gasPerMs.value, sealMs.value ?? 0);
    this.#tried.clear();
    this.#seenEpoch = -1;
    this.#backOffMs = BACK_OFF_MS.first;
  }

  /** What was shown is what is gone on from: an order that lost to it leaves the payload. */
  async #align(): Promise<void> {
    const { shown } = this.#board;
    const common = commonLength(this.#lineage.entries, shown);
    if (common === shown.length) return;
    await this.#undo(common);
    const lost = shown.slice(common);
    const raws = lost.map(({ raw }) => raw);
    const results = await this.#workshop.append(raws, Number.POSITIVE_INFINITY);
    if (results.filter(({ outcome }) => outcome === "included").length < lost.length) {
      throw new EngineError("crashed", "the engine does not execute again what it had executed");
    }
    for (const entry of lost) this.#lineage.push(entry);
  }

  async #undo(count: number): Promise<void> {
    await this.#workshop.undo(this.#board.forced.count + count);
    this.#lineage.truncate(count);
  }

  async #seal(): Promise<void> {
    const { clock, stats } = this.#parts;
    const board = this.#board;
    const { generation } = board;
    const entries = [...this.#lineage.entries];
    const { feesWei } = this.#lineage;
    const atMs = clock.nowMs();
    const sealed = await this.#workshop.seal(board.from, board.best?.sealed.payload.blockHash);
    const tookMs = clock.nowMs() - atMs;
    this.#measures.sealMs.add(tookMs);
    stats.candidates++;
    if (board.isOver) return;
    if (board.best === undefined) this.#noteFirst(sealed);
    // The first one is taken whenever it comes; any other one only in the interval that it was made for.
    else if (generation !== board.generation) return;
    this.#sealFromMs = clock.nowMs() + Math.max(MIN_SPACING_MS, SPACING * tookMs);
    const candidate: Candidate = { entries, feesWei, sealed, atMs };
    if (!isBetter(candidate, board.best)) return;
    if (board.best !== undefined && board.isNew(board.best)) {
      stats.improved++;
      stats.improvedWei += feesWei - board.best.feesWei;
    }
    board.best = candidate;
    this.#onBest(candidate);
  }

  /** What was forced is known once it is sealed; so is what an engine chose that fills its blocks itself. */
  #noteFirst({ payload }: SealedCandidate): void {
    const { dataBudget, attributes } = this.#board.plan;
    const { entries, gasUsed } = this.#lineage;
    if (this.#workshop.isContinuous) {
      this.#board.forced = { count: payload.transactions.length - entries.length, gasUsed: payload.gasUsed - gasUsed };
    }
    const bytes = bytesOf(payload.transactions) - bytesOf(attributes.forced ?? []);
    if (bytes <= dataBudget) return;
    const found = `the engine's block has ${bytes} bytes of transactions`;
    throw new EngineError("unsupported", `${found}, room is for ${dataBudget}`);
  }

  async #fill(): Promise<void> {
    const { mempool } = this.#parts;
    const { baseFeePerGas } = this.#board.plan;
    const { epoch } = mempool;
    const { entries } = this.#lineage;
    const inBlock = new Set(entries.map(({ hash }) => hash));
    const isOut = (hash: Hex): boolean => this.#out.has(hash) || inBlock.has(hash);
    const room = this.#room();
    // Where the first ones find no room, those behind them may.
    for (let more = BATCH; ; more *= 4) {
      const most = this.#out.size + entries.length + more;
      const picked = mempool.pick(baseFeePerGas, most);
      const { batch, contender } = select(picked, isOut, room, (sender) => this.#left(sender), BATCH);
      if (batch.length > 0) {
        // By the engine's clock there was no time left: it is not asked again at once.
        if ((await this.#append(batch)) === 0) break;
        return;
      }
      if (contender !== undefined && this.#workshop.isContinuous) {
        const keep = this.#tried.has(contender.hash)
          ? undefined
          : replaceableFrom(entries, this.#board.shown.length, contender, baseFeePerGas, room);
        this.#tried.add(contender.hash);
        if (keep !== undefined) return this.#undo(keep);
      }
      if (picked.length < most) break;
    }
    this.#seenEpoch = epoch;
    this.#backOffMs = BACK_OFF_MS.first;
  }

  /** How many of them the engine has answered for. */
  async #append(batch: readonly PooledTransaction[]): Promise<number> {
    const { mempool, head } = this.#parts;
    const { parentHash, baseFeePerGas } = this.#board.plan;
    const raws = batch.map(({ raw }) => raw);
    const results = await this.#workshop.append(raws, this.#fillUntilMs);
    // After a discard the pool holds again what this block's chain has executed: that is not to be thrown out.
    const isCurrent = head() === parentHash;
    let [gas, tookMs] = [0n, 0];
    results.forEach((result, i) => {
      const transaction = batch[i] as PooledTransaction;
      const { hash, raw, from, preconfirmed } = transaction;
      if (result.outcome !== "included") {
        this.#out.add(hash);
        if (result.outcome === "invalid" && isCurrent) mempool.drop(hash, result.reason);
        return;
      }
      gas += result.gasUsed;
      tookMs += result.tookMs;
      const used = { gasUsed: result.gasUsed, tookMs: result.tookMs, bytes: byteLength(raw) };
      this.#lineage.push({ hash, raw, from, preconfirmed, ...used, tipWei: effectiveTip(transaction, baseFeePerGas) });
    });
    if (tookMs >= MIN_PACE_MS) this.#measures.gasPerMs.add(Number(gas) / tookMs);
    return results.length;
  }

  #room(): Room {
    const { plan, forced } = this.#board;
    const gas = this.#intervalGas - forced.gasUsed - this.#lineage.gasUsed;
    return { gas: gas > 0n ? gas : 0n, bytes: plan.dataBudget - this.#lineage.bytes };
  }

  /** The sender's allowance less what it has in this block and nobody has seen: it is charged when it is shown. */
  #left(sender: Hex): Allowance {
    const { limits, clock } = this.#parts;
    let { gas, computeMs } = limits.left(sender, clock.nowMs());
    for (const entry of this.#lineage.entries.slice(this.#board.shown.length)) {
      if (entry.from !== sender) continue;
      gas -= entry.gasUsed;
      computeMs -= entry.tookMs;
    }
    return { gas, computeMs };
  }
}

const bytesOf = (raws: readonly Hex[]): number => raws.reduce((sum, raw) => sum + byteLength(raw), 0);
