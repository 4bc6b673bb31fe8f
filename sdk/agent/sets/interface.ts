import type { Hex } from "../../types/hex.ts";

/** The validators that may attest in one epoch. */
export interface ValidatorSet {
  epoch: number;
  /** Bit i is set iff the validator with index i belongs to the set. */
  members: bigint;
  /** How many signatures make a certificate: more than two thirds. */
  quorum: number;
  /** Public keys by validator index, uncompressed G2, 192 bytes. */
  publicKeys: ReadonlyMap<number, Hex>;
}

/** Who may propose and attest, as L1 has it. */
export interface ValidatorSets {
  /** The set of a slot's epoch; undefined while L1 cannot tell yet. */
  setOf(slot: number): Promise<ValidatorSet | undefined>;
  /** Index of the slot's proposer; undefined while L1 cannot tell yet, or for an empty set. */
  proposerOf(slot: number): Promise<number | undefined>;
  /** L1 went back: what was read of it may have changed and is asked again. */
  forget(): void;
}
