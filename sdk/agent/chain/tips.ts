import type { Tip, Tips } from "../types/tips.ts";
import { type Base, bases, type ChainState } from "./state.ts";

const tipOf = (base: Base): Tip => ({
  slot: base.slot,
  digest: base.digest,
  blockNumber: base.blockNumber,
  blockHash: base.blockHash,
});

/** The tips of a chain state, as one value. */
export function tipsOf(state: ChainState): Tips {
  const found = bases(state);
  let proposed = 0;
  let attested = 0;
  let unbroken = true;
  state.unsubmitted.forEach((entry, i) => {
    if (entry.proposed === undefined) unbroken = false;
    if (!unbroken) return;
    proposed = i + 1;
    if (entry.proposed?.certificate !== undefined && attested === i) attested = i + 1;
  });
  const top = state.unsubmitted.at(-1);
  const last = top?.blocks.at(-1);
  const head: Tip =
    top === undefined || last === undefined
      ? tipOf(state.submitted)
      : { slot: top.slot, digest: undefined, blockNumber: last.number, blockHash: last.hash };
  const complete = found.at(-1) as Base;
  return {
    head: complete.blockHash === head.blockHash ? tipOf(complete) : head,
    proposed: tipOf(found[proposed] as Base),
    attested: tipOf(found[attested] as Base),
    submitted: tipOf(state.submitted),
    settled: tipOf(state.settled),
    finalized: tipOf(state.finalized),
  };
}
