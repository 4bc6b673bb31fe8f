import type { Kzg } from "../../blob/kzg.ts";
import type { Hex } from "../../types/hex.ts";
import { askAgainAfterMs, isTakeable, type Missing, missingSlots } from "../chain/missing.ts";
import { certificateOf, slotRecord } from "../chain/slots.ts";
import type { CheckpointRequest } from "../messages/checkpoint-data.ts";
import type { Clock } from "../time/interface.ts";
import type { Moment, Timetable } from "../time/timetable.ts";
import type { Logger } from "../types/logger.ts";
import type { Certificate, CheckpointData } from "../types/messages.ts";
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
  follower: Pick<Follower, "onBlock" | "onProposal" | "adopt">;
  attester: Pick<Attester, "onCertificate">;
  kzg: Kzg;
  identity: RollupIdentity;
  timetable: Timetable;
  clock: Pick<Clock, "nowMs">;
  /** Asks peers for a checkpoint's data; undefined if nobody has it. */
  fetch: (request: CheckpointRequest) => Promise<CheckpointData | undefined>;
  /** Asks peers for a slot's certificates. */
  fetchCertificates: (slot: number) => Promise<Certificate[]>;
  peerCount: () => number;
  /** Runs a step in the node's mailbox and waits for it. */
  run: (task: () => Promise<void>) => Promise<void>;
  log: Logger;
}

/** How long a node that has just started waits for a peer before it acts on what it knows by itself. */
const FIRST_PEER_MS = 3_000;
/** A slot's checkpoint that peers served in vain. */
interface Useless {
  /** What was asked for: once it is known which one a quorum attested, it is another question. */
  digest: Hex | undefined;
  times: number;
  /** Not asked for again before. */
  nextMs: number;
}

/**
 * Asks peers for what gossip should have brought and did not: checkpoints that passed by while this node was down, or
 * a message that was lost, or a checkpoint that a quorum attested in place of the one shown here. A node that has just
 * started takes up no duty before its first round: it would build on, or vote about, a chain that the others have left.
 */
export class CatchUp {
  readonly #parts: CatchUpParts;
  #ready = false;
  #busy = false;
  #startedMs: number | undefined;
  #nextMs = 0;
  /** By slot; of slots about which peers are to be asked, a handful at the most. */
  readonly #useless = new Map<number, Useless>();

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
    const missing = missingSlots(keeper.state, moment, timetable);
    const alone = peerCount() === 0;
    if (missing.length === 0 || (alone && moment.nowMs >= this.#startedMs + FIRST_PEER_MS)) this.#ready = true;
    if (missing.length === 0 || alone) return;
    this.#nextMs = moment.nowMs + askAgainAfterMs(0, timetable);
    this.#busy = true;
    this.#round(missing, moment.nowMs)
      .catch((error: unknown) => log.warn({ missing, error: String(error) }, "asking peers for checkpoints failed"))
      .finally(() => {
        this.#busy = false;
        this.#ready = true;
      });
  }

  /** What was certified first: it tells which checkpoint of a slot to ask for, or that there will be none. */
  async #round(missing: Missing[], nowMs: number): Promise<void> {
    const { keeper, attester, timetable, clock, fetch, fetchCertificates, run } = this.#parts;
    for (const slot of this.#useless.keys()) {
      if (missing.every((one) => one.slot !== slot)) this.#useless.delete(slot);
    }
    for (const { slot, certificates } of missing) {
      for (const certificate of certificates ? await fetchCertificates(slot) : []) {
        await run(async () => void (await attester.onCertificate(certificate)));
      }
      const { attested, skipped } = slotRecord(keeper.state, slot);
      if (this.#isHeld(slot) || skipped !== undefined) continue;
      if (!isTakeable(keeper.state, slot, clock.nowMs(), timetable)) continue;
      const digest = attested?.digest;
      const before = this.#useless.get(slot);
      const times = before?.digest === digest ? (before?.times ?? 0) : 0;
      if (before !== undefined && times > 0 && nowMs < before.nextMs) continue;
      const data = await fetch({ slot, digest });
      if (data?.proposal.header.slot !== slot) continue;
      await this.#take(slot, data, times === 0);
      if (this.#isHeld(slot)) this.#useless.delete(slot);
      else this.#useless.set(slot, { digest, times: times + 1, nextMs: nowMs + askAgainAfterMs(times + 1, timetable) });
    }
  }

  #isHeld(slot: number): boolean {
    const { unsubmitted } = this.#parts.keeper.state;
    return unsubmitted.some((entry) => entry.slot === slot && entry.proposed !== undefined);
  }

  /** @param isFirst Whether none was served in vain before: what is served again and again is said once. */
  async #take(slot: number, data: CheckpointData, isFirst: boolean): Promise<void> {
    const { keeper, intake, follower, attester, kzg, identity, timetable, clock, run, log } = this.#parts;
    const digest = digestOf(identity, data.proposal);
    const isWhole = await isCheckpoint(data, digest, identity, kzg, timetable.parameters.maxBlobsPerCheckpoint);
    const verdict = isWhole
      ? await intake.judgeServed(data.proposal)
      : reject("the blocks are not what the proposal stands for");
    await run(async () => {
      const { certificate } = data;
      if (certificate?.slot === slot && verdict.verdict !== "reject") await attester.onCertificate(certificate);
      const attested = certificateOf(keeper.state, slot)?.digest;
      // Of two that the proposer signed, the one that a quorum attested counts, whichever came first.
      const isTaken = attested === undefined ? verdict.verdict === "accept" : attested === digest;
      const isLate = !isTakeable(keeper.state, slot, clock.nowMs(), timetable);
      if (!isTaken || isLate || verdict.verdict === "reject") {
        const why = isLate ? "its window is over, and it has no certificate" : "another one is certified";
        const reason = "reason" in verdict ? verdict.reason : why;
        return log[isFirst ? "warn" : "debug"]({ slot, reason }, "a peer served a checkpoint that does not hold");
      }
      log[isFirst ? "info" : "debug"](
        { slot, certified: attested !== undefined },
        "a peer served a checkpoint that was missing here",
      );
      if (attested !== undefined) return follower.adopt(data);
      for (const block of data.blocks) await follower.onBlock(block);
      await follower.onProposal(data.proposal);
    });
  }
}
