import type { Kzg } from "../../blob/kzg.ts";
import { missingSlots } from "../chain/missing.ts";
import type { Moment, Timetable } from "../time/timetable.ts";
import type { Logger } from "../types/logger.ts";
import type { CheckpointData } from "../types/messages.ts";
import { reject } from "../types/verdict.ts";
import type { Attester } from "./attester.ts";
import { digestOf, isCheckpoint } from "./checkpoint.ts";
import type { Follower } from "./follower.ts";
import type { RollupIdentity } from "./identity.ts";
import type { Intake } from "./intake.ts";
import type { ChainKeeper } from "./keeper.ts";

export interface CatchUpParts {
  keeper: Pick<ChainKeeper, "state">;
  intake: Pick<Intake, "judgeServed">;
  follower: Pick<Follower, "onBlock" | "onProposal">;
  attester: Pick<Attester, "onCertificate">;
  kzg: Kzg;
  identity: RollupIdentity;
  timetable: Timetable;
  /** Asks peers for a checkpoint's data; undefined if nobody has it. */
  fetch: (slot: number) => Promise<CheckpointData | undefined>;
  peerCount: () => number;
  /** Runs a step in the node's mailbox and waits for it. */
  run: (task: () => Promise<void>) => Promise<void>;
  log: Logger;
}

/** How long a node that has just started waits for a peer before it acts on what it knows by itself. */
const FIRST_PEER_MS = 3_000;
/** Between two questions about the same things, in assumed gossip hops. */
const RETRY_HOPS = 3;

/**
 * Asks peers for what gossip should have brought and did not: checkpoints that passed by while this node was down, or
 * a message that was lost. A node that has just started takes up no duty before its first round: it would build on, or
 * vote about, a chain that the others have left.
 */
export class CatchUp {
  readonly #parts: CatchUpParts;
  #ready = false;
  #busy = false;
  #startedMs: number | undefined;
  #nextMs = 0;

  constructor(parts: CatchUpParts) {
    this.#parts = parts;
  }

  /** True once nothing was missing, or peers were asked, or there was no peer to ask. */
  get isReady(): boolean {
    return this.#ready;
  }

  /** Starts a round if one is due. Never blocks the caller. L1 must have been read up to its head. */
  tick(moment: Moment): void {
    const { keeper, timetable, peerCount, log } = this.#parts;
    this.#startedMs ??= moment.nowMs;
    if (this.#busy || moment.nowMs < this.#nextMs) return;
    const slots = missingSlots(keeper.state, moment, timetable);
    const alone = peerCount() === 0;
    if (slots.length === 0 || (alone && moment.nowMs >= this.#startedMs + FIRST_PEER_MS)) this.#ready = true;
    if (slots.length === 0 || alone) return;
    this.#nextMs = moment.nowMs + RETRY_HOPS * 1000 * timetable.parameters.hopSeconds;
    this.#busy = true;
    this.#round(slots)
      .catch((error: unknown) => log.warn({ slots, error: String(error) }, "asking peers for checkpoints failed"))
      .finally(() => {
        this.#busy = false;
        this.#ready = true;
      });
  }

  async #round(slots: number[]): Promise<void> {
    for (const slot of slots) {
      const data = await this.#parts.fetch(slot);
      if (data !== undefined) await this.#take(slot, data);
    }
  }

  async #take(slot: number, data: CheckpointData): Promise<void> {
    const { keeper, intake, follower, attester, kzg, identity, timetable, run, log } = this.#parts;
    const held = keeper.state.unsubmitted.find((entry) => entry.slot === slot);
    const isNews = held?.proposed === undefined || data.certificate !== undefined;
    if (data.proposal.header.slot !== slot || !isNews) return;
    const { maxBlobsPerCheckpoint } = timetable.parameters;
    const verdict = (await isCheckpoint(data, digestOf(identity, data.proposal), identity, kzg, maxBlobsPerCheckpoint))
      ? await intake.judgeServed(data.proposal)
      : reject("the blocks are not what the proposal stands for");
    if (verdict.verdict !== "accept") {
      return log.warn({ slot, reason: verdict.reason }, "a peer served a checkpoint that does not hold");
    }
    log.info({ slot, certified: data.certificate !== undefined }, "a peer served a checkpoint that was missing here");
    await run(async () => {
      for (const block of data.blocks) await follower.onBlock(block);
      await follower.onProposal(data.proposal);
      if (data.certificate !== undefined) await attester.onCertificate(data.certificate);
    });
  }
}
