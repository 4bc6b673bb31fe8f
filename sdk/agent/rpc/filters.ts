import { randomBytes } from "node:crypto";
import type { z } from "zod";
import type { Hex } from "../../types/hex.ts";
import type { Mempool } from "../mempool/interface.ts";
import type { Clock } from "../time/interface.ts";
import { RPC_CODES, RpcError } from "./errors.ts";
import type { HeadChange, HeadFollower } from "./heads.ts";
import type { LogFeed } from "./log-feed.ts";
import { compileLogFilter } from "./log-filter.ts";
import type { RpcOptions } from "./options.ts";
import type { logFilter } from "./schema.ts";

export type LogCriteria = z.output<typeof logFilter>;

interface Filter {
  kind: "blocks" | "transactions" | "logs";
  /** Not asked for yet, oldest first. */
  changes: unknown[];
  /** When it was last asked for. */
  usedMs: number;
  /** Of a filter on logs. */
  criteria?: LogCriteria;
  /** Ends what it needs elsewhere. */
  stop: () => void;
}

interface Dependencies {
  pool: Pick<Mempool, "onAdded">;
  heads: HeadFollower;
  logs: LogFeed;
  clock: Clock;
}

type Options = Pick<RpcOptions, "maxFilters" | "maxFilterChanges" | "filterLifetimeMs">;

/**
 * Filters that clients poll. At most `maxFilters`; one that nobody asks for in `filterLifetimeMs`, or that more than
 * `maxFilterChanges` wait in, is forgotten whole: whoever asks for it then is told so, and nobody misses a part unknowingly.
 */
export class FilterBook {
  readonly #options: Options;
  readonly #dependencies: Dependencies;
  readonly #byId = new Map<Hex, Filter>();
  readonly #stops: (() => void)[];

  constructor(options: Options, dependencies: Dependencies) {
    this.#options = options;
    this.#dependencies = dependencies;
    this.#stops = [
      dependencies.heads.subscribe((change) => this.#onHeadChange(change)),
      dependencies.pool.onAdded(({ hash }) => this.#note("transactions", [hash])),
    ];
  }

  addBlocks(): Hex {
    return this.#add({ kind: "blocks" }, () => () => undefined);
  }

  addTransactions(): Hex {
    return this.#add({ kind: "transactions" }, () => () => undefined);
  }

  /** Of new blocks, as far as they are in the range. */
  addLogs(criteria: LogCriteria): Hex {
    return this.#add({ kind: "logs", criteria }, (id, filter) =>
      this.#dependencies.logs.add({
        filter: compileLogFilter(criteria),
        take: (logs) => this.#push(id, filter, (logs as { blockNumber: Hex }[]).filter(isIn(criteria))),
        fail: () => this.remove(id),
      }),
    );
  }

  /** What came since it was last asked for. Throws RpcError if there is no such filter. */
  async changes(id: Hex): Promise<unknown[]> {
    await this.#dependencies.logs.idle();
    const filter = this.#use(id);
    return filter.changes.splice(0);
  }

  /** Throws RpcError if there is no such filter on logs. */
  criteria(id: Hex): LogCriteria {
    const { criteria } = this.#use(id);
    if (criteria !== undefined) return criteria;
    throw new RpcError(RPC_CODES.server, `filter ${id} is not on logs: ask for its changes`);
  }

  remove(id: Hex): boolean {
    this.#byId.get(id)?.stop();
    return this.#byId.delete(id);
  }

  stop(): void {
    for (const stop of this.#stops) stop();
    for (const id of [...this.#byId.keys()]) this.remove(id);
  }

  #add(kind: Pick<Filter, "kind" | "criteria">, start: (id: Hex, filter: Filter) => () => void): Hex {
    this.#forgetUnused();
    const { maxFilters } = this.#options;
    if (this.#byId.size >= maxFilters) {
      throw new RpcError(RPC_CODES.limit, `${maxFilters} filters are in use: end some with eth_uninstallFilter`);
    }
    const id: Hex = `0x${randomBytes(16).toString("hex")}`;
    const filter: Filter = { ...kind, changes: [], usedMs: this.#dependencies.clock.nowMs(), stop: () => undefined };
    filter.stop = start(id, filter);
    this.#byId.set(id, filter);
    return id;
  }

  #use(id: Hex): Filter {
    this.#forgetUnused();
    const filter = this.#byId.get(id);
    if (filter === undefined) {
      const { maxFilterChanges: most, filterLifetimeMs } = this.#options;
      const why = `it was ended, not used for ${filterLifetimeMs / 1000} s, or more than ${most} changes waited in it`;
      throw new RpcError(RPC_CODES.server, `filter not found: ${why}; make a new one`);
    }
    filter.usedMs = this.#dependencies.clock.nowMs();
    return filter;
  }

  #onHeadChange({ added }: HeadChange): void {
    this.#forgetUnused();
    this.#note(
      "blocks",
      added.map(({ blockHash }) => blockHash),
    );
  }

  #note(kind: Filter["kind"], changes: unknown[]): void {
    for (const [id, filter] of [...this.#byId]) if (filter.kind === kind) this.#push(id, filter, changes);
  }

  #push(id: Hex, filter: Filter, changes: unknown[]): void {
    filter.changes.push(...changes);
    if (filter.changes.length > this.#options.maxFilterChanges) this.remove(id);
  }

  #forgetUnused(): void {
    const oldestMs = this.#dependencies.clock.nowMs() - this.#options.filterLifetimeMs;
    for (const [id, { usedMs }] of [...this.#byId]) if (usedMs < oldestMs) this.remove(id);
  }
}

/** Whether a log's block is within the numbers of the criteria; names stand for what is new. */
function isIn({ fromBlock, toBlock }: LogCriteria): (log: { blockNumber: Hex }) => boolean {
  const first = typeof fromBlock === "number" ? fromBlock : 0;
  const last = typeof toBlock === "number" ? toBlock : Number.POSITIVE_INFINITY;
  return ({ blockNumber }) => Number(blockNumber) >= first && Number(blockNumber) <= last;
}
