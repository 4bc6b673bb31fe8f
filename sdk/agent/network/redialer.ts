import type { Clock } from "../time/interface.ts";

/** First wait after a failed dial; doubles with each further failure. */
const FIRST_DELAY_MS = 100;
const LONGEST_DELAY_MS = 10_000;

/** A connection that lived this long shows that the peer is well: the next wait is short again. */
const STABLE_MS = 5_000;

export interface RedialerOptions {
  addresses: readonly string[];
  /** Spreads the waits of several agents: 0 to 1, different for each. */
  spread: number;
}

export interface RedialerDependencies {
  clock: Clock;
  /** Connects to an address and resolves with the peer's id once both sides agreed to talk. */
  dial: (address: string) => Promise<string>;
}

interface Target {
  address: string;
  failures: number;
  peer: string | undefined;
  connectedMs: number;
  cancel: () => void;
}

/** Keeps up the connections to static peers: dials at once, again when they fail or fall, with growing waits. */
export class Redialer {
  readonly #targets: Target[];
  readonly #spread: number;
  readonly #clock: Clock;
  readonly #dial: RedialerDependencies["dial"];
  #running = false;

  constructor(options: RedialerOptions, dependencies: RedialerDependencies) {
    this.#targets = options.addresses.map((address) => {
      return { address, failures: 0, peer: undefined, connectedMs: 0, cancel: () => undefined };
    });
    this.#spread = options.spread;
    this.#clock = dependencies.clock;
    this.#dial = dependencies.dial;
  }

  start(): void {
    this.#running = true;
    for (const target of this.#targets) void this.#attempt(target);
  }

  stop(): void {
    this.#running = false;
    for (const target of this.#targets) target.cancel();
  }

  /** To be told of every peer whose last connection has gone. */
  onDisconnect(peer: string): void {
    for (const target of this.#targets) {
      if (target.peer !== peer) continue;
      target.peer = undefined;
      if (this.#clock.nowMs() - target.connectedMs >= STABLE_MS) target.failures = 0;
      this.#retry(target);
    }
  }

  async #attempt(target: Target): Promise<void> {
    try {
      target.peer = await this.#dial(target.address);
      target.connectedMs = this.#clock.nowMs();
    } catch {
      this.#retry(target);
    }
  }

  #retry(target: Target): void {
    if (!this.#running) return;
    const delayMs = Math.min(LONGEST_DELAY_MS, FIRST_DELAY_MS * 2 ** target.failures);
    target.failures++;
    target.cancel = this.#clock.at(
      this.#clock.nowMs() + delayMs * (1 + this.#spread / 4),
      () => void this.#attempt(target),
    );
  }
}
