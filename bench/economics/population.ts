import { weighted } from "./random.ts";

/** How well somebody's transactions reach L1. */
export interface Publisher {
  /** Chance that a transaction is in the next block. */
  inclusion: number;
  /** Chance of being away for a whole slot. */
  offline: number;
}

export const QUALITIES = {
  good: { inclusion: 0.97, offline: 0.005 },
  medium: { inclusion: 0.9, offline: 0.04 },
  poor: { inclusion: 0.7, offline: 0.15 },
} satisfies Record<string, Publisher>;

/** Half of the proposers publish well, a third so so. */
const QUALITY_WEIGHTS = [50, 35, 15];
const STRATEGIC = 0.3;
const OPERATORS = 30;
/** The largest operator proposes one slot in seven or so, and often two in a row. */
const LARGEST = 5;

/** Somebody who runs validators, and keeps what all of them earn. */
export interface Operator {
  publisher: Publisher;
  /** It does whatever earns it most; others do what the protocol asks as long as it does not cost them. */
  strategic: boolean;
}

/** The proposer of one slot. */
export interface Proposer {
  operator: Operator;
  online: boolean;
}

/** Draws proposers by stake. */
export function proposers(slots: number, random: () => number): Proposer[] {
  const weights = Array.from({ length: OPERATORS }, (_, index) => (index === 0 ? LARGEST : 1));
  const operators = weights.map((): Operator => {
    const publisher = Object.values(QUALITIES)[weighted(QUALITY_WEIGHTS, random)] as Publisher;
    return { publisher, strategic: random() < STRATEGIC };
  });
  return Array.from({ length: slots }, () => {
    const operator = operators[weighted(weights, random)] as Operator;
    return { operator, online: random() >= operator.publisher.offline };
  });
}

/** Submitters who land other people's checkpoints, and how often one does not see in time that another has sent. */
export const THIRD_PARTIES = 3;
export const UNSEEN = 0.05;
/** Blocks whose builder copies what it can earn by. */
export const HOSTILE_BUILDERS = 0.05;
/** Handoffs that somebody is watching who pays to hurt, and what a reward lost to its victim is worth to it. */
export const GRIEFERS = 0.05;
export const SPITE = 1;
/** A front-runner's transaction comes before the copied one with this chance. */
export const FRONT_RUNNING = 0.9;
/** Slots in which somebody with a bond to lose lands a forgery. */
export const FORGERS = 0.002;
/** Keeping a proposer off L1 for a slot: what it costs at least and at most, in rewards, and how often it works. */
export const SABOTAGE = { least: 0.1, most: 1, works: 0.8 };
