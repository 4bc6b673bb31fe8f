import type { Handoff, Turn } from "./handoff.ts";
import type { Block } from "./own.ts";
import { FIRST_BLOCK } from "./own.ts";
import { HOSTILE_BUILDERS, THIRD_PARTIES, UNSEEN } from "./population.ts";
import { builderCopies, inclusionOf, orderWeight, type Race, type Sender, sendersOf } from "./race.ts";
import { weighted } from "./random.ts";
import type { Tally } from "./tally.ts";

/** What plays a handoff besides what was decided. */
export interface Luck {
  /** The proposer's transaction is still on its way when its slot ends. */
  slips: boolean;
  random: () => number;
  tally: Tally;
}

/** Plays a handoff block by block. @returns how the successor's slot begins. */
export function landLate(
  handoff: Handoff,
  turns: readonly Turn[],
  luck: Luck,
): { start: number } | "landed" | "orphan" {
  const { tally, random } = luck;
  tally.late++;
  let transactions = 0;
  let slips = luck.slips;
  for (const [index, { race, entrants }] of turns.entries()) {
    const block = handoff.blocks[index] as Block;
    if (block.fees.missed) continue;
    const slipped = slips && random() < handoff.proposer.inclusion;
    if (slipped) {
      transactions++;
      slips = false;
    }
    const senders = sendersOf({ ...entrants, thirds: entrants.thirds + unseen(entrants.thirds, random) });
    const included = senders.filter((sender) => random() < inclusionOf(race, sender));
    transactions += included.length;
    if (included.length === 0) continue;
    const winner = firstOf(race, included, random);
    if (winner === "builder") transactions++;
    tally.handoffs++;
    if (transactions > 1) tally.doubleSends++;
    tally.outsideCost += (winner === "successor batch" ? race.batch : race.alone.confirmed).outside;
    // A batch lands the successor's own checkpoint whoever landed the late one.
    if (included.includes("successor batch")) return "landed";
    return { start: Math.max(FIRST_BLOCK, index + 1) };
  }
  if (turns.every(({ entrants }) => sendersOf(entrants).length === 0) && somebodyWouldGain(handoff, turns)) {
    tally.unserved++;
  }
  return "orphan";
}

/** A third party that did not see another's transaction in time. */
function unseen(thirds: number, random: () => number): number {
  return thirds === 1 && random() < 1 - (1 - UNSEEN) ** (THIRD_PARTIES - 1) ? 1 : 0;
}

function firstOf(race: Race, included: readonly Sender[], random: () => number): Sender {
  if (builderCopies(race) && random() < HOSTILE_BUILDERS) return "builder";
  if (included.length === 1) return included[0] as Sender;
  const weights = included.map((sender) => orderWeight(sender, included.length - 1));
  return included[weighted(weights, random)] as Sender;
}

/** Somebody's cost was below the share that would have been its own. */
function somebodyWouldGain({ successor }: Handoff, turns: readonly Turn[]): boolean {
  return turns.some(({ race: { alone, batch, costs, ownNow } }, index) => {
    const able = successor.inclusion > 0;
    const open = alone.confirmed.toSuccessor ? able : true;
    const aloneGains = open && alone.confirmed.share > costs.alone;
    return aloneGains || (able && index >= FIRST_BLOCK && batch.share + Math.min(0, ownNow) > costs.batch);
  });
}
