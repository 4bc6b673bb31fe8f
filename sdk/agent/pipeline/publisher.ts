import type { BlobSidecar, BlobWrapperVersion, Kzg } from "../../blob/kzg.ts";
import type { CheckpointLog } from "../../build/log.ts";
import { type LandingRequest, landingRequest } from "../../submit/landings.ts";
import type { StepOutcome } from "../../submit/outcome.ts";
import type { Hex } from "../../types/hex.ts";
import type { Submission } from "../../types/submission.ts";
import { blobsOf } from "../../watch/blobs.ts";
import { type IsProposer, type PublishDuty, type PublishRole, publishDuty, type RescueRank } from "../chain/publish.ts";
import type { ChainState, Proposed, Unsubmitted } from "../chain/state.ts";
import type { ChainStore } from "../store/interface.ts";
import type { Clock } from "../time/interface.ts";
import type { Moment, Timetable } from "../time/timetable.ts";
import type { Logger } from "../types/logger.ts";
import type { CheckpointProposal } from "../types/messages.ts";
import type { SubmissionAccounts } from "./accounts.ts";
import type { Challenger } from "./challenger.ts";
import type { Claimer } from "./claimer.ts";
import type { L1Task, PipelineEvents } from "./events.ts";
import type { Informer } from "./informer.ts";
import type { Poker } from "./poker.ts";
import type { Pruner } from "./pruner.ts";
import type { AgentRequest } from "./requests.ts";
import type { Settler } from "./settler.ts";

export interface PublisherParts {
  accounts: Pick<SubmissionAccounts, "step" | "together" | "history" | "close">;
  store: ChainStore;
  kzg: Kzg;
  clock: Clock;
  timetable: Timetable;
  rank: RescueRank;
  blobWrapperVersion: BlobWrapperVersion;
  rollup: Hex;
  /** Paid for late landings. */
  recipient: Hex;
  settler: Settler;
  pruner: Pruner;
  poker: Poker;
  informer: Informer;
  challenger: Challenger;
  claimer: Pick<Claimer, "request">;
  events: Pick<PipelineEvents, "emit">;
  log: Logger;
}

/** Sidecars kept: every checkpoint that can be unsubmitted at once. */
const MAX_SIDECARS = 4;

/** A transaction that lands nothing: it gives way to every landing. */
interface Errand {
  what: Exclude<L1Task, "landing">;
  request: AgentRequest;
}

type Submitting = Extract<PublishDuty, { duty: "submit" }>;

/** What the node asks of whoever publishes. */
export interface Publishing {
  /** Looks whether there is something to land. Never blocks the caller. */
  tick(state: ChainState, moment: Moment, isProposer: IsProposer): void;
  stop(): Promise<void>;
}

/**
 * Brings to L1 what the handoff makes this agent's to bring. It decides anew at each L1 block and whenever the duty
 * changes; what is in flight, and at what price, is the submission manager's business.
 */
export class Publisher implements Publishing {
  readonly #parts: PublisherParts;
  readonly #sidecars = new Map<Hex, Promise<BlobSidecar[]>>();
  #lastStep = "";
  /** When the last step is taken again though nothing has changed; infinite if it came to something. */
  #retryAtMs = Number.POSITIVE_INFINITY;
  /** What sending lately took, from the decision on: the longest, forgotten by and by. */
  #sendingMs = 0;
  #running: Promise<void> | undefined;

  constructor(parts: PublisherParts) {
    this.#parts = parts;
  }

  /** Steps the submission manager if there is something new to decide. Never blocks the caller. */
  tick(state: ChainState, moment: Moment, isProposer: IsProposer): void {
    // After an L1 reorg there may be more of them than can be kept: the oldest land first.
    for (const entry of state.unsubmitted.slice(0, MAX_SIDECARS)) {
      if (entry.proposed !== undefined) void this.#sidecarsOf(entry.proposed);
    }
    if (this.#running !== undefined) return;
    const duty = publishDuty(state, moment, this.#parts.timetable, isProposer, this.#parts.rank, this.#sendingMs);
    const step = `${state.l1.blockHash}/${duty.duty === "submit" ? duty.slots.join() : ""}`;
    if (step === this.#lastStep && moment.nowMs < this.#retryAtMs) return;
    this.#lastStep = step;
    this.#retryAtMs = Number.POSITIVE_INFINITY;
    this.#running = this.#step(state, moment, duty, isProposer)
      .catch((error: unknown) => {
        this.#parts.log.error({ error: String(error) }, "publishing failed");
        return true;
      })
      .then((isUnfinished) => {
        if (isUnfinished) this.#retryAtMs = this.#parts.clock.nowMs() + this.#retryMs;
        this.#running = undefined;
      });
  }

  /** Waits for the step in progress and closes the journal; what is in flight stays, and is known after a restart. */
  async stop(): Promise<void> {
    await this.#running;
    await this.#parts.accounts.close();
  }

  /** An L1 block is too long to wait for when all that failed is a call: the successor has two of them. */
  get #retryMs(): number {
    return (this.#parts.timetable.parameters.l1SlotSeconds * 1000) / RETRIES_PER_L1_SLOT;
  }

  /** True if it is to be taken again before anything changes. */
  async #step(state: ChainState, moment: Moment, duty: PublishDuty, isProposer: IsProposer): Promise<boolean> {
    const { accounts, challenger, clock } = this.#parts;
    const challenged = challenger.inTheWay(state);
    if (duty.duty === "wait" || challenged === undefined) {
      const errand = await this.#errand(state, moment, isProposer);
      const outcome = await accounts.step(this.#nowSec(), errand?.request);
      if (errand !== undefined) this.#reportErrand(errand, outcome);
      return errand !== undefined && isUnfinished(outcome);
    }
    const entries = duty.slots.map((slot) => state.unsubmitted.find((entry) => entry.slot === slot) as Unsubmitted);
    const going = entries.slice(0, accounts.together(entries.map((entry) => proposedOf(entry).digest)));
    // Making blobs' proofs may take a while: the clock is read afterwards.
    const request = await this.#request(going, duty, challenged);
    const outcome = await accounts.step(this.#nowSec(), request);
    if (outcome.status === "sent") this.#noteSending(clock.nowMs() - moment.nowMs);
    this.#report(going, duty, outcome);
    return isUnfinished(outcome);
  }

  #noteSending(tookMs: number): void {
    this.#sendingMs = Math.max(tookMs, this.#sendingMs * KEPT_OF_SENDING);
  }

  #nowSec(): number {
    return Math.floor(this.#parts.clock.nowMs() / 1000);
  }

  /** @param challenged What stands in the place of what is to land, and is challenged in the same transaction. */
  async #request(
    entries: readonly Unsubmitted[],
    duty: Submitting,
    challenged: readonly CheckpointLog[],
  ): Promise<LandingRequest> {
    const { timetable, recipient, rollup } = this.#parts;
    const items = entries.map(async (entry) => {
      const proposed = proposedOf(entry);
      const blobs = await this.#sidecarsOf(proposed);
      return { submission: submissionOf(proposed, blobs.length), blobs, blobHashes: proposed.proposal.blobHashes };
    });
    const oldest = timetable.of(duty.slots[0] as number);
    return landingRequest(rollup, await Promise.all(items), {
      recipient,
      notBeforeSec: (duty.role === "proposer" ? oldest.startMs : oldest.handoffMs) / 1000,
      deadlineSec: Math.floor(duty.deadlineMs / 1000),
      challenged,
    });
  }

  /** Blob proofs take a while: they are made once, while the attestations are gathered. */
  #sidecarsOf({ proposal, digest }: Proposed): Promise<BlobSidecar[]> {
    const known = this.#sidecars.get(digest);
    if (known !== undefined) return known;
    const made = this.#makeSidecars(proposal);
    made.catch(() => this.#sidecars.delete(digest));
    this.#sidecars.set(digest, made);
    if (this.#sidecars.size > MAX_SIDECARS) this.#sidecars.delete(this.#sidecars.keys().next().value as Hex);
    return made;
  }

  /** @throws WatchError unless the blocks that are stored for the slot are, blob by blob, those that were proposed. */
  async #makeSidecars({ header, blobHashes }: CheckpointProposal): Promise<BlobSidecar[]> {
    const { store, kzg, blobWrapperVersion } = this.#parts;
    const datas = store.blocksOf(header.slot).map((block) => block.data);
    return blobsOf({ submission: { header }, blobHashes }, datas, kzg, blobWrapperVersion);
  }

  /** What is to be done beside landing, the most urgent first. */
  async #errand(state: ChainState, moment: Moment, isProposer: IsProposer): Promise<Errand | undefined> {
    const { challenger, pruner, poker, settler, informer, claimer, accounts } = this.#parts;
    const ownSlot = isProposer(moment.submissionSlot);
    const challenge = await challenger.request(state, moment, ownSlot, accounts.history);
    if (challenge !== undefined) return { what: challenge.purpose, request: challenge };
    if (isLandingNear(state, isProposer)) return undefined;
    const pruning = await pruner.request(state, moment, ownSlot);
    if (pruning !== undefined) return { what: "pruning", request: pruning };
    const poke = await poker.request(state, moment, ownSlot);
    if (poke !== undefined) return { what: "poke", request: poke };
    const settlement = await settler.request(state, moment, ownSlot);
    if (settlement !== undefined) return { what: "settlement", request: settlement };
    const evidence = await informer.request(ownSlot);
    if (evidence !== undefined) return { what: "evidence", request: evidence };
    const claim = await claimer.request(moment.submissionSlot);
    return claim && { what: "claim", request: claim };
  }

  #reportErrand({ what }: Errand, outcome: StepOutcome): void {
    const { log } = this.#parts;
    this.#tell({ task: what, slots: [] }, outcome);
    const fields = { ...outcome, fees: undefined };
    if (outcome.status === "sent") log.info(fields, `${what} sent`);
    else log.debug(fields, `${what} step`);
  }

  #report(going: readonly Unsubmitted[], duty: Submitting, outcome: StepOutcome): void {
    const { log } = this.#parts;
    const slots = going.map(({ slot }) => slot);
    this.#tell({ task: "landing", slots, role: duty.role }, outcome);
    const fields = { slots, role: duty.role, ...outcome, fees: undefined };
    if (outcome.status === "sent") log.info(fields, "submission sent");
    else if (outcome.status === "refused" || outcome.status === "unanswered")
      log.warn(fields, "submission not accepted");
    else log.debug(fields, "submission step");
  }

  #tell(what: { task: L1Task; slots: readonly number[]; role?: PublishRole }, { status: outcome }: StepOutcome): void {
    if (outcome === "waiting" || outcome === "stopped") return;
    this.#parts.events.emit({ type: "sending", ...what, outcome });
  }
}

/** Steps that are taken again within one L1 slot, where they failed. */
const RETRIES_PER_L1_SLOT = 8;

/** How much of the longest sending counts after one more. */
const KEPT_OF_SENDING = 0.8;

/** It came to nothing, and neither the request nor L1 need change for it to come to something. */
const isUnfinished = (outcome: StepOutcome): boolean =>
  outcome.status === "unanswered" ||
  (outcome.status === "waiting" && ["l1-unreachable", "simulation-failed", "too-early"].includes(outcome.reason));

/**
 * A certified checkpoint is this agent's to land or to rescue: nothing else is begun, for it might still be under way
 * when the time for that comes.
 */
function isLandingNear({ unsubmitted: [oldest] }: ChainState, isProposer: IsProposer): boolean {
  return oldest?.proposed?.certificate !== undefined && (isProposer(oldest.slot) || isProposer(oldest.slot + 1));
}

function proposedOf({ slot, proposed }: Unsubmitted): Proposed {
  if (proposed === undefined) throw new Error(`checkpoint of slot ${slot} has no proposal`);
  return proposed;
}

function submissionOf({ proposal, digest, certificate }: Proposed, blobCount: number): Submission {
  const { header } = proposal;
  if (certificate === undefined) throw new Error(`checkpoint of slot ${header.slot} has no certificate`);
  const { signers, signature } = certificate;
  return { header, digest, blobCount, attestation: { signers, signature } };
}
