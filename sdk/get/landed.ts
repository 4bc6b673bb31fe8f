import type { Result } from "ethers";
import { TIPS_WORD } from "../abi/generated/storage.ts";
import { toWord, unpackWord } from "../abi/words.ts";
import { joinSignature } from "../bls/solidity.ts";
import type { CheckpointHeader } from "../types/header.ts";
import type { Hex } from "../types/hex.ts";
import type { Submission } from "../types/submission.ts";
import { type LandingTerms, landingTerms } from "./terms.ts";
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

/** Reads the decoded arguments of a `CheckpointSubmitted` event; its words are drawn in the Solidity types. */
export function landedCheckpoint(args: Result): LandedCheckpoint {
  const facts = wordOf(args, "facts");
  const parent = wordOf(args, "parent");
  const submitter = wordOf(args, "submitter");
  const recipient = wordOf(args, "recipient");
  const terms = landingTerms(facts, submitter, recipient);
  return {
    ...terms,
    submission: {
      header: toHeader(args.getValue("header")),
      digest: args.getValue("digest"),
      blobCount: terms.blobCount,
      attestation: { signers: wordOf(args, "signers"), signature: joinSignature(args.getValue("signature").toArray()) },
    },
    parent: tipOfWord(parent),
    words: { facts, parent, submitter, recipient },
  };
}

const wordOf = (args: Result, name: string): bigint => args.getValue(name);

function toHeader(value: Result): CheckpointHeader {
  const number = (name: string): number => Number(value.getValue(name));
  const address = (name: string): Hex => String(value.getValue(name)).toLowerCase() as Hex;
  return {
    slot: number("slot"),
    lastBlockHash: value.getValue("lastBlockHash"),
    lastBlockNumber: number("lastBlockNumber"),
    inboxCount: number("inboxCount"),
    outboxRoot: value.getValue("outboxRoot"),
    coinbase: address("coinbase"),
    onTimeRecipient: address("onTimeRecipient"),
    onTimeCapBps: number("onTimeCapBps"),
  };
}

/** Reads the packed word of a tip, as a log holds that of its checkpoint's parent. */
export function tipOfWord(word: bigint): SubmittedTip {
  const { slot, number, inboxCount, digest } = unpackWord(TIPS_WORD, toWord(word));
  return {
    slot: Number(slot),
    number: Number(number),
    inboxCount: Number(inboxCount),
    digest: `0x${digest.toString(16).padStart(40, "0")}`,
  };
}
