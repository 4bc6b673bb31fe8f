import type { ProtocolParameters } from "../../types/parameters.ts";

/** One frozen reading of the clock; every decision takes one and passes it on whole. */
export interface Moment {
  nowMs: number;
  /** The slot of wall-clock time: the slot whose checkpoint may be submitted on time now. -1 and below: before genesis. */
  submissionSlot: number;
  /** The slot whose checkpoint is being built now: always `submissionSlot + 1`. */
  buildSlot: number;
}

/** When one block of a checkpoint starts and must be sealed, in Unix milliseconds. */
export interface BlockWindow {
  index: number;
  /** The block's L2 timestamp, Unix seconds. */
  timestamp: number;
  startMs: number;
  deadlineMs: number;
  last: boolean;
}

/** Every deadline of the checkpoint of one slot, in Unix milliseconds. */
export interface SlotTimes {
  slot: number;
  /** Start of the build slot. */
  buildStartMs: number;
  blocks: BlockWindow[];
  /** Start of the submission slot. */
  startMs: number;
  /** From here a transaction cannot be mined before the slot starts: the L1 block before is already built. */
  firstSendMs: number;
  /** A checkpoint proposal received later is not accepted. */
  proposalDeadlineMs: number;
  attestationDeadlineMs: number;
  /** A proposer that showed no block by then is taken to be silent. */
  livenessDeadlineMs: number;
  /** Timestamp of the last L1 block in which the checkpoint is on time. */
  lastOnTimeBlockMs: number;
  /** The successor may land it from here, the slot's end. */
  handoffMs: number;
  /** Anyone may land it for the reward from here. */
  openMs: number;
  /** Timestamp of the last L1 block that accepts the checkpoint. */
  lastLateBlockMs: number;
  /** No L1 block from here accepts the checkpoint. */
  closesMs: number;
}

/**
 * The protocol's timetable: a pure function of its parameters and the genesis time (Unix seconds).
 * Block k of a checkpoint is sealed by `buildStart + (k + 1) * blockSeconds`; the last one is cut to the start of the
 * dead zone (two gossip hops: the last block out, the attestations back) and built if `minBlockSeconds` remain.
 */
export class Timetable {
  readonly parameters: ProtocolParameters;
  readonly genesisTime: number;

  constructor(parameters: ProtocolParameters, genesisTime: number) {
    this.parameters = parameters;
    this.genesisTime = genesisTime;
  }

  moment(nowMs: number): Moment {
    const submissionSlot = Math.floor((nowMs / 1000 - this.genesisTime) / this.parameters.slotSeconds);
    return { nowMs, submissionSlot, buildSlot: submissionSlot + 1 };
  }

  /** Start of a slot, Unix milliseconds. */
  startMs(slot: number): number {
    return (this.genesisTime + slot * this.parameters.slotSeconds) * 1000;
  }

  epochOf(slot: number): number {
    return Math.floor(slot / this.parameters.epochSlots);
  }

  /** The rule every attester checks: the L2 timestamp of block `index` of the checkpoint of `slot`. */
  blockTimestamp(slot: number, index: number): number {
    return Math.floor(this.startMs(slot - 1) / 1000 + index * this.parameters.blockSeconds);
  }

  of(slot: number): SlotTimes {
    const p = this.parameters;
    const buildStartMs = this.startMs(slot - 1);
    const startMs = this.startMs(slot);
    const endMs = this.startMs(slot + 1);
    return {
      slot,
      buildStartMs,
      blocks: this.#blocks(slot),
      startMs,
      firstSendMs: startMs - p.l1SlotSeconds * 1000 + p.clockDisparityMs,
      proposalDeadlineMs: startMs + p.proposalWindowSeconds * 1000,
      attestationDeadlineMs: endMs - 2 * p.l1SlotSeconds * 1000,
      livenessDeadlineMs: buildStartMs + (p.slotSeconds * 1000) / 3,
      lastOnTimeBlockMs: endMs - p.l1SlotSeconds * 1000,
      handoffMs: endMs,
      openMs: endMs + p.successorWindowSeconds * 1000,
      lastLateBlockMs: endMs + (p.handoffWindowSeconds - p.l1SlotSeconds) * 1000,
      closesMs: endMs + p.handoffWindowSeconds * 1000,
    };
  }

  #blocks(slot: number): BlockWindow[] {
    const p = this.parameters;
    const buildStartMs = this.startMs(slot - 1);
    const sealByMs = this.startMs(slot) - 2 * p.hopSeconds * 1000;
    const blocks: BlockWindow[] = [];
    for (let index = 0; ; index++) {
      const startMs = buildStartMs + index * p.blockSeconds * 1000;
      const deadlineMs = Math.min(startMs + p.blockSeconds * 1000, sealByMs);
      if (deadlineMs - startMs < p.minBlockSeconds * 1000) break;
      blocks.push({ index, timestamp: this.blockTimestamp(slot, index), startMs, deadlineMs, last: false });
    }
    const last = blocks.at(-1);
    if (last !== undefined) last.last = true;
    return blocks;
  }
}
