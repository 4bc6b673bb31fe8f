import type { FeedEvent } from "../../sdk/agent/builder/feed.ts";
import type { Topic } from "../../sdk/agent/network/interface.ts";
import type { PipelineEvent } from "../../sdk/agent/pipeline/events.ts";
import type { Verdict } from "../../sdk/agent/types/verdict.ts";
import type { SimulatedAgent } from "./agent.ts";
import type { Signed } from "./ledger.ts";

/** A transaction as it reaches an L1 node. */
export interface Sent {
  /** Index of the agent. */
  agent: number;
  from: string;
  nonce: number;
  /** Transactions that L1's chain has of each of the agent's accounts. */
  latestNonces: ReadonlyMap<string, number>;
  data: string;
}

/** Is told what agents do, at the moment they do it; throws a Violation where they may not. */
export interface Witness {
  /** After it has happened. */
  onEvent?(agent: SimulatedAgent, event: PipelineEvent): void;
  /** When the signature is asked for, before anything is written. */
  onSigning?(agent: SimulatedAgent, asked: Signed): void;
  /** When it shows a part of its block, or gives up what it showed. */
  onFlashblock?(agent: SimulatedAgent, event: FeedEvent): void;
  /** Before an L1 node takes it, or not. */
  onSend?(sent: Sent): void;
  /** A node took it. */
  onTaken?(sent: Sent): void;
  /** After it has judged a message. */
  onVerdict?(agent: SimulatedAgent, topic: Topic, data: Uint8Array, verdict: Verdict): void;
}

/** All witnesses. What they throw must not reach the agent, which would take it for an error of its own. */
export class Witnesses implements Required<Witness> {
  readonly #all: Witness[] = [];
  /** The first thing that any of them threw. */
  failure: unknown;

  add(...witnesses: Witness[]): void {
    this.#all.push(...witnesses);
  }

  onEvent(agent: SimulatedAgent, event: PipelineEvent): void {
    this.#tell((witness) => witness.onEvent?.(agent, event));
  }

  onSigning(agent: SimulatedAgent, asked: Signed): void {
    this.#tell((witness) => witness.onSigning?.(agent, asked));
  }

  onFlashblock(agent: SimulatedAgent, event: FeedEvent): void {
    this.#tell((witness) => witness.onFlashblock?.(agent, event));
  }

  onSend(sent: Sent): void {
    this.#tell((witness) => witness.onSend?.(sent));
  }

  onTaken(sent: Sent): void {
    this.#tell((witness) => witness.onTaken?.(sent));
  }

  onVerdict(agent: SimulatedAgent, topic: Topic, data: Uint8Array, verdict: Verdict): void {
    this.#tell((witness) => witness.onVerdict?.(agent, topic, data, verdict));
  }

  /** What a part of the simulation itself has found. */
  report(failure: unknown): void {
    this.failure ??= failure;
  }

  #tell(say: (witness: Witness) => void): void {
    for (const witness of this.#all) {
      try {
        say(witness);
      } catch (error) {
        this.report(error);
      }
    }
  }
}
