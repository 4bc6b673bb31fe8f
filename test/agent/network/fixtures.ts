import type { NetworkCounters } from "../../../sdk/agent/network/counters.ts";
import type { Network, Topic } from "../../../sdk/agent/network/interface.ts";
import type { NetworkIdentity, NetworkLog } from "../../../sdk/agent/network/options.ts";
import { DEVNET_PARAMETERS } from "../../../sdk/types/parameters.ts";

export const IDENTITY: NetworkIdentity = {
  chainId: 31_337,
  rollup: `0x${"ab".repeat(20)}`,
  parameters: DEVNET_PARAMETERS,
};

/** What both networks offer beyond the port. */
export interface WatchableNetwork extends Network {
  readonly counters: NetworkCounters;
  subscriberCount(topic: Topic): number;
  scoreOf(peer: string): number;
  onPeersChanged(listener: () => void): () => void;
}

/** A log that keeps its warnings, and tells who waits for one. */
export class KeptLog implements NetworkLog {
  readonly warnings: string[] = [];
  #listeners: (() => void)[] = [];

  info(): void {}

  warn(fields: object, message: string): void {
    this.warnings.push(`${message} ${JSON.stringify(fields)}`);
    for (const listener of this.#listeners) listener();
  }

  async untilWarned(part: string): Promise<string> {
    for (;;) {
      const found = this.warnings.find((warning) => warning.includes(part));
      if (found !== undefined) return found;
      await new Promise<void>((resolve) => this.#listeners.push(resolve));
    }
  }
}

/** Resolves once the condition holds; it is looked at after every change of the network's peers. */
export function untilPeers(network: WatchableNetwork, condition: () => boolean): Promise<void> {
  return new Promise((resolve) => {
    const stop = network.onPeersChanged(() => {
      if (!condition()) return;
      stop();
      resolve();
    });
    if (condition()) {
      stop();
      resolve();
    }
  });
}

/** Collects values, and lets a test wait for a number of them. */
export class Collector<T> {
  readonly values: T[] = [];
  #wake: (() => void)[] = [];

  add(value: T): void {
    this.values.push(value);
    for (const wake of this.#wake.splice(0)) wake();
  }

  async until(count: number): Promise<T[]> {
    while (this.values.length < count) await new Promise<void>((resolve) => this.#wake.push(resolve));
    return this.values;
  }
}
