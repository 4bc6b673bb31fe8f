import type { SignatureScheme } from "../../bls/scheme.ts";
import type { Hex } from "../../types/hex.ts";
import type { Certificate, Vote } from "../types/messages.ts";

/** What is held of one validator in one slot. */
interface Ballot {
  content: string;
  vote: Vote;
  /** It was seen to vote for something else as well. */
  equivocated: boolean;
}

/**
 * Verified votes by slot, and the certificate they make. A validator has one vote in a slot, the first one seen, so
 * nobody can crowd out the others' votes. A vote held is never overwritten: votes are verified as a group, and only
 * the sum of a whole group is known to be good.
 */
export class Ballots {
  readonly #slots = new Map<number, Map<number, Ballot>>();
  readonly #bls: SignatureScheme;

  constructor(bls: SignatureScheme) {
    this.#bls = bls;
  }

  has(vote: Vote): boolean {
    return this.#held(vote)?.content === contentOf(vote);
  }

  /** Whether the validator's vote in this slot is another one. */
  hasOther(vote: Vote): boolean {
    return this.#held(vote) !== undefined && !this.has(vote);
  }

  /** Whether the validator is known to have voted for two things: nothing more is heard from it in this slot. */
  isEquivocator(vote: Vote): boolean {
    return this.#held(vote)?.equivocated ?? false;
  }

  /** Counts a verified vote; false if its validator has another one in this slot. */
  add(vote: Vote): boolean {
    const held = this.#held(vote);
    if (held !== undefined) {
      if (held.content === contentOf(vote)) return true;
      held.equivocated = true;
      return false;
    }
    const ballots = this.#slots.get(vote.slot) ?? new Map<number, Ballot>();
    const ballot = { content: contentOf(vote), vote, equivocated: false };
    this.#slots.set(vote.slot, ballots.set(vote.validatorIndex, ballot));
    return true;
  }

  /** The certificate for this content once `quorum` votes are held; undefined before. */
  certificate(kind: Vote["kind"], slot: number, digest: Hex, quorum: number): Certificate | undefined {
    const ballots = this.#for(kind, slot, digest);
    if (ballots.length < quorum) return undefined;
    const signers = ballots.reduce((bits, [index]) => bits | (1n << BigInt(index)), 0n);
    const signature = this.#bls.aggregateSignatures(ballots.map(([, ballot]) => ballot.vote.signature));
    return { kind, slot, digest, signers, signature };
  }

  count(kind: Vote["kind"], slot: number, digest: Hex): number {
    return this.#for(kind, slot, digest).length;
  }

  /** All votes held for a slot, as they came: in a group perhaps. */
  votesOf(slot: number): Vote[] {
    return [...(this.#slots.get(slot)?.values() ?? [])].map(({ vote }) => vote);
  }

  /** Forgets slots below `slot`. */
  prune(slot: number): void {
    for (const held of this.#slots.keys()) if (held < slot) this.#slots.delete(held);
  }

  #held(vote: Vote): Ballot | undefined {
    return this.#slots.get(vote.slot)?.get(vote.validatorIndex);
  }

  #for(kind: Vote["kind"], slot: number, digest: Hex): [number, Ballot][] {
    const content = contentOf({ kind, digest });
    return [...(this.#slots.get(slot) ?? [])].filter(([, ballot]) => ballot.content === content);
  }
}

const contentOf = ({ kind, digest }: Pick<Vote, "kind" | "digest">): string => `${kind}/${digest}`;
