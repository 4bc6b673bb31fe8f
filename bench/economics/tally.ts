/** What one mechanism comes to; parts of slots unless said otherwise. */
export interface Figures {
  /** Checkpoints on L1. */
  landed: number;
  /** Their proposers could have landed on time at a profit, and chose not to. */
  deliberatelyLate: number;
  /** Fee states in which being late would have earned a proposer more than landing on time, with hindsight. */
  sybilProfitable: number;
  /** What a successor gains by its predecessor's lateness, 99th percentile; in rewards. */
  successorGainP99: number;
  /** Paid by the protocol on top of the reward; in rewards a slot. */
  outsideCost: number;
  /** Handoffs that cost more than one transaction. */
  doubleSends: number;
  /** Late checkpoints that nobody sent for, although somebody's cost was below its share. */
  unserved: number;
  /** Proposers kept off L1 by a successor that gained by it. */
  sabotaged: number;
}

/** Counts over the slots of some runs. */
export class Tally {
  slots = 0;
  landed = 0;
  deliberatelyLate = 0;
  states = 0;
  sybilProfitable = 0;
  outsideCost = 0;
  handoffs = 0;
  doubleSends = 0;
  late = 0;
  unserved = 0;
  sabotaged = 0;
  readonly #successorGains: number[] = [];

  addSuccessorGain(gain: number): void {
    this.#successorGains.push(gain);
  }

  figures(): Figures {
    const gains = Float64Array.from(this.#successorGains).sort();
    return {
      landed: part(this.landed, this.slots),
      deliberatelyLate: part(this.deliberatelyLate, this.slots),
      sybilProfitable: part(this.sybilProfitable, this.states),
      successorGainP99: rounded(gains[Math.floor(0.99 * gains.length)] ?? 0),
      outsideCost: part(this.outsideCost, this.slots),
      doubleSends: part(this.doubleSends, this.handoffs),
      unserved: part(this.unserved, this.late),
      sabotaged: part(this.sabotaged, this.slots),
    };
  }
}

const part = (count: number, of: number): number => (of === 0 ? 0 : rounded(count / of));

/** To a tenth of a thousandth. */
const rounded = (value: number): number => Math.round(value * 10_000) / 10_000;
