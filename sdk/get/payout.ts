/** What was credited for one checkpoint when it settled. */
export interface SettledPayout {
  number: number;
  slot: number;
  /** To its coinbase. */
  proposerWei: bigint;
  /** To whoever landed it, or to the successor. What is missing to the reward was burned, or went to the prover. */
  sharedWei: bigint;
}

/** Unpacks the Solidity type `Payout`. */
export function unpackPayout(word: bigint): SettledPayout {
  return {
    number: Number(BigInt.asUintN(32, word)),
    slot: Number(BigInt.asUintN(32, word >> 32n)),
    proposerWei: BigInt.asUintN(96, word >> 64n),
    sharedWei: word >> 160n,
  };
}
