import type { Handoff, Turn } from "./handoff.ts";
import { type Block, FIRST_BLOCK, type OwnValue } from "./own.ts";

const LEAST_GAIN = 1e-9;

/** What a proposer could have had at most in a slot, with every fee known and every transaction included. */
export interface Hindsight {
  onTime: number;
  late: number;
  lateIsBetter: boolean;
}

/**
 * Compares the best landing on time with the best lateness: leaving it to others, or landing late through an address
 * of one's own; for an operator of both slots, through the successor as well, alone or in one call with its own.
 * @param turns The handoff without the proposer.
 */
export function hindsightOf(
  { mechanism, own, sameOperator }: Handoff,
  turns: readonly Turn[],
  blocks: readonly Block[],
  start: number,
): Hindsight {
  const onTime = blocks
    .filter((_, index) => index >= Math.max(start, FIRST_BLOCK))
    .reduce((highest, { costs }) => Math.max(highest, 1 - costs.alone), 0);
  if (!mechanism.acceptsLate) return { onTime, late: 0, lateIsBetter: false };

  const nextOnTime = (own[FIRST_BLOCK] as OwnValue).value;
  const left = turns[0]?.value;
  const leaving = left ? left.proposer + (sameOperator ? left.successor - nextOnTime : 0) : 0;
  const late = turns.reduce((highest, { race }, index) => {
    const { alone, batch, costs, ownNow } = race;
    const keeps = sameOperator || !alone.confirmed.toSuccessor;
    const alonePays = alone.confirmed.proposer + (keeps ? alone.confirmed.share : 0) - costs.alone;
    if (!sameOperator || index < FIRST_BLOCK) return Math.max(highest, alonePays);
    const batchPays = batch.proposer + batch.share - costs.batch + ownNow - Math.max(nextOnTime, ownNow);
    return Math.max(highest, alonePays, batchPays);
  }, leaving);
  return { onTime, late, lateIsBetter: late > onTime + LEAST_GAIN };
}
