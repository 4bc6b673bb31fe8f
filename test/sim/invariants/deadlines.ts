import type { ChainState } from "../../../sdk/agent/chain/state.ts";
import type { ProtocolParameters } from "../../../sdk/types/parameters.ts";

/** The protocol's times as the design states them, in milliseconds, written down apart from the agents' timetable. */
export class Deadlines {
  readonly #p: ProtocolParameters;
  readonly #startOf: (slot: number) => number;

  constructor(parameters: ProtocolParameters, startOf: (slot: number) => number) {
    this.#p = parameters;
    this.#startOf = startOf;
  }

  get l1SlotMs(): number {
    return 1000 * this.#p.l1SlotSeconds;
  }

  /** How far an agent's clock may be off. */
  get disparityMs(): number {
    return this.#p.clockDisparityMs;
  }

  start(slot: number): number {
    return this.#startOf(slot);
  }

  /** The slot that a time is in. */
  slotAt(timeMs: number): number {
    return Math.floor((timeMs - this.#startOf(0)) / (1000 * this.#p.slotSeconds));
  }

  proposal(slot: number): number {
    return this.start(slot) + 1000 * this.#p.proposalWindowSeconds;
  }

  /** What the inbox was sent before is consumed. */
  cutOff(slot: number): number {
    return this.start(slot - this.#p.inboxLagSlots);
  }

  /** A proposer that showed no block by then is silent. */
  liveness(slot: number): number {
    return this.start(slot - 1) + (1000 * this.#p.slotSeconds) / 3;
  }

  attestation(slot: number): number {
    return this.start(slot + 1) - 2 * this.l1SlotMs;
  }

  /** What has no certificate by then is left. */
  uncertified(slot: number): number {
    return this.attestation(slot) + 2 * 1000 * this.#p.hopSeconds;
  }

  /** Stamp of the last L1 block in which it is on time. */
  lastOnTime(slot: number): number {
    return this.start(slot + 1) - this.l1SlotMs;
  }

  /** From here it is anybody's to land. */
  open(slot: number): number {
    return this.start(slot + 1) + 1000 * this.#p.successorWindowSeconds;
  }

  closes(slot: number): number {
    return this.start(slot + 1) + 1000 * this.#p.handoffWindowSeconds;
  }

  /** An L1 block with this stamp, seen without the slot, is the end of it. */
  dead(slot: number): number {
    return this.closes(slot) - this.l1SlotMs;
  }

  /** Unsubmitted checkpoints that may stand at once, the newest included, as an agent sees L1. */
  depthOf({ unsubmitted: [oldest], l1 }: Pick<ChainState, "unsubmitted" | "l1">): number {
    const l1Ms = 1000 * l1.timestamp;
    const isRescued =
      oldest?.proposed?.certificate !== undefined &&
      l1Ms >= this.lastOnTime(oldest.slot) &&
      l1Ms < this.dead(oldest.slot);
    return this.#p.maxUnsubmitted + (isRescued ? 1 : 0);
  }
}
