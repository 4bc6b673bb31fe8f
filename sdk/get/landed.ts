import type { Result } from "ethers";
import { joinSignature } from "../bls/solidity.ts";
import type { CheckpointHeader } from "../types/header.ts";
import type { Hex } from "../types/hex.ts";
import type { Submission } from "../types/submission.ts";
import { bitsOf, type LandingTerms, landingTerms } from "./terms.ts";
import type { SubmittedTip } from "./tips.ts";

/** One checkpoint as `CheckpointSubmitted` shows it: all that settling, challenging and curing it need. */
export interface LandedCheckpoint extends LandingTerms {
  /** As it was sent. What a bonded submitter landed was not verified: the signature may be no point at all. */
  submission: Submission;
  /** The tip it was built on. */
  parent: SubmittedTip;
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
  return {
    ...landingTerms(facts, submitter, recipient),
    number: Number(number),
    slot: Number(slot),
    submission: toSubmission(submission),
    parent: toTip(parent),
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
    slot: Number(bitsOf(word, 0, 32)),
    number: Number(bitsOf(word, 32, 32)),
    inboxCount: Number(bitsOf(word, 64, 32)),
    digest: `0x${(word >> 96n).toString(16).padStart(40, "0")}`,
  };
}
