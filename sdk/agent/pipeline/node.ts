import type { Hex } from "../../types/hex.ts";
import { lastSlotToBuild, leaving } from "../chain/leave.ts";
import type { L1View } from "../chain/state.ts";
import type { L1Event } from "../l1/interface.ts";
import { unlessAborted } from "../time/abort.ts";
import type { Clock } from "../time/interface.ts";
import type { Mailbox } from "../time/mailbox.ts";
import type { Moment, Timetable } from "../time/timetable.ts";
import type { Logger } from "../types/logger.ts";
import type { BlockProposal, Certificate, CheckpointProposal, Vote } from "../types/messages.ts";
import type { Verdict } from "../types/verdict.ts";
import { ignore } from "../types/verdict.ts";
import type { Announcer } from "./announcer.ts";
import type { Attester } from "./attester.ts";
import type { CatchUp } from "./catch-up.ts";
import type { ClockWatch } from "./clock-watch.ts";
import type { Follower } from "./follower.ts";
import type { Intake } from "./intake.ts";
import type { ChainKeeper } from "./keeper.ts";
import type { L1Follower } from "./l1-follower.ts";
import type { MissedDuties } from "./missed-duties.ts";
import type { Proposer } from "./proposer.ts";
import type { Publishing } from "./publisher.ts";
import type { Repeater } from "./repeater.ts";

/** How often duties are looked at. Decisions are cheap; this bounds how late one can start. */
export const HEARTBEAT_MS = 50;

const NOT_JUDGED = "this node could not judge it: see its log";

/** Reads L1: what is new above a block, in order. */
export interface L1Reader {
  poll(from: L1View): Promise<L1Event[]>;
}

/** Which slots this agent's validators propose for, as far as known; learned ahead of time by `refresh`. */
export interface OwnSlots {
  has(slot: number): boolean;
  /** Public key of the validator of this agent that proposes for a slot. */
  ownerOf(slot: number): Hex | undefined;
  /** Learns about these slots. */
  refresh(slots: number[]): Promise<void>;
  /** L1 went back: what was learned may have changed. */
  forget(): void;
}

export interface NodeParts {
  clock: Clock;
  timetable: Timetable;
  mailbox: Mailbox;
  keeper: ChainKeeper;
  intake: Intake;
  follower: Follower;
  attester: Attester;
  l1Follower: L1Follower;
  catchUp: CatchUp;
  repeater: Pick<Repeater, "tick">;
  announcer: Pick<Announcer, "tick">;
  clockWatch: Pick<ClockWatch, "tick">;
  l1: L1Reader;
  ownSlots: OwnSlots;
  missed: Pick<MissedDuties, "tick">;
  /** Absent in an agent without a validator. */
  proposer: Proposer | undefined;
  /** Absent in an agent without an L1 account. */
  publisher: Publishing | undefined;
  log: Logger;
}

/** The running node: gossip, L1 and time come in here and go through one mailbox to the parts that decide. */
export class PipelineNode {
  readonly #parts: NodeParts;
  readonly #stop = new AbortController();
  #loops: Promise<unknown> = Promise.resolve();
  #ticking = false;
  /** L1 was read up to its head, since the start and since it was away: what is on disk may be hours old. */
  #l1Read = false;
  #learnedAt = "";
  /** No later slot is built: the agent is about to stop. */
  #lastSlot = Number.POSITIVE_INFINITY;
  #voteQueue: { vote: Vote; answer: (verdict: Verdict) => void }[] = [];

  constructor(parts: NodeParts) {
    this.#parts = parts;
  }

  start(): void {
    this.#loops = Promise.all([this.#heartbeat(), this.#followL1()]);
  }

  /**
   * Takes on no new slot, and resolves when what it has begun is done: own slots built and landed, its predecessor's
   * rescued. At the latest when the windows of these are over, or when the signal aborts.
   */
  async finish(signal: AbortSignal): Promise<void> {
    const { clock, timetable, ownSlots, keeper, publisher, log } = this.#parts;
    const isProposer = (slot: number): boolean => ownSlots.has(slot);
    const lastSlot = lastSlotToBuild(timetable.moment(clock.nowMs()), timetable, isProposer);
    this.#lastSlot = lastSlot;
    let said = "";
    while (!signal.aborted && this.#isOnDuty()) {
      const moment = timetable.moment(clock.nowMs());
      const found = leaving(keeper.state, moment, timetable, isProposer, lastSlot, publisher !== undefined);
      if (found.leave) return;
      if (found.reason !== said) log.info({ reason: found.reason }, "stopping, after this");
      said = found.reason;
      await clock.sleepUntil(clock.nowMs() + HEARTBEAT_MS, signal).catch(() => {});
    }
  }

  /** Stops taking work, then lets what was begun end. */
  async stop(): Promise<void> {
    this.#stop.abort(new Error("stopping"));
    await this.#parts.proposer?.stop();
    await this.#loops;
    await this.#parts.attester.settled();
    await this.#parts.mailbox.close();
    await this.#parts.publisher?.stop();
  }

  get isBehind(): boolean {
    return this.#parts.l1Follower.isBehind;
  }

  /** Judges a gossiped block; it is executed later and does not hold up gossip. */
  async onBlock(block: BlockProposal): Promise<Verdict> {
    const verdict = await this.#parts.intake.judgeBlock(block);
    if (verdict.verdict === "accept") this.#post(() => this.#parts.follower.onBlock(block));
    this.#noteRejected(verdict, "block", block.slot);
    return verdict;
  }

  async onProposal(proposal: CheckpointProposal): Promise<Verdict> {
    const verdict = await this.#parts.intake.judgeProposal(proposal);
    if (verdict.verdict === "accept") this.#post(() => this.#parts.follower.onProposal(proposal));
    this.#noteRejected(verdict, "checkpoint proposal", proposal.header.slot);
    return verdict;
  }

  /** Votes that arrive while the node is busy are judged together. */
  onVote(vote: Vote): Promise<Verdict> {
    return new Promise((answer) => {
      this.#voteQueue.push({ vote, answer });
      if (this.#voteQueue.length > 1) return;
      const posted = this.#parts.mailbox.post(async () => {
        const queue = this.#voteQueue;
        this.#voteQueue = [];
        let verdicts: Verdict[] = [];
        try {
          verdicts = await this.#parts.attester.onVotes(queue.map((waiting) => waiting.vote));
        } finally {
          // Whoever forwards votes waits for an answer, and takes no more of them while too many wait.
          for (const [i, waiting] of queue.entries()) waiting.answer(verdicts[i] ?? ignore(NOT_JUDGED));
        }
      });
      if (!posted) this.#dropVotes();
    });
  }

  onCertificate(certificate: Certificate): Promise<Verdict> {
    return new Promise((answer) => {
      const posted = this.#parts.mailbox.post(async () => {
        let verdict = ignore(NOT_JUDGED);
        try {
          verdict = await this.#parts.attester.onCertificate(certificate);
        } finally {
          answer(verdict);
        }
      });
      if (!posted) answer(ignore("the node is overloaded"));
    });
  }

  /** Runs a step in the mailbox and waits for it. */
  run(task: () => Promise<void>): Promise<void> {
    return new Promise((resolve, reject) => {
      const posted = this.#parts.mailbox.post(() => task().then(resolve, reject));
      if (!posted) reject(new Error("the node is overloaded or stopping"));
    });
  }

  /** The peer that sent it pays by its score; here one can see why. */
  #noteRejected(verdict: Verdict, what: string, slot: number): void {
    if (verdict.verdict === "reject") this.#parts.log.debug({ slot, reason: verdict.reason }, `${what} rejected`);
  }

  #dropVotes(): void {
    for (const { answer } of this.#voteQueue.splice(0)) answer(ignore("the node is overloaded"));
  }

  #post(task: () => Promise<void>): boolean {
    const posted = this.#parts.mailbox.post(task);
    if (!posted) this.#parts.log.warn({}, "overloaded: a message was dropped");
    return posted;
  }

  async #heartbeat(): Promise<void> {
    const { clock, log } = this.#parts;
    while (!this.#stop.signal.aborted) {
      try {
        this.#beat();
      } catch (error) {
        log.error({ error: String(error) }, "heartbeat failed");
      }
      await clock.sleepUntil(clock.nowMs() + HEARTBEAT_MS, this.#stop.signal).catch(() => {});
    }
  }

  /** One look at all duties, with one reading of the clock. */
  #beat(): void {
    const { clock, timetable, ownSlots, proposer, publisher, keeper, l1Follower, catchUp, repeater } = this.#parts;
    const moment = timetable.moment(clock.nowMs());
    this.#parts.announcer.tick(moment.nowMs);
    this.#parts.clockWatch.tick(moment);
    this.#learnOwnSlots(moment);
    this.#parts.missed.tick(moment, this.#isOnDuty());
    if (!this.#l1Read || l1Follower.isBehind || moment.buildSlot < 1) return;
    catchUp.tick(moment);
    if (!this.#isOnDuty()) return;
    repeater.tick(moment);
    const ownerOf = (slot: number): Hex | undefined => (slot > this.#lastSlot ? undefined : ownSlots.ownerOf(slot));
    proposer?.tick(ownerOf(moment.buildSlot), ownerOf(moment.buildSlot + 1));
    publisher?.tick(keeper.state, moment, (slot) => ownSlots.has(slot));
    this.#tickMailbox(moment);
  }

  #isOnDuty(): boolean {
    return this.#l1Read && !this.#parts.l1Follower.isBehind && this.#parts.catchUp.isReady;
  }

  /** Asks L1, at most once per L1 block, which of the slots that can matter now are ours. */
  #learnOwnSlots(moment: Moment): void {
    const { ownSlots, keeper, log } = this.#parts;
    const key = `${keeper.state.l1.blockHash}/${moment.buildSlot}`;
    if (key === this.#learnedAt) return;
    this.#learnedAt = key;
    const oldest = keeper.state.unsubmitted[0]?.slot ?? moment.submissionSlot;
    const first = Math.max(1, Math.min(oldest, moment.submissionSlot));
    const slots = Array.from({ length: Math.max(0, moment.buildSlot + 2 - first) }, (_, i) => first + i);
    ownSlots
      .refresh(slots)
      .catch((error: unknown) => log.warn({ error: String(error) }, "asking for proposers failed"));
  }

  #forgetOwnSlots(): void {
    this.#parts.ownSlots.forget();
    this.#learnedAt = "";
  }

  #tickMailbox(moment: Moment): void {
    if (this.#ticking) return;
    this.#ticking = this.#post(async () => {
      this.#ticking = false;
      await this.#parts.l1Follower.retry();
      await this.#parts.attester.tick(moment);
    });
  }

  /** Reads L1 a few times per L1 slot; while the node is behind it looks for the missing data as well. */
  async #followL1(): Promise<void> {
    const { clock, timetable, l1, l1Follower, log } = this.#parts;
    const everyMs = (timetable.parameters.l1SlotSeconds * 1000) / L1_POLLS_PER_SLOT;
    let failing = false;
    while (!this.#stop.signal.aborted) {
      try {
        if (l1Follower.isBehind) await this.run(() => l1Follower.retry());
        const { readTo } = l1Follower;
        const { signal } = this.#stop;
        // Nothing of a poll is kept before it has ended: when the node stops, nobody waits for it.
        const events = readTo === undefined ? [] : await unlessAborted(l1.poll(readTo), signal);
        for (const event of events) {
          if (event.type === "rewind") this.#forgetOwnSlots();
          await this.run(() => l1Follower.onEvent(event));
        }
        if (events.length === 0) this.#l1Read = true;
        if (events.length > L1_POLLS_PER_SLOT) this.#l1Read = false;
        if (failing) log.info({}, "L1 answers again");
        failing = false;
      } catch (error) {
        // Said once: an L1 that is away for an hour must not fill the log.
        if (!failing && !this.#stop.signal.aborted) log.warn({ error: String(error) }, "reading L1 failed, trying on");
        failing = true;
      }
      await clock.sleepUntil(clock.nowMs() + everyMs, this.#stop.signal).catch(() => {});
    }
  }
}

/** A new L1 block is seen within a tenth of an L1 slot. */
const L1_POLLS_PER_SLOT = 10;
