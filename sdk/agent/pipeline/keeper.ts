import type { Hex } from "../../types/hex.ts";
import { addBlock, discardFrom, type Place } from "../chain/blocks.ts";
import { addCertificate, discardOverdue, makeRoom } from "../chain/certificates.ts";
import {
  applyFinalized,
  applyL1Block,
  applyLanded,
  applyRewind,
  applyRollback,
  applySettled,
  discardUnsubmitted,
  type LandedOutcome,
} from "../chain/l1.ts";
import { addProposal } from "../chain/proposals.ts";
import { noteBuildable } from "../chain/skips.ts";
import { pruneSlots } from "../chain/slots.ts";
import {
  bases,
  type ChainState,
  type Discarded,
  type ExecutedBlock,
  type L1View,
  type Landed,
  type Unsubmitted,
} from "../chain/state.ts";
import { addSuspect, takeSuspects } from "../chain/suspects.ts";
import { tipsOf } from "../chain/tips.ts";
import type { ChainReader, ExecutionEngine } from "../engine/interface.ts";
import type { Mempool } from "../mempool/interface.ts";
import type { ChainStore, L1Cursor, StoreChanges } from "../store/interface.ts";
import type { Moment, Timetable } from "../time/timetable.ts";
import type { BlockProposal, Certificate, CheckpointProposal } from "../types/messages.ts";
import type { Tips } from "../types/tips.ts";
import type { PipelineEvents } from "./events.ts";
import { recordOf } from "./records.ts";

export interface KeeperParts {
  engine: ExecutionEngine & ChainReader;
  mempool: Mempool;
  store: ChainStore;
  events: PipelineEvents;
  timetable: Timetable;
  /** Called when a new state is in force and nothing has followed from it: what builds on the old one stops. */
  onState?: () => void;
}

/**
 * The one writer of the chain state. Every change takes the same way: decide (pure), make durable, move the engine's
 * head, hand transactions back and forth, tell listeners. Calls must not overlap: they run in the node's mailbox.
 */
export class ChainKeeper {
  readonly #parts: KeeperParts;
  #state: ChainState;

  constructor(initial: ChainState, parts: KeeperParts) {
    this.#state = initial;
    this.#parts = parts;
  }

  get state(): ChainState {
    return this.#state;
  }

  get tips(): Tips {
    return tipsOf(this.#state);
  }

  /** Adds a block that was executed here, with the proposal it came in, at the place found for it. */
  async addBlock(block: ExecutedBlock, proposal: BlockProposal, place: Place): Promise<void> {
    const { state, discarded } = addBlock(this.#state, block, place);
    await this.#commit(state, discarded, { putBlocks: [proposal] }, [block]);
  }

  /**
   * Discards what stands above a base because this agent builds without it: so the transactions that were shown there
   * are back when the first block is filled, and come first in it. Of what is proposed nothing is discarded: a proposal
   * may come at the last moment, and then it is built upon.
   */
  async passOver(baseHash: Hex): Promise<void> {
    const depth = bases(this.#state).findIndex(({ blockHash }) => blockHash === baseHash);
    const above = this.#state.unsubmitted.slice(Math.max(0, depth));
    if (depth < 0 || above.length === 0) return;
    if (above.some(({ proposed }) => proposed !== undefined)) return;
    const { state, discarded } = discardFrom(this.#state, depth, "superseded");
    await this.#commit(state, discarded, {});
  }

  async addProposal(proposal: CheckpointProposal, digest: Hex): Promise<void> {
    const next = addProposal(this.#state, proposal, digest);
    if (next.unsubmitted.find((entry) => entry.slot === proposal.header.slot)?.proposed?.digest !== digest) return;
    const { slot } = proposal.header;
    const before = this.#certificateOf(slot);
    await this.#commit(next, [], { putCheckpoints: recordsOf(next, slot) });
    this.#parts.events.emit({ type: "proposed", slot, digest });
    this.#tellAttested(slot, before);
  }

  /**
   * Takes in a certificate, for a checkpoint that is here or for one that may come; what it shows to be without a future
   * is discarded. Returns whether it was new and for a checkpoint held here.
   */
  async addCertificate(certificate: Certificate): Promise<boolean> {
    const { slot } = certificate;
    const before = this.#certificateOf(slot);
    const { state, discarded } = addCertificate(this.#state, certificate);
    await this.#commit(state, discarded, { putCheckpoints: recordsOf(state, slot) });
    return this.#tellAttested(slot, before);
  }

  /** Discards what stands in the way of a certified checkpoint; see the rule of the same name. */
  async makeRoom(slot: number, parentHash: Hex, isHeld: boolean): Promise<void> {
    const { state, discarded } = makeRoom(this.#state, slot, parentHash, isHeld);
    if (discarded.length > 0) await this.#commit(state, discarded, {});
  }

  /** Notes what follows from the time alone: what a proposer could have done, and what waited for its certificate in vain. */
  async applyTime(moment: Moment): Promise<void> {
    const { timetable } = this.#parts;
    const { state, discarded } = discardOverdue(this.#state, moment.nowMs, timetable);
    if (discarded.length > 0) await this.#commit(state, discarded, {});
    this.#state = noteBuildable(this.#state, moment, timetable);
  }

  /** Forgets what is known of slots below this one. */
  pruneSlots(slot: number): void {
    this.#state = pruneSlots(this.#state, slot);
  }

  /** Takes over a landing; the outcome "missing" asks the caller to fetch the checkpoint's data. */
  async applyLanded(landed: Landed): Promise<LandedOutcome["outcome"]> {
    const result = applyLanded(this.#state, landed);
    const discarded = result.outcome === "known" ? [] : result.discarded;
    if (result.outcome === "missing" && discarded.length === 0) return result.outcome;
    await this.#commit(result.state, discarded, { putCheckpoints: recordsOf(result.state, landed.slot) });
    if (result.outcome === "promoted") this.#parts.events.emit({ type: "submitted", landed });
    return result.outcome;
  }

  /** L1 holds another checkpoint than the oldest one here. */
  async discardUnsubmitted(): Promise<void> {
    const { state, discarded } = discardUnsubmitted(this.#state);
    await this.#commit(state, discarded, {});
  }

  /** Moves on to a canonical L1 block whose landings were applied. */
  async applyL1Block(l1: L1View): Promise<void> {
    const { state, discarded } = applyL1Block(this.#state, l1, this.#parts.timetable);
    await this.#commit(state, discarded, { cursor: cursorOf(state) });
  }

  async applySettled(number: number): Promise<void> {
    await this.#commit(applySettled(this.#state, number), [], {});
  }

  /** L1's final block has settled up to checkpoint number `number`. */
  async applyFinalized(number: number): Promise<void> {
    const next = applyFinalized(this.#state, number);
    if (next !== this.#state) await this.#commit(next, [], {});
  }

  /** A challenge, or pruning, took L1's tip back to checkpoint number `tip`, in L1 block `l1`. */
  async applyRollback(tip: number, l1: L1View): Promise<void> {
    const { state, discarded } = applyRollback(this.#state, tip, l1.timestamp, this.#parts.timetable);
    const putCheckpoints = state.unsubmitted.flatMap((entry) => recordsOf(state, entry.slot));
    await this.#commit(state, discarded, { putCheckpoints });
  }

  /** L1 holds a checkpoint that is not followed here. It is not kept on disk: L1 is read again from before it. */
  addSuspect(landed: Landed): void {
    this.#state = addSuspect(this.#state, landed);
  }

  /** Takes out the suspects up to a number, which are to be applied as landed now. */
  takeSuspects(upTo: number): Landed[] {
    const { state, taken } = takeSuspects(this.#state, upTo);
    this.#state = state;
    return taken;
  }

  /** L1 went back to `ancestor`, at which checkpoints up to number `settled` were settled. */
  async applyRewind(ancestor: L1View, settled?: number): Promise<void> {
    const next = applyRewind(this.#state, ancestor, settled);
    const putCheckpoints = next.unsubmitted.flatMap((entry) => recordsOf(next, entry.slot));
    await this.#commit(next, [], {
      putCheckpoints,
      cursor: cursorOf(next),
    });
    this.#parts.events.emit({ type: "rewound", l1: ancestor });
  }

  async #commit(
    next: ChainState,
    discarded: Discarded[],
    changes: StoreChanges,
    added: ExecutedBlock[] = [],
  ): Promise<void> {
    const { engine, mempool, store, events, onState } = this.#parts;
    const removed = discarded.map((gone) => gone.slot);
    const before = tipsOf(this.#state);
    const tips = tipsOf(next);
    await store.commit({ ...changes, tips, removeSlots: removed });
    this.#state = next;
    onState?.();
    if (ENGINE_TIPS.some((tip) => tips[tip].blockHash !== before[tip].blockHash)) {
      await engine.forkchoiceUpdated({
        headBlockHash: tips.head.blockHash,
        safeBlockHash: tips.submitted.blockHash,
        finalizedBlockHash: tips.finalized.blockHash,
      });
    }
    const gone = discarded.flatMap(({ blocks }) => blocks);
    if (gone.length > 0) await mempool.onDiscard(await this.#transactionsOf(gone));
    for (const block of added) await mempool.onBlock(await this.#transactionsOf([block]));
    for (const one of discarded) events.emit({ type: "discarded", discarded: one });
    for (const block of added) events.emit({ type: "head", block });
  }

  async #transactionsOf(blocks: readonly ExecutedBlock[]): Promise<Hex[]> {
    const payloads = await Promise.all(blocks.map((block) => this.#parts.engine.getBlock(block.hash)));
    return payloads.flatMap((payload) => payload?.transactions ?? []);
  }

  #certificateOf(slot: number): Certificate | undefined {
    return this.#state.unsubmitted.find((entry) => entry.slot === slot)?.proposed?.certificate;
  }

  /** Tells of a checkpoint held here that has its certificate now and had none before. */
  #tellAttested(slot: number, before: Certificate | undefined): boolean {
    const certificate = this.#certificateOf(slot);
    if (before !== undefined || certificate === undefined) return false;
    const signers = certificate.signers.toString(2).replaceAll("0", "").length;
    this.#parts.events.emit({ type: "attested", slot, digest: certificate.digest, signers });
    return true;
  }
}

/** What the engine is told of: head, safe and finalized. */
const ENGINE_TIPS = ["head", "submitted", "finalized"] as const;

/** Where a node that starts again reads L1 on: what is not followed must be seen again. */
function cursorOf({ suspects, l1 }: ChainState): L1Cursor {
  const { blockNumber, blockHash } = suspects[0]?.before ?? l1;
  return { blockNumber, blockHash };
}

function recordsOf(state: ChainState, slot: number): ReturnType<typeof recordOf>[] {
  const landed = state.unsettled.find((entry) => entry.entry.slot === slot);
  const entry: Unsubmitted | undefined =
    landed?.entry ?? state.unsubmitted.find((candidate) => candidate.slot === slot);
  return entry?.proposed === undefined ? [] : [recordOf(entry, entry.proposed, landed?.landing)];
}
