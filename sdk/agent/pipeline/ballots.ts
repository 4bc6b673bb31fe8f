import { aggregateSignatures } from "../../bls/aggregate.ts";
import type { Hex } from "../../types/hex.ts";
import type { Certificate, Vote } from "../types/messages.ts";

/** Digests one slot's votes may name before more are refused: an honest slot has one, and a skip. */
const MAX_DIGESTS_PER_SLOT = 4;

type Ballot = Map<number, Hex>;

/** Verified votes by slot and content, and the certificate they make. */
export class Ballots {
  readonly #slots = new Map<number, Map<string, Ballot>>();

  has(vote: Vote): boolean {
    return this.#slots.get(vote.slot)?.get(keyOf(vote))?.has(vote.validatorIndex) ?? false;
  }

  /** Votes of one validator on a slot, other than this one: what an equivocator left. */
  conflictsWith(vote: Vote): boolean {
    const ballots = this.#slots.get(vote.slot) ?? new Map<string, Ballot>();
    return [...ballots].some(([key, ballot]) => key !== keyOf(vote) && ballot.has(vote.validatorIndex));
  }

  /** Counts a verified vote; false if the slot has too many different contents already. */
  add(vote: Vote): boolean {
    const ballots = this.#slots.get(vote.slot) ?? new Map<string, Ballot>();
    this.#slots.set(vote.slot, ballots);
    const key = keyOf(vote);
    if (!ballots.has(key) && ballots.size >= MAX_DIGESTS_PER_SLOT) return false;
    const ballot = ballots.get(key) ?? new Map<number, Hex>();
    ballots.set(key, ballot.set(vote.validatorIndex, vote.signature));
    return true;
  }

  /** The certificate for this content once `quorum` votes are held; undefined before. */
  certificate(kind: Vote["kind"], slot: number, digest: Hex, quorum: number): Certificate | undefined {
    const ballot = this.#slots.get(slot)?.get(keyOf({ kind, digest }));
    if (ballot === undefined || ballot.size < quorum) return undefined;
    let signers = 0n;
    for (const index of ballot.keys()) signers |= 1n << BigInt(index);
    return { kind, slot, digest, signers, signature: aggregateSignatures([...ballot.values()]) };
  }

  count(kind: Vote["kind"], slot: number, digest: Hex): number {
    return this.#slots.get(slot)?.get(keyOf({ kind, digest }))?.size ?? 0;
  }

  /** Forgets slots below `slot`. */
  prune(slot: number): void {
    for (const held of this.#slots.keys()) if (held < slot) this.#slots.delete(held);
  }
}

const keyOf = ({ kind, digest }: Pick<Vote, "kind" | "digest">): string => `${kind}/${digest}`;
