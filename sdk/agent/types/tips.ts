import type { Hex } from "../../types/hex.ts";

/** A point of the chain: the last block of a checkpoint, or for `head` the last validated block. */
export interface Tip {
  /** Submission slot of the checkpoint; 0 for genesis. */
  slot: number;
  /** Low 160 bits of the checkpoint's digest; zero for genesis; undefined while no proposal names it. */
  digest: Hex | undefined;
  blockNumber: number;
  blockHash: Hex;
}

/** Read and written as one value: head >= proposed >= attested >= submitted >= settled >= finalized. */
export interface Tips {
  head: Tip;
  proposed: Tip;
  attested: Tip;
  submitted: Tip;
  settled: Tip;
  finalized: Tip;
}
