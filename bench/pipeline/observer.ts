import { keccak256 } from "ethers";
import type { PipelineEvent } from "../../sdk/agent/pipeline/events.ts";
import type { Hex } from "../../sdk/types/hex.ts";
import type { SimulatedAgent } from "../../test/sim/agent.ts";
import type { World } from "../../test/sim/world.ts";
import type { BuiltBlock, ChainBlock, SealedBlock, SeenBlock, SeenDiscard } from "./recording.ts";

/** Writes down what the agents do: their pipeline's events, and when their engines begin and seal blocks. */
export class Observer {
  readonly begun: BuiltBlock[] = [];
  readonly sealed: SealedBlock[] = [];
  readonly seen: SeenBlock[] = [];
  readonly discards: SeenDiscard[] = [];
  readonly #world: World;
  readonly #onEvent: (agent: number, event: PipelineEvent) => void;
  readonly #lives = new WeakSet<object>();

  /** @param onEvent Is told of every event as it happens. */
  constructor(world: World, onEvent: (agent: number, event: PipelineEvent) => void) {
    this.#world = world;
    this.#onEvent = onEvent;
    for (const agent of world.agents) this.#watchEngine(agent);
  }

  /** To be called after every step: an agent that has started since is listened to from its first event on. */
  look(): void {
    for (const { index, running } of this.#world.agents) {
      if (running === undefined || this.#lives.has(running)) continue;
      this.#lives.add(running);
      running.agent.events.on((event) => this.#note(index, event));
    }
  }

  /** The chain up to a block, oldest first. */
  chainTo(agent: SimulatedAgent, tip: Hex): ChainBlock[] {
    return [...agent.engine.chainOf(tip)].reverse().map(({ blockHash, timestamp, transactions }) => ({
      hash: blockHash,
      slot: this.#slotAt(timestamp),
      transactions: transactions.map(hashOf),
    }));
  }

  #note(agent: number, event: PipelineEvent): void {
    const atMs = this.#world.loop.nowMs();
    if (event.type === "head") this.seen.push({ agent, slot: event.block.slot, hash: event.block.hash, atMs });
    if (event.type === "discarded") {
      const { slot, reason, blocks } = event.discarded;
      const transactions = blocks.flatMap(({ hash }) => this.#world.execution.payload(hash)?.transactions ?? []);
      this.discards.push({ agent, slot, reason, transactions: transactions.map(hashOf), atMs });
    }
    this.#onEvent(agent, event);
  }

  #watchEngine({ index, engine }: SimulatedAgent): void {
    const { loop } = this.#world;
    const startPayload = engine.startPayload.bind(engine);
    engine.startPayload = (parentHash, attributes) => {
      const slot = this.#slotAt(attributes.timestamp);
      this.begun.push({ agent: index, slot, parentHash, atMs: loop.nowMs() });
      return startPayload(parentHash, attributes);
    };
    const keepCandidate = engine.keepCandidate.bind(engine);
    engine.keepCandidate = (id, hash) => {
      // Sealed some time before; from here on nothing is added to it.
      this.sealed.push({ agent: index, hash, atMs: loop.nowMs() });
      return keepCandidate(id, hash);
    };
  }

  /** The slot whose checkpoint a block belongs to, by its L2 timestamp. */
  #slotAt(timestampSec: number): number {
    const { genesisSec, setting } = this.#world;
    return Math.floor((timestampSec - genesisSec) / setting.parameters.slotSeconds) + 1;
  }
}

const hashOf = (raw: Hex): Hex => keccak256(raw) as Hex;
