import type { Hex } from "../../types/hex.ts";
import type { Base, ChainState, L1View } from "./state.ts";

const ZERO_HASH: Hex = `0x${"00".repeat(32)}`;
const ZERO_DIGEST: Hex = `0x${"00".repeat(20)}`;

/** The chain before its first checkpoint. */
export function genesisState(genesisHash: Hex, l1: Partial<L1View> = {}): ChainState {
  const base: Base = { slot: 0, digest: ZERO_DIGEST, blockHash: genesisHash, blockNumber: 0, inboxCount: 0 };
  return {
    l1: { blockNumber: 0, blockHash: ZERO_HASH, timestamp: 0, ...l1 },
    submitted: base,
    settled: base,
    finalized: base,
    unfinalized: [],
    unsettled: [],
    suspects: [],
    unsubmitted: [],
    slots: [],
  };
}
