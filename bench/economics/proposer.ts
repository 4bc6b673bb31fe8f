import type { Mechanism } from "./mechanisms.ts";
import { type Block, FIRST_BLOCK } from "./own.ts";
import { type Proposer, type Publisher, QUALITIES } from "./population.ts";

/** What a proposer does in its slot. */
export interface Plan {
  /** It named a submitter that lands for it on time. */
  delegated: boolean;
  /** Blocks it sends for, until the checkpoint lands. */
  sends: boolean[];
  /** It could have landed on time at a profit, and chose not to send. */
  deliberatelyLate: boolean;
}

/** A checkpoint that may land from `start` on, and what not landing in its slot is worth to its proposer. */
export interface OnTime {
  mechanism: Mechanism;
  /** L1 blocks of the slot. */
  blocks: readonly Block[];
  start: number;
  proposer: Proposer;
  /** To a proposer that knows the fees to come. */
  lateValue: number;
  /** To one that takes today's for granted. */
  expectedLateValue: number;
}

/** Chooses between its own publisher and a submitter it names, before it knows whether its own will be there. */
export function planSlot(slot: OnTime): Plan {
  const { mechanism, blocks, start, proposer } = slot;
  const { publisher, strategic } = proposer.operator;
  const keepsAt = ({ fees }: Block): number => 1 - (mechanism.onTimeShare(fees) ?? 1);
  const profitAt = ({ costs }: Block): number => 1 - costs.alone;
  const offered = ({ fees, costs }: Block): boolean => (mechanism.onTimeShare(fees) ?? 0) > costs.alone;

  const own = strategic ? foreseen(slot, publisher, profitAt) : taken(slot, publisher, profitAt);
  const sends = blocks.map((block, index) => offered(block) && index >= Math.max(start, FIRST_BLOCK));
  const delegate = strategic
    ? valueOfSends(slot, QUALITIES.good, keepsAt, sends)
    : taken(slot, QUALITIES.good, keepsAt).value;
  const delegated = blocks.some((block) => mechanism.onTimeShare(block.fees) !== undefined) && delegate > own.value;
  if (delegated) return { delegated, sends, deliberatelyLate: false };

  const couldProfit = blocks.some((block, index) => index >= start && index >= FIRST_BLOCK && profitAt(block) > 0);
  const never = !own.sends.includes(true);
  return { delegated, sends: own.sends, deliberatelyLate: proposer.online && couldProfit && never };
}

interface Choice {
  value: number;
  sends: boolean[];
}

/** Sends for the blocks that are best with hindsight. */
function foreseen(
  { blocks, start, lateValue }: OnTime,
  { inclusion, offline }: Publisher,
  profitAt: (block: Block) => number,
): Choice {
  let value = lateValue;
  const sends = blocks.map(() => false);
  for (let index = blocks.length - 1; index >= Math.max(start, FIRST_BLOCK); index--) {
    const block = blocks[index] as Block;
    const failed = value - (index === blocks.length - 1 ? slipped(inclusion, block) : 0);
    const sent = inclusion * profitAt(block) + (1 - inclusion) * failed;
    if (sent <= value) continue;
    sends[index] = true;
    value = sent;
  }
  return { value: (1 - offline) * value + offline * lateValue, sends };
}

/** Sends for every block that it can pay, and takes the fees of the first for those of all. */
function taken(
  { blocks, start, expectedLateValue }: OnTime,
  { inclusion, offline }: Publisher,
  profitAt: (block: Block) => number,
): Choice {
  const from = Math.max(start, FIRST_BLOCK);
  const sends = blocks.map((block, index) => index >= from && profitAt(block) > 0);
  const profit = Math.max(0, profitAt(blocks[from] as Block));
  const lands = (1 - offline) * (profit > 0 ? 1 - (1 - inclusion) ** (blocks.length - from) : 0);
  return { value: lands * profit + (1 - lands) * expectedLateValue, sends };
}

function valueOfSends(
  { blocks, lateValue }: OnTime,
  { inclusion, offline }: Publisher,
  keepsAt: (block: Block) => number,
  sends: readonly boolean[],
): number {
  let value = lateValue;
  for (let index = blocks.length - 1; index >= 0; index--) {
    if (sends[index]) value = inclusion * keepsAt(blocks[index] as Block) + (1 - inclusion) * value;
  }
  return (1 - offline) * value + offline * lateValue;
}

/** What a transaction of the last block costs that is mined after the slot: past its deadline it reverts. */
const slipped = (inclusion: number, { costs }: Block): number => inclusion * costs.reverted;
