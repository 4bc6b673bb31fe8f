import type { Hex } from "../types/hex.ts";
import { aggregateSignatures } from "./aggregate.ts";
import { BlsError } from "./error.ts";
import { decodeSignature, type SignaturePoint } from "./points.ts";
import { type PublicKey, verifyAggregate } from "./sign.ts";

/** One signature over the message being voted on. */
export interface SignedVote {
  publicKey: PublicKey;
  /** 96 bytes, uncompressed. */
  signature: Hex;
}

/** Which of some votes are good. */
export interface VoteCheck {
  /** Positions of the good votes, ascending. */
  valid: number[];
  /** Positions of the bad ones, malformed signatures included, ascending. */
  invalid: number[];
  /** Sum of the good votes' signatures, itself verified; undefined when there is none. */
  aggregate: Hex | undefined;
}

interface Candidate {
  position: number;
  publicKey: PublicKey;
  signature: SignaturePoint;
}

/**
 * Checks votes over one message: all of them as one aggregate (one pairing check), bisecting only when that fails, so
 * k bad votes among n cost about `2 k log2(n)` checks.
 *
 * A group passes or fails as a whole: someone who holds two valid votes can shift them against each other so that
 * their sum still verifies. `aggregate` is therefore sound, and so is "these keys all signed"; a single signature taken
 * out of a passed group is not, and must be verified alone before it is used as evidence.
 * @throws BlsError for a malformed public key: those come from the validator set, not from a peer.
 */
export function checkVotes(message: Hex, votes: readonly SignedVote[]): VoteCheck {
  const invalid: number[] = [];
  const candidates: Candidate[] = [];
  for (const [position, { publicKey, signature }] of votes.entries()) {
    const point = tryDecode(signature);
    if (point) candidates.push({ position, publicKey, signature: point });
    else invalid.push(position);
  }
  const passed = bisect(message, candidates);
  const good = new Set(passed);
  for (const candidate of candidates) if (!good.has(candidate)) invalid.push(candidate.position);
  return {
    valid: passed.map(({ position }) => position),
    invalid: invalid.sort((a, b) => a - b),
    aggregate: passed.length > 0 ? aggregateSignatures(passed.map(({ signature }) => signature)) : undefined,
  };
}

function bisect(message: Hex, group: Candidate[]): Candidate[] {
  if (group.length === 0) return [];
  if (holds(message, group)) return group;
  if (group.length === 1) return [];
  const middle = group.length >> 1;
  return [...bisect(message, group.slice(0, middle)), ...bisect(message, group.slice(middle))];
}

function holds(message: Hex, group: Candidate[]): boolean {
  const publicKeys = group.map(({ publicKey }) => publicKey);
  let signature: Hex;
  try {
    signature = aggregateSignatures(group.map((candidate) => candidate.signature));
  } catch (error) {
    // Signatures that cancel out are a forgery; the halves will tell whose.
    if (error instanceof BlsError && error.code === "infinity") return false;
    throw error;
  }
  return verifyAggregate(message, signature, publicKeys);
}

function tryDecode(signature: Hex): SignaturePoint | undefined {
  try {
    return decodeSignature(signature);
  } catch (error) {
    if (error instanceof BlsError) return undefined;
    throw error;
  }
}
