import { keccak256, toBeHex } from "ethers";
import { BlockBuilder, type BuilderParts } from "../../../sdk/agent/builder/block-builder.ts";
import type { AbandonedBlock, BuiltBlock, Flashblock } from "../../../sdk/agent/builder/interface.ts";
import { SenderLimits } from "../../../sdk/agent/builder/limits.ts";
import { BuilderStats } from "../../../sdk/agent/builder/stats.ts";
import {
  type AppendResult,
  type CandidateEngine,
  type ChainReader,
  EngineError,
  type SealedCandidate,
} from "../../../sdk/agent/engine/interface.ts";
import type { Mempool, PooledTransaction } from "../../../sdk/agent/mempool/interface.ts";
import { effectiveTip } from "../../../sdk/agent/mempool/order.ts";
import { ManualClock } from "../../../sdk/agent/time/manual-clock.ts";
import type { Hex } from "../../../sdk/types/hex.ts";
import type { ExecutionPayload, PayloadAttributes } from "../../../sdk/types/payload.ts";

export const PARENT: Hex = `0x${"11".repeat(32)}`;
export const BASE_FEE = 7n;
export const GAS_LIMIT = 1_000_000n;

export const attributes = (change: Partial<PayloadAttributes> = {}): PayloadAttributes => ({
  timestamp: 1,
  prevRandao: PARENT,
  feeRecipient: `0x${"22".repeat(20)}`,
  withdrawals: [],
  gasLimit: GAS_LIMIT,
  ...change,
});

let made = 0;

/** A transaction that uses all the gas it asks for. */
export function pooled(change: Partial<PooledTransaction> & { tip: bigint }): PooledTransaction {
  const raw: Hex = `0x${toBeHex(++made, 16).slice(2)}${"ab".repeat(84)}`;
  return {
    hash: keccak256(raw) as Hex,
    raw,
    from: `0x${toBeHex(made, 20).slice(2)}`,
    nonce: 0,
    gasLimit: 21_000n,
    maxFeePerGas: 1_000_000n,
    maxPriorityFeePerGas: change.tip,
    maxCost: 0n,
    addedMs: 0,
    preconfirmed: false,
    ...change,
  };
}

/** A pool in memory: preconfirmed first, then by tip. */
export class StandInPool {
  epoch = 0;
  readonly dropped: Hex[] = [];
  readonly discarded: Hex[][] = [];
  #transactions: PooledTransaction[] = [];
  picks = 0;

  put(...transactions: PooledTransaction[]): void {
    this.#transactions.push(...transactions);
    this.epoch++;
  }

  pick(baseFeePerGas: bigint, limit: number): PooledTransaction[] {
    this.picks++;
    const rank = (one: PooledTransaction): bigint => (one.preconfirmed ? 2n ** 128n : effectiveTip(one, baseFeePerGas));
    return [...this.#transactions].sort((a, b) => (rank(a) < rank(b) ? 1 : rank(a) > rank(b) ? -1 : 0)).slice(0, limit);
  }

  drop(hash: Hex): void {
    this.dropped.push(hash);
    this.remove(hash);
  }

  remove(...hashes: Hex[]): void {
    this.#transactions = this.#transactions.filter(({ hash }) => !hashes.includes(hash));
    this.epoch++;
  }

  async onDiscard(transactions: Hex[]): Promise<void> {
    this.discarded.push(transactions);
  }

  find(raw: Hex): PooledTransaction {
    return this.#transactions.find((one) => one.raw === raw) as PooledTransaction;
  }
}

interface Payload {
  parentHash: Hex;
  attributes: PayloadAttributes;
  transactions: Hex[];
  candidates: Map<Hex, ExecutionPayload>;
}

/** What the engine's work takes, in virtual time, by how often it was asked; default 0. */
export interface Pace {
  sealMs?: (call: number) => number;
  appendMs?: (call: number) => number;
}

/** An engine for blocks of stand-in transactions. One thing at a time, as the real one. */
export class StandInEngine {
  readonly genesisHash = PARENT;
  readonly calls: string[] = [];
  /** Thrown by the next call of a method. */
  readonly faults = new Map<string, Error>();
  readonly kept: Hex[] = [];
  readonly refused = new Set<Hex>();
  readonly payloads = new Map<string, Payload>();
  /** The candidates in the order they were sealed, with the times between which they were. */
  readonly sealed: { payload: ExecutionPayload; fromMs: number; toMs: number }[] = [];
  readonly #clock: ManualClock;
  readonly #pace: Pace;
  readonly #gasOf: (raw: Hex) => bigint;
  #counts = { seal: 0, append: 0 };

  constructor(clock: ManualClock, pace: Pace, gasOf: (raw: Hex) => bigint) {
    this.#clock = clock;
    this.#pace = pace;
    this.#gasOf = gasOf;
  }

  async startPayload(parentHash: Hex, given: PayloadAttributes): Promise<string> {
    this.#note("start");
    const id = `${this.payloads.size}`;
    this.payloads.set(id, {
      parentHash,
      attributes: given,
      transactions: [...(given.forced ?? [])],
      candidates: new Map(),
    });
    return id;
  }

  async appendTransactions(id: string, transactions: Hex[], untilMs: number): Promise<AppendResult[]> {
    const tookMs = this.#pace.appendMs?.(this.#counts.append++) ?? 0;
    const results: AppendResult[] = [];
    this.#note("append");
    const payload = this.#get(id);
    if (this.#clock.nowMs() < untilMs) {
      for (const raw of transactions) {
        const hash = keccak256(raw) as Hex;
        if (this.refused.has(hash)) results.push({ hash, outcome: "invalid", reason: "refused" });
        else {
          payload.transactions.push(raw);
          results.push({ hash, outcome: "included", gasUsed: this.#gasOf(raw), tookMs: 0 });
        }
      }
    }
    await this.#pass(tookMs);
    return results;
  }

  async undoTransactions(id: string, count: number): Promise<void> {
    this.#note("undo");
    this.#get(id).transactions.length = count;
  }

  async sealCandidate(id: string, _from: number, best?: Hex): Promise<SealedCandidate> {
    const tookMs = this.#pace.sealMs?.(this.#counts.seal++) ?? 0;
    this.#note("seal");
    const held = this.#get(id);
    const payload = this.#payloadOf(held);
    for (const hash of held.candidates.keys()) if (hash !== best) held.candidates.delete(hash);
    held.candidates.set(payload.blockHash, payload);
    const fromMs = this.#clock.nowMs();
    await this.#pass(tookMs);
    this.sealed.push({ payload, fromMs, toMs: this.#clock.nowMs() });
    return { payload, receipts: [], balancesWei: {} };
  }

  async keepCandidate(id: string, hash: Hex): Promise<void> {
    this.#note("keep");
    if (!this.#get(id).candidates.has(hash)) throw new EngineError("unknown-payload", "not held");
    this.kept.push(hash);
    this.payloads.delete(id);
  }

  async dropPayload(id: string): Promise<void> {
    this.#note("drop");
    this.payloads.delete(id);
  }

  async getPayload(id: string): Promise<ExecutionPayload> {
    const tookMs = this.#pace.sealMs?.(this.#counts.seal++) ?? 0;
    this.#note("get");
    const payload = this.#payloadOf(this.#get(id));
    const fromMs = this.#clock.nowMs();
    await this.#pass(tookMs);
    this.sealed.push({ payload, fromMs, toMs: this.#clock.nowMs() });
    return payload;
  }

  async getNextBaseFee(): Promise<bigint> {
    return BASE_FEE;
  }

  #payloadOf({ parentHash, attributes: given, transactions }: Payload): ExecutionPayload {
    const { forced: _, ...fields } = given;
    return {
      ...fields,
      parentHash,
      stateRoot: PARENT,
      receiptsRoot: PARENT,
      logsBloom: `0x${"00".repeat(256)}`,
      blockNumber: 1,
      gasUsed: transactions.reduce((sum, raw) => sum + this.#gasOf(raw), 0n),
      extraData: "0x",
      baseFeePerGas: BASE_FEE,
      blockHash: keccak256(`0x${transactions.map((raw) => raw.slice(2)).join("")}`) as Hex,
      transactions: [...transactions],
    };
  }

  #get(id: string): Payload {
    const payload = this.payloads.get(id);
    if (payload === undefined) throw new EngineError("unknown-payload", `no payload ${id}`);
    return payload;
  }

  async #pass(tookMs: number): Promise<void> {
    if (tookMs > 0) await this.#clock.sleepUntil(this.#clock.nowMs() + tookMs);
  }

  #note(call: string): void {
    this.calls.push(call);
    const fault = this.faults.get(call);
    this.faults.delete(call);
    if (fault !== undefined) throw fault;
  }
}

/** Limits that nobody reaches. */
export const noLimits = (): SenderLimits =>
  new SenderLimits({
    gasBurst: 2n ** 64n,
    gasPerSecond: 0n,
    computeBurstMs: 1e12,
    computeMsPerSecond: 0,
    maxSenders: 10,
  });

export interface Bench {
  clock: ManualClock;
  pool: StandInPool;
  engine: StandInEngine;
  stats: BuilderStats;
  builder: BlockBuilder;
  /** What was shown, with the time it was. */
  shown: (Flashblock & { atMs: number })[];
  abandoned: AbandonedBlock[];
  logged: string[];
  /** Builds until 1,000 ms from now, moving the clock; `at` does things on the way. */
  build(change?: Plan): Promise<BuiltBlock | Error>;
}

export interface Plan {
  forMs?: number;
  /** It is asked for this long before its time. */
  leadMs?: number;
  dataBudget?: number;
  signal?: AbortSignal;
  attributes?: PayloadAttributes;
  /** By milliseconds from the start. */
  at?: Record<number, () => void>;
  /** The clock goes on this long after the block's end. */
  overMs?: number;
}

export function benchOf(pace: Pace = {}, change: Partial<BuilderParts> = {}): Bench {
  const clock = new ManualClock(1_000_000);
  const pool = new StandInPool();
  const gas = new Map<Hex, bigint>();
  const engine = new StandInEngine(clock, pace, (raw) => {
    const known = gas.get(raw) ?? pool.find(raw)?.gasLimit ?? 21_000n;
    gas.set(raw, known);
    return known;
  });
  const stats = new BuilderStats();
  const shown: Bench["shown"] = [];
  const abandoned: AbandonedBlock[] = [];
  const logged: string[] = [];
  const write = (_: object, message: string): void => void logged.push(message);
  const builder = new BlockBuilder({
    engine: engine as Partial<CandidateEngine & ChainReader> as CandidateEngine & ChainReader,
    mempool: pool as Partial<Mempool> as Mempool,
    clock,
    head: () => PARENT,
    flashblockMs: 200,
    isContinuous: true,
    limits: noLimits(),
    stats,
    show: (flashblock) => void shown.push({ ...flashblock, atMs: clock.nowMs() - 1_000_000 }),
    onAbandoned: (block) => void abandoned.push(block),
    log: { debug: write, info: write, warn: write, error: write },
    ...change,
  });
  async function build(plan: Plan = {}): Promise<BuiltBlock | Error> {
    const {
      forMs = 1_000,
      leadMs = 0,
      dataBudget = 1e6,
      signal = new AbortController().signal,
      at = {},
      overMs = 0,
    } = plan;
    const startMs = clock.nowMs();
    for (const [ms, task] of Object.entries(at)) clock.at(startMs + Number(ms), task);
    const building = builder
      .build(
        PARENT,
        plan.attributes ?? attributes(),
        { startMs: startMs + leadMs, endMs: startMs + leadMs + forMs },
        dataBudget,
        signal,
      )
      .catch((error: unknown) => error as Error);
    // What follows from the call itself gets its turn before time moves.
    await new Promise<void>((resolve) => setImmediate(resolve));
    await clock.advanceTo(startMs + leadMs + forMs + overMs);
    return building;
  }
  return { clock, pool, engine, stats, builder, shown, abandoned, logged, build };
}

export const built = (result: BuiltBlock | Error): BuiltBlock => {
  if (result instanceof Error) throw result;
  return result;
};
