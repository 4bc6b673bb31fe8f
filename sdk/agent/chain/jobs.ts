import type { Hex } from "../../types/hex.ts";
import { bases, type ChainState } from "./state.ts";

/** A checkpoint that is being built, and what it goes by. */
export interface BuildJob {
  slot: number;
  parentHash: Hex;
  /** Its newest block that became part of the chain. */
  built: Hex | undefined;
  /** What it leaves out was discarded: nothing stands on its parent but itself. */
  isClear: boolean;
}

/**
 * Whether what is being built still fits the chain: its own blocks and its parent are there, and nothing has come that
 * it would leave out. A proposal of the predecessor may arrive at the last moment, when its successor builds without it.
 */
export function isJobCurrent(state: ChainState, { slot, parentHash, built, isClear }: BuildJob): boolean {
  const found = bases(state);
  const at = state.unsubmitted.findIndex((entry) => entry.slot === slot);
  if (built !== undefined && !state.unsubmitted[at]?.blocks.some(({ hash }) => hash === built)) return false;
  if (at >= 0) return found[at]?.blockHash === parentHash;
  const depth = found.findIndex(({ blockHash }) => blockHash === parentHash);
  return isClear ? depth === state.unsubmitted.length : depth >= 0;
}
