import { randomBytes } from "node:crypto";
import type { Hex } from "../../types/hex.ts";
import type { ChainReader } from "../engine/interface.ts";
import type { Mempool, PooledTransaction } from "../mempool/interface.ts";
import type { Logger } from "../types/logger.ts";
import type { BlockEncoder } from "./encode/block.ts";
import type { HeadChange, HeadFollower } from "./heads.ts";
import type { LogFilter } from "./log-filter.ts";
import { matchingLogs } from "./log-filter.ts";

/** Head changes whose logs are still to be read; subscribers that far behind are closed instead. */
const MAX_LOG_BACKLOG = 64;

/** One connection that is notified. */
export interface Subscriber {
  /** Sends a notification, already JSON; a connection that lags is closed by it, never silently skipped. */
  notify(text: string): void;
  /** Ends the connection, saying why: it cannot be served without a gap. */
  fail(reason: string): void;
}

/** What can be subscribed to. */
export type Topic =
  | { kind: "newHeads" }
  | { kind: "logs"; filter: LogFilter }
  /** Shows a transaction: its hash, or the whole of it. */
  | { kind: "newPendingTransactions"; show: (transaction: PooledTransaction) => unknown };

interface Subscription {
  id: Hex;
  subscriber: Subscriber;
  topic: Topic;
}

interface Dependencies {
  chain: Pick<ChainReader, "getReceipts">;
  pool: Pick<Mempool, "onAdded">;
  heads: HeadFollower;
  blocks: BlockEncoder;
  log: Logger;
}

/** All subscriptions of a server. Each connection bounds its own number; notifications are in chain order. */
export class SubscriptionHub {
  readonly #dependencies: Dependencies;
  readonly #byId = new Map<Hex, Subscription>();
  readonly #stops: (() => void)[];
  #logWork: Promise<void> = Promise.resolve();
  #logBacklog = 0;

  constructor(dependencies: Dependencies) {
    this.#dependencies = dependencies;
    this.#stops = [
      dependencies.heads.subscribe((change) => this.#onHeadChange(change)),
      dependencies.pool.onAdded((transaction) => this.#onTransaction(transaction)),
    ];
  }

  get size(): number {
    return this.#byId.size;
  }

  /** Starts a subscription and gives its id. */
  add(subscriber: Subscriber, topic: Topic): Hex {
    const id: Hex = `0x${randomBytes(16).toString("hex")}`;
    this.#byId.set(id, { id, subscriber, topic });
    return id;
  }

  /** Ends one; false if this connection has none of that id. */
  remove(subscriber: Subscriber, id: Hex): boolean {
    return this.#byId.get(id)?.subscriber === subscriber && this.#byId.delete(id);
  }

  countOf(subscriber: Subscriber): number {
    return this.#all().filter((one) => one.subscriber === subscriber).length;
  }

  /** The connection is gone. */
  removeAll(subscriber: Subscriber): void {
    for (const one of this.#all()) if (one.subscriber === subscriber) this.#byId.delete(one.id);
  }

  stop(): void {
    for (const stop of this.#stops) stop();
    this.#byId.clear();
  }

  #all(): Subscription[] {
    return [...this.#byId.values()];
  }

  #onTransaction(transaction: PooledTransaction): void {
    for (const { id, subscriber, topic } of this.#all()) {
      if (topic.kind === "newPendingTransactions") send(subscriber, id, topic.show(transaction));
    }
  }

  #onHeadChange(change: HeadChange): void {
    const all = this.#all();
    const heads = all.filter((one) => one.topic.kind === "newHeads");
    if (heads.length > 0) {
      for (const block of change.added) {
        const header = this.#dependencies.blocks.header(block);
        for (const { id, subscriber } of heads) send(subscriber, id, header);
      }
    }
    if (!all.some((one) => one.topic.kind === "logs")) return;
    if (this.#logBacklog >= MAX_LOG_BACKLOG) {
      this.#failLogs("the node cannot read logs as fast as blocks come");
      return;
    }
    this.#logBacklog++;
    this.#logWork = this.#logWork
      .then(() => this.#sendLogs(change))
      .catch((error: unknown) => {
        this.#dependencies.log.warn(
          { error: String(error) },
          "logs of a block cannot be read, their subscribers are closed",
        );
        this.#failLogs("logs of a block cannot be read");
      })
      .finally(() => {
        this.#logBacklog--;
      });
  }

  async #sendLogs(change: HeadChange): Promise<void> {
    for (const blockHash of change.removed) await this.#sendLogsOf(blockHash, undefined, true);
    for (const block of change.added) await this.#sendLogsOf(block.blockHash, block.logsBloom, false);
  }

  async #sendLogsOf(blockHash: Hex, logsBloom: Hex | undefined, removed: boolean): Promise<void> {
    const interested = this.#all().filter(
      ({ topic }) => topic.kind === "logs" && (logsBloom === undefined || topic.filter.mayMatch(logsBloom)),
    );
    if (interested.length === 0) return;
    const receipts = await this.#dependencies.chain.getReceipts(blockHash);
    for (const { id, subscriber, topic } of interested) {
      if (topic.kind !== "logs" || !this.#byId.has(id)) continue;
      for (const found of matchingLogs(receipts, topic.filter, removed)) send(subscriber, id, found);
    }
  }

  #failLogs(reason: string): void {
    for (const { subscriber, topic } of this.#all()) if (topic.kind === "logs") subscriber.fail(reason);
  }
}

function send(subscriber: Subscriber, id: Hex, result: unknown): void {
  subscriber.notify(
    JSON.stringify({ jsonrpc: "2.0", method: "eth_subscription", params: { subscription: id, result } }),
  );
}
