import { isSkipped } from "../chain/slots.ts";
import type { Unsubmitted } from "../chain/state.ts";
import type { ValidatorSet, ValidatorSets } from "../sets/interface.ts";
import type { Moment, Timetable } from "../time/timetable.ts";
import type { Logger } from "../types/logger.ts";
import type { Duty, PipelineEvent, PipelineEvents } from "./events.ts";
import type { ChainKeeper } from "./keeper.ts";
import type { MissCode } from "./missed.ts";
import type { OwnSlots } from "./node.ts";

export interface MissedDutiesParts {
  keeper: Pick<ChainKeeper, "state">;
  timetable: Timetable;
  ownSlots: Pick<OwnSlots, "has">;
  sets: Pick<ValidatorSets, "setOf">;
  /** Public keys of this agent's validators. */
  validators: readonly string[];
  /** Without an L1 account nothing is this agent's to land. */
  hasAccount: boolean;
  events: PipelineEvents;
  log: Logger;
}

/** What is known of an own duty of a slot until it is judged. */
interface SlotNotes {
  offDuty: boolean;
  building: boolean;
  proposed: boolean;
  sent: boolean;
  /** Indices of the own validators that voted. */
  voted: Set<number>;
  /** Why one of them did not, if it was refused. */
  refused: MissCode | undefined;
  /** Duties that were told to be missed by whoever was at them. */
  told: Set<Duty>;
}

/** Slots whose notes are kept: more than can be unsubmitted. */
const MAX_SLOTS = 16;

/**
 * Looks, once the time for it is over, whether each duty of this agent's validators was done, and tells of those that
 * were not: also of a duty that nobody ever began. It only listens; a slot in which the agent started is not judged.
 */
export class MissedDuties {
  readonly #parts: MissedDutiesParts;
  readonly #notes = new Map<number, SlotNotes>();
  #firstSlot: number | undefined;
  #builtUpTo = 0;
  #attestedUpTo = 0;

  constructor(parts: MissedDutiesParts) {
    this.#parts = parts;
    if (parts.validators.length > 0) parts.events.on((event) => this.#note(event));
  }

  /** Never blocks the caller. */
  tick(moment: Moment, isOnDuty: boolean): void {
    const { validators, timetable } = this.#parts;
    if (validators.length === 0) return;
    this.#firstSlot ??= moment.buildSlot + 1;
    if (!isOnDuty) for (const slot of [moment.submissionSlot, moment.buildSlot]) this.#of(slot).offDuty = true;
    const over = (deadline: "proposalDeadlineMs" | "attestationDeadlineMs"): number =>
      moment.nowMs > timetable.of(moment.submissionSlot)[deadline] ? moment.submissionSlot : moment.submissionSlot - 1;
    for (const slot of this.#unjudged(this.#builtUpTo, over("proposalDeadlineMs"))) this.#judgeBuild(slot);
    this.#builtUpTo = over("proposalDeadlineMs");
    const attested = over("attestationDeadlineMs");
    for (const slot of this.#unjudged(this.#attestedUpTo, attested)) this.#judgeVotes(slot);
    this.#attestedUpTo = attested;
    for (const entry of this.#parts.keeper.state.unsubmitted) this.#judgeLanding(entry, moment.nowMs);
  }

  /** Those after the last one that was judged; after a stop of the machine, the newest few. */
  *#unjudged(after: number, upTo: number): Generator<number> {
    const from = Math.max(after + 1, this.#firstSlot ?? 0, upTo - MAX_SLOTS + 1);
    for (let slot = from; slot <= upTo; slot++) yield slot;
  }

  #judgeBuild(slot: number): void {
    const { building, proposed, offDuty } = this.#of(slot);
    if (proposed || !this.#parts.ownSlots.has(slot)) return;
    const code = building ? "dropped" : offDuty ? "off-duty" : "not-begun";
    this.#tell(slot, "build", code, "its checkpoint was not proposed in time");
  }

  #judgeVotes(slot: number): void {
    const { keeper, sets, log } = this.#parts;
    const { voted, refused, offDuty } = this.#of(slot);
    if (isSkipped(keeper.state, slot)) return;
    const isHere = keeper.state.unsubmitted.some((entry) => entry.slot === slot && entry.proposed !== undefined);
    const code = refused ?? (offDuty ? "off-duty" : isHere ? "not-attestable" : "nothing-to-attest");
    sets.setOf(slot).then(
      (set) => {
        const silent = this.#ownIn(set).filter((index) => !voted.has(index));
        if (silent.length > 0) this.#tell(slot, "attest", code, `validators ${silent.join()} did not vote`);
      },
      (error: unknown) => log.debug({ slot, error: String(error) }, "the set of a slot could not be read"),
    );
  }

  #judgeLanding({ slot, proposed }: Unsubmitted, nowMs: number): void {
    const { keeper, timetable, ownSlots, hasAccount } = this.#parts;
    if (!hasAccount || proposed?.certificate === undefined || slot < (this.#firstSlot ?? slot + 1)) return;
    const { lastOnTimeBlockMs, handoffMs } = timetable.of(slot);
    const isOver = nowMs >= handoffMs && keeper.state.l1.timestamp * 1000 >= lastOnTimeBlockMs;
    if (!isOver || !ownSlots.has(slot)) return;
    const code = this.#of(slot).sent ? "not-mined" : "not-sent";
    this.#tell(slot, "publish", code, "its checkpoint was not on L1 in its slot");
  }

  #tell(slot: number, duty: Duty, code: MissCode, reason: string): void {
    if (this.#of(slot).told.has(duty)) return;
    this.#parts.events.emit({ type: "missed-duty", slot, duty, code, reason });
  }

  #note(event: PipelineEvent): void {
    switch (event.type) {
      case "build-started":
        this.#of(event.slot).building = true;
        return;
      case "proposed":
        this.#of(event.slot).proposed = true;
        return;
      case "voted":
        this.#of(event.slot).voted.add(event.validator);
        return;
      case "unsigned":
        if (event.kind === "attestation" || event.kind === "skip") {
          this.#of(event.slot).refused = event.code === "unavailable" ? "signer" : "guard";
        }
        return;
      case "sending":
        for (const slot of event.outcome === "sent" ? event.slots : []) this.#of(slot).sent = true;
        return;
      case "missed-duty":
        // A proposal that was refused is a checkpoint that was not proposed: one miss.
        this.#of(event.slot).told.add(event.duty === "propose" ? "build" : event.duty);
    }
  }

  #ownIn(set: ValidatorSet | undefined): number[] {
    const own = new Set(this.#parts.validators);
    return [...(set?.publicKeys ?? [])].filter(([, key]) => own.has(key)).map(([index]) => index);
  }

  #of(slot: number): SlotNotes {
    const held = this.#notes.get(slot);
    if (held !== undefined) return held;
    const fresh: SlotNotes = {
      offDuty: false,
      building: false,
      proposed: false,
      sent: false,
      voted: new Set(),
      refused: undefined,
      told: new Set(),
    };
    this.#notes.set(slot, fresh);
    if (this.#notes.size > MAX_SLOTS) this.#notes.delete(Math.min(...this.#notes.keys()));
    return fresh;
  }
}
