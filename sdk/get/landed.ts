import type { Result } from "ethers";
import { joinSignature } from "../bls/solidity.ts";
import type { CheckpointHeader } from "../types/header.ts";
import type { Hex } from "../types/hex.ts";
import type { Submission } from "../types/submission.ts";
import type { SubmittedTip } from "./tips.ts";

/** One checkpoint as `CheckpointSubmitted` shows it: all that settling, challenging and curing it need. */
export interface LandedCheckpoint {
  number: number;
  slot: number;
  /** As it was sent. What a bonded submitter landed was not verified: the signature may be no point at all. */
  submission: Submission;
  inboxCount: number;
  /** Timestamp of the L1 block it landed in, Unix seconds. */
  timeSec: number;
  /** Landed in the slot after its own. */
  late: boolean;
  /** Its attestation was verified on L1: final against challenge. */
  verified: boolean;
  /** Late, and landed in one call with the checkpoint after it. */
  batched: boolean;
  /** Late, and landed while the credit was the successor's. */
  successor: boolean;
  /** Reward in force at the landing. */
  rewardWei: bigint;
  /** The tip it was built on. */
  parent: SubmittedTip;
  submitter: Hex;
  /** What a late landing is charged at; 0 when nothing is owed. */
  chargedWei: bigint;
  recipient: Hex;
  /** What is paid for a late landing; 0 when nothing is owed. */
  paidWei: bigint;
  /** The packed words of the event, which the log's hash is made of. */
  words: { facts: bigint; parent: bigint; submitter: bigint; recipient: bigint };
}

/** Reads the decoded arguments of a `CheckpointSubmitted` event; the words are drawn in the Solidity types. */
export function landedCheckpoint(args: Result): LandedCheckpoint {
  const [number, slot, submission, facts, parent, submitter, recipient] = args as unknown as [
    bigint,
    bigint,
    Result,
    bigint,
    bigint,
    bigint,
    bigint,
  ];
  const flags = field(facts, 144, 8);
  return {
    number: Number(number),
    slot: Number(slot),
    submission: toSubmission(submission),
    inboxCount: Number(field(facts, 64, 32)),
    timeSec: Number(field(facts, 96, 40)),
    late: (flags & 1n) !== 0n,
    verified: (flags & 2n) !== 0n,
    batched: (flags & 4n) !== 0n,
    successor: (flags & 8n) !== 0n,
    rewardWei: field(facts, 152, 96),
    parent: toTip(parent),
    submitter: accountOf(submitter),
    chargedWei: submitter >> 160n,
    recipient: accountOf(recipient),
    paidWei: recipient >> 160n,
    words: { facts, parent, submitter, recipient },
  };
}

function toSubmission(value: Result): Submission {
  const [header, digest, blobCount, signers, signature] = value as unknown as [Result, Hex, bigint, bigint, Result];
  return {
    header: toHeader(header),
    digest,
    blobCount: Number(blobCount),
    attestation: { signers, signature: joinSignature(signature.toArray()) },
  };
}

function toHeader(value: Result): CheckpointHeader {
  const [slot, lastBlockHash, lastBlockNumber, inboxCount, outboxRoot, coinbase, onTimeRecipient, onTimeCapBps] =
    value as unknown as [bigint, Hex, bigint, bigint, Hex, string, string, bigint];
  return {
    slot: Number(slot),
    lastBlockHash,
    lastBlockNumber: Number(lastBlockNumber),
    inboxCount: Number(inboxCount),
    outboxRoot,
    coinbase: coinbase.toLowerCase() as Hex,
    onTimeRecipient: onTimeRecipient.toLowerCase() as Hex,
    onTimeCapBps: Number(onTimeCapBps),
  };
}

function toTip(word: bigint): SubmittedTip {
  return {
    slot: Number(field(word, 0, 32)),
    number: Number(field(word, 32, 32)),
    inboxCount: Number(field(word, 64, 32)),
    digest: `0x${(word >> 96n).toString(16).padStart(40, "0")}`,
  };
}

const field = (word: bigint, offset: number, bits: number): bigint => BigInt.asUintN(bits, word >> BigInt(offset));
const accountOf = (word: bigint): Hex => `0x${BigInt.asUintN(160, word).toString(16).padStart(40, "0")}`;
