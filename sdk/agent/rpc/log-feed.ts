import type { Hex } from "../../types/hex.ts";
import type { ChainReader } from "../engine/interface.ts";
import type { Logger } from "../types/logger.ts";
import type { HeadChange, HeadFollower } from "./heads.ts";
import type { LogFilter } from "./log-filter.ts";
import { matchingLogs } from "./log-filter.ts";

/** Head changes whose logs are still to be read; readers that far behind are given up instead. */
const MAX_BACKLOG = 64;

/** Who reads logs as they come and go with their blocks, in chain order. */
export interface LogReader {
  filter: LogFilter;
  /** Matching logs of one block, as JSON; those of a block that left are marked `removed`. */
  take(logs: unknown[]): void;
  /** It cannot be served without a gap, and gets nothing more. */
  fail(reason: string): void;
}

interface Dependencies {
  chain: Pick<ChainReader, "getReceipts">;
  heads: HeadFollower;
  log: Logger;
}

/** Reads the logs of each change of the head once, for all who want any. */
export class LogFeed {
  readonly #dependencies: Dependencies;
  readonly #readers = new Set<LogReader>();
  readonly #stop: () => void;
  #work: Promise<void> = Promise.resolve();
  #backlog = 0;

  constructor(dependencies: Dependencies) {
    this.#dependencies = dependencies;
    this.#stop = dependencies.heads.subscribe((change) => this.#onHeadChange(change));
  }

  /** Adds a reader until the returned function is called. */
  add(reader: LogReader): () => void {
    this.#readers.add(reader);
    return () => this.#readers.delete(reader);
  }

  stop(): void {
    this.#stop();
    this.#readers.clear();
  }

  /** Resolves when what has come so far is read. */
  idle(): Promise<void> {
    return this.#work;
  }

  #onHeadChange(change: HeadChange): void {
    if (this.#readers.size === 0) return;
    if (this.#backlog >= MAX_BACKLOG) {
      this.#fail("the node cannot read logs as fast as blocks come");
      return;
    }
    this.#backlog++;
    this.#work = this.#work
      .then(() => this.#read(change))
      .catch((error: unknown) => {
        this.#dependencies.log.warn(
          { error: String(error) },
          "logs of a block cannot be read, those who want them are closed",
        );
        this.#fail("logs of a block cannot be read");
      })
      .finally(() => {
        this.#backlog--;
      });
  }

  async #read(change: HeadChange): Promise<void> {
    for (const blockHash of change.removed) await this.#readBlock(blockHash, undefined, true);
    for (const block of change.added) await this.#readBlock(block.blockHash, block.logsBloom, false);
  }

  async #readBlock(blockHash: Hex, logsBloom: Hex | undefined, removed: boolean): Promise<void> {
    const interested = [...this.#readers].filter(({ filter }) => logsBloom === undefined || filter.mayMatch(logsBloom));
    if (interested.length === 0) return;
    const receipts = await this.#dependencies.chain.getReceipts(blockHash);
    for (const reader of interested) {
      if (!this.#readers.has(reader)) continue;
      const found = matchingLogs(receipts, reader.filter, removed);
      if (found.length > 0) reader.take(found);
    }
  }

  #fail(reason: string): void {
    const readers = [...this.#readers];
    this.#readers.clear();
    for (const reader of readers) reader.fail(reason);
  }
}
