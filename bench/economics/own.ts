import type { Costs } from "./costs.ts";
import type { BlockFees } from "./fees.ts";
import type { Mechanism } from "./mechanisms.ts";
import type { Proposer } from "./population.ts";

/** One L1 block of a slot. */
export interface Block {
  fees: BlockFees;
  costs: Costs;
  /** Into its slot. */
  seconds: number;
}

/** The first block of a slot was made before its checkpoint was; each later one can carry it. */
export const FIRST_BLOCK = 1;

/** What a checkpoint is worth to its proposer from some block of its slot on, given that its parent has landed. */
export interface OwnValue {
  value: number;
  /** Chance that it lands. */
  lands: number;
}

/** How often somebody lands what its proposer did not, where that pays. */
const RESCUED = 0.8;

/** By the block from which on it can land; the last one is for after its slot. */
export function ownValues(mechanism: Mechanism, blocks: readonly Block[], { operator, online }: Proposer): OwnValue[] {
  let next = rescued(mechanism, blocks.at(-1) as Block);
  const values = [next];
  for (let index = blocks.length - 1; index >= 0; index--) {
    const { costs } = blocks[index] as Block;
    const profit = 1 - costs.alone;
    if (index >= FIRST_BLOCK && online && profit > next.value) {
      const { inclusion } = operator.publisher;
      next = {
        value: inclusion * profit + (1 - inclusion) * next.value,
        lands: inclusion + (1 - inclusion) * next.lands,
      };
    }
    values.unshift(next);
  }
  return values;
}

/** What is left to a proposer that did not land, at the last prices of its slot. */
function rescued(mechanism: Mechanism, { fees, costs }: Block): OwnValue {
  if (!mechanism.acceptsLate) return { value: 0, lands: 0 };
  const split = (batched: boolean) => mechanism.late({ fees, costs, secondsIntoSlot: 12, batched, confirmed: true });
  const pays = split(false).share >= costs.alone || split(true).share >= costs.batch;
  return pays ? { value: RESCUED * split(false).proposer, lands: RESCUED } : { value: 0, lands: 0 };
}
