import type { Mechanism } from "./mechanisms.ts";
import { type Block, FIRST_BLOCK, type OwnValue } from "./own.ts";
import { THIRD_PARTIES } from "./population.ts";
import { type Entrants, expectations, NOBODY, type Payoffs, type Race } from "./race.ts";

/** A checkpoint that its proposer did not land in its slot. */
export interface Handoff {
  mechanism: Mechanism;
  /** L1 blocks of the handoff window. */
  blocks: readonly Block[];
  /** The successor's own checkpoint, by the block from which on it can land. */
  own: readonly OwnValue[];
  successor: Actor;
  proposer: Actor;
  /** One operator runs both, and adds up what they earn. */
  sameOperator: boolean;
  spite: number;
}

export interface Actor {
  /** Zero while it is away. */
  inclusion: number;
  /** It does what earns it most, and knows the fees to come; otherwise what the protocol asks of it. */
  strategic: boolean;
}

/** What is done in one block, and what it is worth to everybody before it is known what gets in. */
export interface Turn {
  race: Race;
  entrants: Entrants;
  value: Payoffs;
}

type Expected = (entrants: Entrants) => Payoffs;

/** Rounds of answers after which whoever still wants to change its mind does not. */
const ROUNDS = 8;
/** Nobody acts for less, in rewards. */
const LEAST_GAIN = 1e-9;

/** What everybody does in each block of the window: the last block first, each answered with the next in view. */
export function playHandoff(handoff: Handoff): Turn[] {
  const turns: Turn[] = [];
  let waiting: Race["waiting"] = { proposer: 0, successor: 0, third: 0 };
  for (let index = handoff.blocks.length - 1; index >= 0; index--) {
    const race = raceAt(handoff, index, waiting);
    const expected = expectations(race);
    const entrants = answers(handoff, race, index, expected);
    const value = expected(entrants);
    turns.unshift({ race, entrants, value });
    const third = value.thirds.reduce((sum, each) => sum + each, 0) / THIRD_PARTIES;
    waiting = { proposer: value.proposer, successor: value.successor, third };
  }
  return turns;
}

function raceAt(handoff: Handoff, index: number, waiting: Race["waiting"]): Race {
  const { mechanism, blocks, own } = handoff;
  const { fees, costs, seconds } = blocks[index] as Block;
  const split = (batched: boolean, confirmed: boolean) =>
    mechanism.late({ fees, costs, secondsIntoSlot: seconds, batched, confirmed });
  const later = own[index + 1] as OwnValue;
  return {
    costs,
    alone: { confirmed: split(false, true), unconfirmed: split(false, false) },
    batch: split(true, true),
    ownNow: 1 - costs.alone,
    ownLater: later.value,
    ownLands: later.lands,
    inclusion: { successor: handoff.successor.inclusion, proposer: handoff.proposer.inclusion },
    spite: handoff.spite,
    waiting,
  };
}

/** Best answers to each other, the successor's first, until nobody wants to change its mind. */
function answers(handoff: Handoff, race: Race, index: number, expected: Expected): Entrants {
  let entrants: Entrants = { ...NOBODY, successor: dutifulSuccessor(handoff, race, index) };
  for (let round = 0; round < ROUNDS; round++) {
    const before = entrants;
    if (handoff.successor.strategic && handoff.successor.inclusion > 0) {
      const choices = index >= FIRST_BLOCK ? (["none", "alone", "batch"] as const) : (["none", "alone"] as const);
      const options = choices.map((successor) => ({ ...entrants, successor }));
      entrants = best(expected, entrants, options, (payoffs) => utility(handoff, payoffs, "successor"));
    }
    if (handoff.proposer.strategic && handoff.proposer.inclusion > 0) {
      const options = [false, true].map((proposer) => ({ ...entrants, proposer }));
      entrants = best(expected, entrants, options, (payoffs) => utility(handoff, payoffs, "proposer"));
    }
    entrants = { ...entrants, thirds: thirdParties(expected, entrants) };
    const alone = entrants.successor === "none" && !entrants.proposer && entrants.thirds === 0;
    const options = [false, true].map((frontRunner) => ({ ...entrants, frontRunner: frontRunner && !alone }));
    entrants = best(expected, entrants, options, ({ frontRunner }) => frontRunner);
    if (sameEntrants(entrants, before)) break;
  }
  return entrants;
}

/** Lands in the first late block and, failing that, together with its own checkpoint, as long as it loses nothing. */
function dutifulSuccessor({ successor }: Handoff, race: Race, index: number): Entrants["successor"] {
  if (successor.strategic || successor.inclusion === 0) return "none";
  const { costs, alone, batch, ownNow } = race;
  if (index >= FIRST_BLOCK && batch.share - costs.batch + ownNow > 0) return "batch";
  return alone.confirmed.share - costs.alone + Math.max(0, ownNow) > 0 ? "alone" : "none";
}

function best(
  expected: Expected,
  current: Entrants,
  options: readonly Entrants[],
  utilityOf: (payoffs: Payoffs) => number,
): Entrants {
  let chosen = current;
  let highest = utilityOf(expected(current));
  for (const option of options) {
    const value = utilityOf(expected(option));
    if (value <= highest + LEAST_GAIN) continue;
    chosen = option;
    highest = value;
  }
  return chosen;
}

function sameEntrants(a: Entrants, b: Entrants): boolean {
  const sameOthers = a.thirds === b.thirds && a.frontRunner === b.frontRunner;
  return sameOthers && a.successor === b.successor && a.proposer === b.proposer;
}

/** As many as still gain by it: the last to send does better than one who looks on. */
function thirdParties(expected: Expected, entrants: Entrants): number {
  const valueAmong = (thirds: number, index: number): number =>
    expected({ ...entrants, thirds }).thirds[index] as number;
  let thirds = 0;
  while (thirds < THIRD_PARTIES && valueAmong(thirds + 1, thirds) > valueAmong(thirds, thirds) + LEAST_GAIN) thirds++;
  return thirds;
}

function utility({ sameOperator }: Handoff, { proposer, successor }: Payoffs, who: "proposer" | "successor"): number {
  if (sameOperator) return proposer + successor;
  return who === "proposer" ? proposer : successor;
}
