import type { Stage } from "./interface.ts";

/** The agents have found each other by then, and there is a chain to build on. */
const FIRST_SLOT = 3;
/** The schedule of the first epochs is fixed at genesis, so what is looked for is found in this range or never. */
const LAST_SLOT = 8;

/** Names of the proposers of these slots. */
export async function proposersOf(stage: Pick<Stage, "proposerOf">, first: number, last: number): Promise<string[]> {
  const slots = Array.from({ length: last - first + 1 }, (_, index) => first + index);
  return Promise.all(slots.map((slot) => stage.proposerOf(slot)));
}

/** The first slot, from `from` on, whose successor is another agent. */
export async function slotWithSuccessor(stage: Pick<Stage, "proposerOf">, from = FIRST_SLOT): Promise<number> {
  for (let slot = from; slot <= LAST_SLOT; slot++) {
    if ((await stage.proposerOf(slot)) !== (await stage.proposerOf(slot + 1))) return slot;
  }
  throw new Error(`slots ${from} to ${LAST_SLOT + 1} all have one proposer: nothing to show`);
}
