import type { Hex } from "../types/hex.ts";

/** On what terms a checkpoint landed, or would land: the three packed words of its log. */
export interface LandingTerms {
  number: number;
  slot: number;
  inboxCount: number;
  /** Timestamp of the L1 block it landed in, Unix seconds. */
  timeSec: number;
  blobCount: number;
  /** Landed in the slot after its own. */
  late: boolean;
  /** Its attestation was verified on L1: final against challenge. */
  verified: boolean;
  /** Late, and landed in one call with the checkpoint after it. */
  batched: boolean;
  /** Late, and landed while the credit was the successor's. */
  successor: boolean;
  /** On time, and its proposer named somebody to share its reward with. */
  shared: boolean;
  submitter: Hex;
  /** What a late or shared landing is charged at; 0 when nothing is owed. */
  chargedWei: bigint;
  recipient: Hex;
  /** What is paid for it; 0 when nothing is owed. */
  paidWei: bigint;
}

const FLAGS_OFFSET = 144;
const LATE = 1n;
const VERIFIED = 2n;
const BATCHED = 4n;
const SUCCESSOR = 8n;
const SHARED = 16n;

/** The facts of a checkpoint whose attestation has been verified since it landed. */
export const asVerified = (facts: bigint): bigint => facts | (VERIFIED << BigInt(FLAGS_OFFSET));

/** Whether a checkpoint's reward is shared by terms that settling must open. */
export const isShared = (facts: bigint): boolean => (bitsOf(facts, FLAGS_OFFSET, 8) & (LATE | SHARED)) !== 0n;

/** Unpacks `LogFacts` and the two `Party` words as they are drawn in the Solidity types. */
export function landingTerms(facts: bigint, submitter: bigint, recipient: bigint): LandingTerms {
  const flags = bitsOf(facts, FLAGS_OFFSET, 8);
  return {
    number: Number(bitsOf(facts, 0, 32)),
    slot: Number(bitsOf(facts, 32, 32)),
    inboxCount: Number(bitsOf(facts, 64, 32)),
    timeSec: Number(bitsOf(facts, 96, 40)),
    blobCount: Number(bitsOf(facts, 136, 8)),
    late: (flags & LATE) !== 0n,
    verified: (flags & VERIFIED) !== 0n,
    batched: (flags & BATCHED) !== 0n,
    successor: (flags & SUCCESSOR) !== 0n,
    shared: (flags & SHARED) !== 0n,
    submitter: accountOf(submitter),
    chargedWei: submitter >> 160n,
    recipient: accountOf(recipient),
    paidWei: recipient >> 160n,
  };
}

/** Some bits of a word, counted from the lowest. */
const bitsOf = (word: bigint, offset: number, bits: number): bigint => BigInt.asUintN(bits, word >> BigInt(offset));

const accountOf = (word: bigint): Hex => `0x${bitsOf(word, 0, 160).toString(16).padStart(40, "0")}`;
