import type { Kzg } from "../../blob/kzg.ts";
import type { Hex } from "../../types/hex.ts";
import type { BlockBuilder } from "../builder/block-builder.ts";
import { attemptOn } from "../chain/attempts.ts";
import { type BuildDuty, buildDuty } from "../chain/duties.ts";
import { type BuildJob, isJobCurrent } from "../chain/jobs.ts";
import { slotRecord } from "../chain/slots.ts";
import { type Base, bases, type ExecutedBlock } from "../chain/state.ts";
import type { ChainReader } from "../engine/interface.ts";
import { blockSequence, GuardError, type OwnValidator, SignerError } from "../guard/interface.ts";
import type { InboxView } from "../l1/interface.ts";
import type { ChainStore, Draft } from "../store/interface.ts";
import type { Clock } from "../time/interface.ts";
import type { BlockWindow, Moment } from "../time/timetable.ts";
import type { Logger } from "../types/logger.ts";
import type { BlockProposal, CheckpointProposal } from "../types/messages.ts";
import { blobHashesOf, digestOf, headerOf, outboxRootAfter } from "./checkpoint.ts";
import { dataBudget } from "./data-budget.ts";
import type { PipelineEvents } from "./events.ts";
import type { RollupIdentity } from "./identity.ts";
import type { ChainKeeper } from "./keeper.ts";
import { MissedDuty, missCodeOf } from "./missed.ts";
import { attributesOf, type BlockRules, NO_MESSAGES } from "./rules.ts";

export interface ProposerParts {
  keeper: ChainKeeper;
  builder: BlockBuilder;
  chain: Pick<ChainReader, "getStorageAt">;
  store: ChainStore;
  inbox: InboxView;
  kzg: Kzg;
  clock: Clock;
  identity: RollupIdentity;
  rules: BlockRules;
  validators: readonly OwnValidator[];
  events: PipelineEvents;
  /** Digest a block proposal's signature covers. */
  blockDigest: (block: Draft["block"]) => Hex;
  /** Discards what stands above a base that is built upon, before anything is built. */
  passOver: (baseHash: Hex) => Promise<void>;
  /** Takes an own proposal the way of everybody's: gossip, and the follower. Resolves when it is part of the chain. */
  publishBlock: (block: BlockProposal) => Promise<void>;
  publishProposal: (proposal: CheckpointProposal) => Promise<void>;
  log: Logger;
}

type Building = Extract<BuildDuty, { duty: "build" }> & { validator: OwnValidator };

interface Job extends BuildJob {
  abort: AbortController;
  done: Promise<void>;
}

/** Time between two looks at whether the parent's proposal has come. */
const RECHECK_MS = 50;
/** Longer than any block takes to begin; what is promised early is promised on less. */
const MAX_LEAD_MS = 1_000;

/**
 * Builds the checkpoints of this agent's validators: a job for each slot, dropped when the chain below it changes. When
 * the next slot is this agent's too, the next job builds while the last one still waits to propose.
 */
export class Proposer {
  readonly #parts: ProposerParts;
  /** By slot: the one being built, and the one before it until it is proposed. */
  readonly #jobs = new Map<number, Job>();
  /** The newest slot whose job ended by itself: done, or failed for good. */
  #endedSlot = 0;
  /** The newest slot of which it was told that no attempt is left. */
  #missedSlot = 0;

  constructor(parts: ProposerParts) {
    this.#parts = parts;
  }

  /**
   * Starts, keeps or drops the job for the slot being built. Called whenever the chain or the time has moved.
   * @param owner Public key of the validator of this agent whose slot it is.
   * @param next The same for the slot after it: when all is there that it stands on, its first block is begun ahead of
   * its time, to be shown when that comes.
   */
  tick(owner: Hex | undefined, next?: Hex): void {
    const { clock, rules } = this.#parts;
    const { timetable } = rules;
    const moment = timetable.moment(clock.nowMs());
    this.dropStale();
    this.#look(owner, moment);
    const startMs = timetable.startMs(moment.buildSlot);
    if (startMs - moment.nowMs <= this.#leadMs) this.#look(next, timetable.moment(startMs), true);
  }

  /** How long before its time a slot's first block may be begun: the last one of the slot before is out by then. */
  get #leadMs(): number {
    return Math.min(MAX_LEAD_MS, 2 * this.#parts.rules.timetable.parameters.hopSeconds * 1000);
  }

  #look(owner: Hex | undefined, moment: Moment, isAhead = false): void {
    const { rules, keeper, validators, inbox } = this.#parts;
    const validator = validators.find(({ signer }) => signer.publicKey === owner);
    if (validator === undefined || moment.buildSlot <= this.#endedSlot || this.#jobs.has(moment.buildSlot)) return;
    const duty = buildDuty(keeper.state, moment, rules.timetable);
    if (duty.duty !== "build" || !this.#isOurs(duty.slot, validator)) return;
    // Ahead of time nothing is passed over, and nothing given up that may come until then.
    if (isAhead && (duty.trigger === "parent-silent" || inbox.due(duty.slot, duty.base.inboxCount) === undefined))
      return;
    const attempt = duty.trigger === "resumed" ? duty.attempt : this.#freshAttempt(duty, validator);
    if (attempt === undefined) return;
    for (const job of this.#jobs.values()) {
      if (job.slot !== duty.base.slot) this.#drop(job, "the next slot is built without it");
    }
    this.#start({ ...duty, attempt, validator });
  }

  /**
   * Ends what is built on a chain that is no longer there. To be called before discarded transactions are back in the
   * pool: on the old chain they are invalid, and whoever offers them there would throw them out of it.
   */
  dropStale(): void {
    const { unsubmitted } = this.#parts.keeper.state;
    for (const job of this.#jobs.values()) {
      if (!this.#isCurrent(job)) this.#drop(job, "the chain below the checkpoint changed");
      else job.built = unsubmitted.find(({ slot }) => slot === job.slot)?.blocks.at(-1)?.hash ?? job.built;
    }
  }

  async stop(): Promise<void> {
    const jobs = [...this.#jobs.values()];
    for (const job of jobs) this.#drop(job, "stopping");
    await Promise.all(jobs.map(({ done }) => done));
  }

  #isCurrent(job: Job): boolean {
    return isJobCurrent(this.#parts.keeper.state, job);
  }

  /**
   * Whether this guard knows the newest block held of our slot. One it does not know is another agent's with our key:
   * to go on beside it would sign the slot twice.
   */
  #isOurs(slot: number, { guard, signer }: OwnValidator): boolean {
    const { keeper, log } = this.#parts;
    const last = keeper.state.unsubmitted.find((entry) => entry.slot === slot)?.blocks.at(-1);
    if (last === undefined) return true;
    if (guard.find(signer.publicKey, "block", slot, blockSequence(last.attempt, last.index)) !== undefined) return true;
    log.error(
      { slot, hash: last.hash },
      "another agent with this validator's key is building: keeping out of this slot",
    );
    this.#endedSlot = slot;
    return false;
  }

  /** The attempt to begin on what there is to build on; undefined, which is told once, if none is left. */
  #freshAttempt({ slot, base }: Extract<BuildDuty, { duty: "build" }>, validator: OwnValidator): 0 | 1 | undefined {
    const { guard, signer } = validator;
    const isSigned = (kind: "block" | "proposal", sequence: string): boolean =>
      guard.find(signer.publicKey, kind, slot, sequence) !== undefined;
    const draft = this.#draftOf(slot);
    const attempt = attemptOn(base.blockHash, {
      isProposed: isSigned("proposal", ""),
      isSigned: [isSigned("block", blockSequence(0, 0)), isSigned("block", blockSequence(1, 0))],
      parents: slotRecord(this.#parts.keeper.state, slot).parents,
      draft: draft && { attempt: draft.block.attempt, baseHash: draft.baseHash },
    });
    if (attempt === undefined && this.#missedSlot !== slot) {
      this.#missedSlot = slot;
      const reason = "no attempt is left for what there is to build on";
      this.#parts.events.emit({ type: "missed-duty", slot, duty: "build", code: "no-attempt", reason });
    }
    return attempt;
  }

  #draftOf(slot: number): Draft | undefined {
    const draft = this.#parts.store.draft();
    return draft?.block.slot === slot ? draft : undefined;
  }

  #drop(job: Job, reason: string): void {
    job.abort.abort(new Error(reason));
    this.#jobs.delete(job.slot);
  }

  #start(duty: Building): void {
    const { log, events, keeper } = this.#parts;
    const abort = new AbortController();
    const own = keeper.state.unsubmitted.find((entry) => entry.slot === duty.slot);
    const { slot, base } = duty;
    const built = own?.blocks.at(-1)?.hash;
    const job: Job = { slot, parentHash: base.blockHash, built, isClear: false, abort, done: Promise.resolve() };
    this.#jobs.set(duty.slot, job);
    events.emit({ type: "build-started", slot: duty.slot, trigger: duty.trigger, parentSlot: duty.base.slot });
    job.done = this.#resume(duty, own?.blocks ?? [], abort.signal)
      .catch((error: unknown) => {
        const reason = error instanceof Error ? error.message : String(error);
        if (abort.signal.aborted || !this.#isCurrent(job)) {
          return log.info({ slot: duty.slot, reason }, "build dropped");
        }
        events.emit({
          type: "missed-duty",
          slot: duty.slot,
          duty: error instanceof GuardError || error instanceof SignerError ? "propose" : "build",
          code: missCodeOf(error),
          reason,
        });
        log.error({ slot: duty.slot, reason }, "build failed");
      })
      .finally(() => {
        if (abort.signal.aborted) return;
        // What failed because the chain below went away is tried again on what there is now.
        if (this.#isCurrent(job)) this.#endedSlot = Math.max(this.#endedSlot, duty.slot);
        this.#jobs.delete(duty.slot);
      });
  }

  /** Goes on after the blocks that are there, which may have come to nobody else before a restart. */
  async #resume(duty: Building, built: readonly ExecutedBlock[], signal: AbortSignal): Promise<void> {
    const { store, publishBlock } = this.#parts;
    if (built.length > 0) for (const block of store.blocksOf(duty.slot)) await publishBlock(block);
    const lost = this.#draftOf(duty.slot);
    const isNext =
      lost?.block.attempt === duty.attempt &&
      lost.block.index === built.length &&
      lost.block.parentHash === (built.at(-1)?.hash ?? duty.base.blockHash);
    if (!isNext) return this.#run(duty, built.length, built.at(-1), signal);
    // Signed or about to be when this agent went down: another in its place would be a second signature.
    await this.#publish(lost.block, duty.validator);
    await this.#run(duty, built.length + 1, { hash: lost.block.blockHash, last: lost.block.last }, signal);
  }

  async #run(
    duty: Building,
    firstIndex: number,
    lastBuilt: { hash: Hex; last: boolean } | undefined,
    signal: AbortSignal,
  ): Promise<void> {
    if (firstIndex === 0) await this.#clear(duty);
    signal.throwIfAborted();
    // After a restart the newest block's own window may still be open.
    const windows = this.#windowsLeft(duty.slot).filter((window) => window.index >= firstIndex);
    let parentHash = lastBuilt?.hash ?? duty.base.blockHash;
    let index = firstIndex;
    if (!lastBuilt?.last) {
      if (windows.length === 0) throw new MissedDuty("too-late", "no time is left in the build slot");
      for (const window of windows) {
        parentHash = await this.#block(duty, index, window, parentHash, signal);
        index++;
      }
    }
    await this.#propose(duty, signal);
  }

  /** Discards what the job leaves out; ends it if that has become something to build upon. */
  async #clear({ slot, base }: Building): Promise<void> {
    const job = this.#jobs.get(slot);
    await this.#parts.passOver(base.blockHash);
    if (job === undefined) return;
    job.isClear = true;
    if (!this.#isCurrent(job)) throw new Error("what was to be left out is to be built upon");
  }

  /** Windows that still have room for a block; started late, the checkpoint has fewer. */
  #windowsLeft(slot: number): BlockWindow[] {
    const { rules, clock } = this.#parts;
    const roomMs = rules.timetable.parameters.minBlockSeconds * 1000;
    return rules.timetable.of(slot).blocks.filter((window) => window.deadlineMs - clock.nowMs() >= roomMs);
  }

  async #block(duty: Building, index: number, window: BlockWindow, parentHash: Hex, signal: AbortSignal): Promise<Hex> {
    const { clock, inbox, rules, builder, store } = this.#parts;
    const { coinbase } = duty.validator;
    await clock.sleepUntil(window.startMs - this.#leadMs, signal);
    const share = index === 0 ? inbox.due(duty.slot, duty.base.inboxCount) : NO_MESSAGES;
    if (share === undefined) throw new MissedDuty("inbox-unread", "the inbox was not read up to this slot's cut-off");
    const attributes = attributesOf(rules, duty.slot, index, coinbase, share);
    const times = { startMs: window.startMs, endMs: window.deadlineMs };
    const budget = dataBudget(rules.timetable, store.blocksOf(duty.slot), duty.slot, window.index, share);
    const built = await builder.build(parentHash, attributes, times, budget, signal);
    const block: Draft["block"] = {
      slot: duty.slot,
      index,
      attempt: duty.attempt,
      last: window.last,
      parentHash,
      blockHash: built.payload.blockHash,
      data: built.data,
    };
    try {
      signal.throwIfAborted();
      await store.commit({ draft: { baseHash: duty.base.blockHash, block } });
      await this.#publish(block, duty.validator);
    } catch (error) {
      // Shown as it was built, and nobody will ever see it whole.
      if (!this.#isInChain(block)) builder.abandon(built.payloadId, built.payload.transactions, String(error));
      throw error;
    }
    return block.blockHash;
  }

  #isInChain({ slot, blockHash }: Draft["block"]): boolean {
    const held = this.#parts.keeper.state.unsubmitted.find((entry) => entry.slot === slot);
    return held?.blocks.some(({ hash }) => hash === blockHash) === true;
  }

  async #publish(block: Draft["block"], { signer }: OwnValidator): Promise<void> {
    const { blockDigest, publishBlock } = this.#parts;
    const sequence = blockSequence(block.attempt, block.index);
    await publishBlock({ ...block, signature: await signer.sign("block", block.slot, blockDigest(block), sequence) });
  }

  async #propose({ slot, validator }: Building, signal: AbortSignal): Promise<void> {
    const { store, inbox, kzg, rules, identity, publishProposal, clock, chain } = this.#parts;
    const { signer, coinbase } = validator;
    const parent = await this.#parentWithDigest(slot, signal);
    const blocks = store.blocksOf(slot);
    const last = this.#parts.keeper.state.unsubmitted.find((entry) => entry.slot === slot)?.blocks.at(-1);
    const due = inbox.due(slot, parent.inboxCount);
    if (last === undefined || due === undefined) throw new Error("the checkpoint's blocks or inbox are not here");
    const maxBlobs = rules.timetable.parameters.maxBlobsPerCheckpoint;
    const outboxRoot = await outboxRootAfter(chain, last.hash);
    const content = {
      header: headerOf(slot, last, { inboxCount: due.count, outboxRoot }, coinbase),
      parentDigest: parent.digest,
      blobHashes: await blobHashesOf(
        kzg,
        blocks.map((block) => block.data),
        maxBlobs,
      ),
      inboxHash: due.hash,
    };
    signal.throwIfAborted();
    // Signed late, it would be accepted here and by nobody else.
    if (clock.nowMs() > rules.timetable.of(slot).proposalDeadlineMs)
      throw new MissedDuty("too-late", "the proposal came too late");
    const signature = await signer.sign("proposal", slot, digestOf(identity, content));
    await publishProposal({ ...content, signature });
  }

  /** The parent's digest goes into ours: waits for its proposal until our own would be too late. */
  async #parentWithDigest(slot: number, signal: AbortSignal): Promise<Base & { digest: Hex }> {
    const { keeper, clock, rules } = this.#parts;
    const deadlineMs = rules.timetable.of(slot).proposalDeadlineMs;
    for (;;) {
      const { state } = keeper;
      const parent = bases(state)[state.unsubmitted.findIndex((entry) => entry.slot === slot)];
      if (parent === undefined) throw new Error("the checkpoint is no longer part of the chain");
      if (parent.digest !== undefined) return { ...parent, digest: parent.digest };
      if (clock.nowMs() >= deadlineMs)
        throw new MissedDuty("parent-silent", "the parent's checkpoint proposal did not come");
      await clock.sleepUntil(clock.nowMs() + RECHECK_MS, signal);
    }
  }
}
