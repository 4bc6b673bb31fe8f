import { randomBytes } from "node:crypto";
import type { Hex } from "../../types/hex.ts";
import type { Mempool, PooledTransaction } from "../mempool/interface.ts";
import type { BlockEncoder } from "./encode/block.ts";
import type { HeadChange, HeadFollower } from "./heads.ts";
import type { LogFeed } from "./log-feed.ts";
import type { LogFilter } from "./log-filter.ts";

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
  /** Ends what it needs elsewhere. */
  stop: () => void;
}

interface Dependencies {
  pool: Pick<Mempool, "onAdded">;
  heads: HeadFollower;
  blocks: BlockEncoder;
  logs: LogFeed;
}

/** All subscriptions of a server. Each connection bounds its own number; notifications are in chain order. */
export class SubscriptionHub {
  readonly #dependencies: Dependencies;
  readonly #byId = new Map<Hex, Subscription>();
  readonly #stops: (() => void)[];

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
    const stop = topic.kind === "logs" ? this.#readLogs(id, subscriber, topic.filter) : () => undefined;
    this.#byId.set(id, { id, subscriber, topic, stop });
    return id;
  }

  /** Ends one; false if this connection has none of that id. */
  remove(subscriber: Subscriber, id: Hex): boolean {
    const subscription = this.#byId.get(id);
    if (subscription?.subscriber !== subscriber) return false;
    this.#end(subscription);
    return true;
  }

  countOf(subscriber: Subscriber): number {
    return this.#all().filter((one) => one.subscriber === subscriber).length;
  }

  /** The connection is gone. */
  removeAll(subscriber: Subscriber): void {
    for (const one of this.#all()) if (one.subscriber === subscriber) this.#end(one);
  }

  stop(): void {
    for (const stop of this.#stops) stop();
    for (const one of this.#all()) this.#end(one);
  }

  #all(): Subscription[] {
    return [...this.#byId.values()];
  }

  #end({ id, stop }: Subscription): void {
    stop();
    this.#byId.delete(id);
  }

  #readLogs(id: Hex, subscriber: Subscriber, filter: LogFilter): () => void {
    return this.#dependencies.logs.add({
      filter,
      take: (logs) => {
        for (const found of logs) send(subscriber, id, found);
      },
      fail: (reason) => subscriber.fail(reason),
    });
  }

  #onTransaction(transaction: PooledTransaction): void {
    for (const { id, subscriber, topic } of this.#all()) {
      if (topic.kind === "newPendingTransactions") send(subscriber, id, topic.show(transaction));
    }
  }

  #onHeadChange(change: HeadChange): void {
    const interested = this.#all().filter((one) => one.topic.kind === "newHeads");
    if (interested.length === 0) return;
    for (const block of change.added) {
      const header = this.#dependencies.blocks.header(block);
      for (const { id, subscriber } of interested) send(subscriber, id, header);
    }
  }
}

function send(subscriber: Subscriber, id: Hex, result: unknown): void {
  subscriber.notify(
    JSON.stringify({ jsonrpc: "2.0", method: "eth_subscription", params: { subscription: id, result } }),
  );
}
