import type { Hex } from "../../types/hex.ts";
import type { L1Health } from "../l1/endpoints/interface.ts";
import { transactionCodec } from "../messages/transaction.ts";
import type { Network } from "../network/interface.ts";
import type { PipelineEvents } from "../pipeline/events.ts";
import { type EvidenceBook, offendersOf } from "../pipeline/evidence.ts";
import type { Funding } from "../pipeline/funding.ts";
import type { ChainKeeper } from "../pipeline/keeper.ts";
import type { PipelineNode } from "../pipeline/node.ts";
import type { ChainStore, CheckpointRecord } from "../store/interface.ts";
import type { Clock } from "../time/interface.ts";
import type { Timetable } from "../time/timetable.ts";
import type { Tip, Tips } from "../types/tips.ts";
import type { AttestedCheckpoint, NodeStatus, NodeView, RollupLocation } from "./interface.ts";

export interface ViewParts {
  /** Public keys this agent signs for. */
  validators: readonly Hex[];
  keeper: ChainKeeper;
  node: PipelineNode;
  store: ChainStore;
  network: Network;
  events: PipelineEvents;
  clock: Clock;
  timetable: Timetable;
  location: RollupLocation;
  evidence: Pick<EvidenceBook, "pairs">;
  l1Health: () => L1Health;
  funding: Pick<Funding, "last"> | undefined;
}

/** The node as JSON-RPC shows it. */
export class PipelineView implements NodeView {
  readonly #parts: ViewParts;

  constructor(parts: ViewParts) {
    this.#parts = parts;
  }

  tips(): Tips {
    return this.#parts.keeper.tips;
  }

  status(): NodeStatus {
    const { validators, network, node, keeper, clock, timetable, l1Health, funding } = this.#parts;
    const head = keeper.tips.head.blockNumber;
    return {
      role: validators.length > 0 ? "validator" : "follower",
      validators,
      peers: network.peerCount(),
      slot: timetable.moment(clock.nowMs()).submissionSlot,
      syncing: node.isBehind ? { startingBlock: head, currentBlock: head, highestBlock: head + 1 } : undefined,
      l1: l1Health(),
      equivocations: this.#parts.evidence.pairs.slice(-MAX_SHOWN).map(({ first, second, isOver }) => ({
        slot: first.slot,
        validators: indicesOf(offendersOf(first, second)),
        kinds: [first.kind, second.kind],
        isOver,
      })),
      funding: funding?.last,
    };
  }

  checkpoint(slot: number): CheckpointRecord | undefined {
    return this.#parts.store.checkpointOf(slot);
  }

  attested(): AttestedCheckpoint[] {
    return this.#parts.keeper.state.unsubmitted.flatMap(({ slot, proposed }) =>
      proposed?.certificate === undefined ? [] : [{ slot, ...proposed, certificate: proposed.certificate }],
    );
  }

  blockDatas(slot: number): Uint8Array[] {
    return this.#parts.store.blocksOf(slot).map(({ data }) => data);
  }

  location(): RollupLocation {
    return this.#parts.location;
  }

  broadcast(raw: Hex): Promise<void> {
    return this.#parts.network.publish("transactions", transactionCodec.encode(Buffer.from(raw.slice(2), "hex")));
  }

  onHead(listener: (head: Tip) => void): () => void {
    return this.#parts.events.on((event) => {
      if (event.type === "head" || event.type === "discarded") listener(this.tips().head);
    });
  }
}

/** Equivocations shown, the newest. */
const MAX_SHOWN = 16;

/** Positions of the bits that are set, ascending. */
const indicesOf = (bits: bigint): number[] =>
  [...bits.toString(2)].reverse().flatMap((bit, index) => (bit === "1" ? [index] : []));
