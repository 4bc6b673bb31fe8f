import { type Verdict, ACCEPT, ignore, reject } from "../types/verdict.ts";
import { type Base, type ChainState, type Discarded, type DiscardReason, type ExecutedBlock, type Unsubmitted, bases } from "./state.ts";

/** Where a block belongs: it goes on with the newest checkpoint, or opens one on the base at `depth`. */
export type Placement =
  | { place: "append" }
  | { place: "open"; base: Base; depth: number; reason: DiscardReason }
  | { place: "orphan" }
  | { place: "known" }
  | { place: "refused"; verdict: Verdict };

type BlockPosition = Pick<ExecutedBlock, "slot" | "attempt" | "index" | "parentHash"> & { hash: ExecutedBlock["hash"] };

/**
 * Judges where a block would stand, before it is executed. A block that is not the next of its checkpoint and opens
 * none is an orphan: its parent may still come. Nothing may be built past a certified checkpoint.
 */
export function placeBlock(state: ChainState, block: BlockPosition): Placement {
  const held = state.unsubmitted.find((entry) => entry.slot === block.slot);
  if (held?.blocks.some((other) => other.hash === block.hash)) return { place: "known" };
  if (block.slot <= state.submitted.slot) return { place: "refused", verdict: ignore("the slot is already on L1") };
  if (held !== undefined && held.attempt > block.attempt) {
    return { place: "refused", verdict: ignore("the proposer has started a second attempt") };
  }
  if (block.index > 0) return placeNext(state, block, held);
  return placeFirst(state, block, held);
}

function placeNext(state: ChainState, block: BlockPosition, held: Unsubmitted | undefined): Placement {
  if (held === undefined || held.attempt !== block.attempt || block.index > held.blocks.length) return { place: "orphan" };
  if (block.index < held.blocks.length) return { place: "refused", verdict: reject("another block stands at this index") };
  if (held !== state.unsubmitted.at(-1)) return { place: "refused", verdict: reject("the slot is already built upon") };
  const last = held.blocks.at(-1);
  if (last?.last) return { place: "refused", verdict: reject("the checkpoint is already complete") };
  if (last?.hash !== block.parentHash) return { place: "refused", verdict: reject("parent is not the block before") };
  return { place: "append" };
}

function placeFirst(state: ChainState, block: BlockPosition, held: Unsubmitted | undefined): Placement {
  const found = bases(state);
  const depth = found.findIndex((base) => base.blockHash === block.parentHash && base.slot < block.slot);
  if (depth < 0) return { place: "orphan" };
  const above = state.unsubmitted.slice(depth);
  if (above.some((entry) => entry.proposed?.certificate !== undefined)) {
    return { place: "refused", verdict: reject("builds past a certified checkpoint") };
  }
  if (held !== undefined && held.attempt === block.attempt) {
    return { place: "refused", verdict: reject("another first block stands in this slot") };
  }
  if (held?.proposed !== undefined) return { place: "refused", verdict: reject("the slot is spent: its proposal was signed") };
  if (above.some((entry) => entry.slot > block.slot)) return { place: "refused", verdict: ignore("a later slot is being built") };
  return { place: "open", base: found[depth] as Base, depth, reason: held === undefined ? "superseded" : "rebuilt" };
}

/** Puts an executed block where `placeBlock` found it belongs; throws where it belongs nowhere. */
export function addBlock(state: ChainState, block: ExecutedBlock): { state: ChainState; discarded: Discarded[] } {
  const placement = placeBlock(state, block);
  if (placement.place === "append") {
    const top = state.unsubmitted.at(-1) as Unsubmitted;
    return { state: { ...state, unsubmitted: [...state.unsubmitted.slice(0, -1), { ...top, blocks: [...top.blocks, block] }] }, discarded: [] };
  }
  if (placement.place !== "open") throw new Error(`block ${block.hash} of slot ${block.slot} cannot be added: ${placement.place}`);
  const cut = discardFrom(state, placement.depth, placement.reason);
  const opened: Unsubmitted = { slot: block.slot, attempt: block.attempt, blocks: [block], proposed: undefined };
  return { state: { ...cut.state, unsubmitted: [...cut.state.unsubmitted, opened] }, discarded: cut.discarded };
}

/** Removes the unsubmitted checkpoints from position `depth` up: the first for `reason`, those on it with it. */
export function discardFrom(state: ChainState, depth: number, reason: DiscardReason): { state: ChainState; discarded: Discarded[] } {
  const discarded = state.unsubmitted.slice(depth).map((entry, i): Discarded => ({
    slot: entry.slot,
    reason: i === 0 ? reason : "parent-discarded",
    blocks: entry.blocks,
  }));
  return { state: { ...state, unsubmitted: state.unsubmitted.slice(0, depth) }, discarded };
}

/** Whether a block at this position may still be proposed or must be refused, as a gossip verdict. */
export const verdictOf = (placement: Placement): Verdict => (placement.place === "refused" ? placement.verdict : ACCEPT);
