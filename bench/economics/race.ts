import type { Costs } from "./costs.ts";
import type { LateSplit } from "./mechanisms.ts";
import { FRONT_RUNNING, HOSTILE_BUILDERS, QUALITIES, THIRD_PARTIES, UNSEEN } from "./population.ts";

/** What may be sent in one block for a checkpoint that is late. */
export type Sender = "successor alone" | "successor batch" | "proposer" | "front-runner" | "builder" | number;

/** Who sends in one block; third parties by how many they are. */
export interface Entrants {
  successor: "none" | "alone" | "batch";
  /** The late proposer, through an address that is not known to be its own. */
  proposer: boolean;
  thirds: number;
  frontRunner: boolean;
}

export const NOBODY: Entrants = { successor: "none", proposer: false, thirds: 0, frontRunner: false };

/** What somebody expects: the late proposer, its successor, each third party, the front-runner. */
export interface Payoffs {
  proposer: number;
  successor: number;
  thirds: number[];
  frontRunner: number;
  /** Chance that the checkpoint lands in this block. */
  lands: number;
}

/** A late checkpoint in one block, and what waiting brings. */
export interface Race {
  costs: Costs;
  /** By whether the successor's checkpoint lands with it, and whether that one lands at all. */
  alone: { confirmed: LateSplit; unconfirmed: LateSplit };
  batch: LateSplit;
  /** The successor's own checkpoint: in the same transaction, after this block, and after that with which chance. */
  ownNow: number;
  ownLater: number;
  ownLands: number;
  inclusion: { successor: number; proposer: number };
  /** What a reward lost to a rival is worth to the front-runner. */
  spite: number;
  /** If nobody lands it here. */
  waiting: Pick<Payoffs, "proposer" | "successor"> & { third: number };
}

const CAREFUL = QUALITIES.good.inclusion;

/** Transactions sent for the checkpoint. */
export function sendersOf(entrants: Entrants): Sender[] {
  const senders: Sender[] = [];
  if (entrants.successor !== "none") senders.push(`successor ${entrants.successor}`);
  if (entrants.proposer) senders.push("proposer");
  for (let index = 0; index < entrants.thirds; index++) senders.push(index);
  if (entrants.frontRunner) senders.push("front-runner");
  return senders;
}

/** Chance that a sender's transaction is in the block. */
export function inclusionOf(race: Race, sender: Sender): number {
  if (sender === "proposer") return race.inclusion.proposer;
  return sender === "successor alone" || sender === "successor batch" ? race.inclusion.successor : CAREFUL;
}

/** Weight by which a block's order is drawn: everybody the same, but one who outbids what it has seen comes first. */
export function orderWeight(sender: Sender, rivals: number): number {
  return sender === "front-runner" ? (FRONT_RUNNING / (1 - FRONT_RUNNING)) * rivals : 1;
}

/** Whether a builder earns by copying what is sent. */
export function builderCopies({ alone, costs }: Race): boolean {
  const { share, toSuccessor } = alone.confirmed;
  return !toSuccessor && share > costs.alone - costs.tip;
}

/** What everybody expects, by who sends; each answer is worked out once. */
export function expectations(race: Race): (entrants: Entrants) => Payoffs {
  const known = new Map<string, Payoffs>();
  return (entrants) => {
    const key = `${entrants.successor} ${entrants.proposer} ${entrants.thirds} ${entrants.frontRunner}`;
    const found = known.get(key) ?? expected(race, entrants);
    known.set(key, found);
    return found;
  };
}

/** Over what gets in, which comes first, and who did not see whom. */
function expected(race: Race, entrants: Entrants): Payoffs {
  if (entrants.thirds !== 1) return expectedOf(race, sendersOf(entrants));
  const accident = 1 - (1 - UNSEEN) ** (THIRD_PARTIES - 1);
  const seen = expectedOf(race, sendersOf(entrants));
  const unseen = expectedOf(race, sendersOf({ ...entrants, thirds: 2 }));
  return combine([
    [1 - accident, seen],
    [accident, unseen],
  ]);
}

function expectedOf(race: Race, senders: readonly Sender[]): Payoffs {
  const cases: [number, Payoffs][] = [];
  for (let subset = 0; subset < 2 ** senders.length; subset++) {
    const included = senders.filter((_, index) => (subset >> index) & 1);
    let chance = 1;
    for (const [index, sender] of senders.entries()) {
      const inclusion = inclusionOf(race, sender);
      chance *= (subset >> index) & 1 ? inclusion : 1 - inclusion;
    }
    if (chance > 0) cases.push(...outcomes(race, included, chance));
  }
  return combine(cases);
}

function outcomes(race: Race, included: readonly Sender[], chance: number): [number, Payoffs][] {
  if (included.length === 0) return [[chance, waitingPayoffs(race)]];
  const hostile = builderCopies(race) ? HOSTILE_BUILDERS : 0;
  const weights = included.map((sender) => orderWeight(sender, included.length - 1));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const cases = included.map((winner, index): [number, Payoffs] => {
    // A front-runner whose prey did not get in is alone, and comes first.
    const share = total === 0 ? 1 : (weights[index] as number) / total;
    return [chance * (1 - hostile) * share, payoffsOf(race, winner, included)];
  });
  if (hostile > 0) cases.push([chance * hostile, payoffsOf(race, "builder", included)]);
  return cases;
}

function waitingPayoffs({ waiting }: Race): Payoffs {
  const thirds = Array<number>(THIRD_PARTIES).fill(waiting.third);
  return { proposer: waiting.proposer, successor: waiting.successor, thirds, frontRunner: 0, lands: 0 };
}

/** What everybody gets when `winner` lands the checkpoint and the others' transactions are in the block, too. */
export function payoffsOf(race: Race, winner: Sender, included: readonly Sender[]): Payoffs {
  const { costs, ownLands } = race;
  const batch = winner === "successor batch";
  const { confirmed, unconfirmed } = batch ? { confirmed: race.batch, unconfirmed: race.batch } : race.alone;
  const mean = (of: (split: LateSplit) => number): number =>
    batch ? of(confirmed) : ownLands * of(confirmed) + (1 - ownLands) * of(unconfirmed);
  const toSuccessor = mean(({ share, toSuccessor }) => (toSuccessor ? share : 0));
  const toSender = mean(({ share, toSuccessor }) => (toSuccessor ? 0 : share));

  const payoffs: Payoffs = {
    proposer: mean(({ proposer }) => proposer),
    successor: toSuccessor + (batch ? race.ownNow : race.ownLater),
    thirds: Array<number>(THIRD_PARTIES).fill(0),
    frontRunner: 0,
    lands: 1,
  };
  credit(payoffs, winner, toSender - (batch ? costs.batch : costs.alone));
  for (const loser of included) {
    if (loser === winner) continue;
    // A batch passes over what has landed and lands its own.
    if (loser === "successor batch") payoffs.successor += race.ownNow - race.ownLater - costs.skipped;
    else credit(payoffs, loser, -costs.reverted);
  }
  if (winner === "front-runner") {
    const hurt = included.length > 1 ? toSender - costs.alone + costs.reverted : 0;
    payoffs.frontRunner += race.spite * hurt - costs.outbid;
  }
  return payoffs;
}

function credit(payoffs: Payoffs, sender: Sender, amount: number): void {
  if (sender === "builder") return;
  if (typeof sender === "number") payoffs.thirds[sender] = (payoffs.thirds[sender] ?? 0) + amount;
  else if (sender === "proposer") payoffs.proposer += amount;
  else if (sender === "front-runner") payoffs.frontRunner += amount;
  else payoffs.successor += amount;
}

function combine(cases: readonly (readonly [number, Payoffs])[]): Payoffs {
  const sum: Payoffs = {
    proposer: 0,
    successor: 0,
    thirds: Array<number>(THIRD_PARTIES).fill(0),
    frontRunner: 0,
    lands: 0,
  };
  for (const [chance, payoffs] of cases) {
    sum.proposer += chance * payoffs.proposer;
    sum.successor += chance * payoffs.successor;
    sum.frontRunner += chance * payoffs.frontRunner;
    sum.lands += chance * payoffs.lands;
    for (const [index, third] of payoffs.thirds.entries())
      sum.thirds[index] = (sum.thirds[index] ?? 0) + chance * third;
  }
  return sum;
}
