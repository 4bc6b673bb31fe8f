import { checkpointDigest } from "../../../../sdk/digest/checkpoint.ts";
import type { SubmittedTip } from "../../../../sdk/get/tips.ts";
import type { Hex } from "../../../../sdk/types/hex.ts";
import type { Candidate } from "./chain.ts";
import type { Model } from "./model.ts";

/** A call of `submit`. */
export interface LandingCall {
  candidates: readonly Candidate[];
  submitter: Hex;
  deadlineSec: number;
  /** Versioned hashes of the transaction's blobs. */
  blobHashes: readonly Hex[];
}

export interface Place {
  chainId: bigint;
  rollup: Hex;
}

/** How the rules refuse a call, by the contract's order of checks; or which of its checkpoints land. */
export type Verdict = { refusal: string } | { refusal?: undefined; skipped: number };

/** @param tip And `isBonded`: as they are when it lands, which after a challenge in the same call is not the model's. */
export function judgeLanding(
  model: Model,
  place: Place,
  call: LandingCall,
  tip: SubmittedTip = model.chain.tip,
  isBonded = model.money.isBonded(call.submitter, model.config.bondWei),
): Verdict {
  const { config } = model;
  if (model.nowSec > call.deadlineSec) return { refusal: "Rollup__DeadlinePassed" };
  const { candidates } = call;
  let skipped = 0;
  let firstBlob = 0;
  while (skipped < candidates.length && candidates[skipped]?.checkpoint.tip.digest === tip.digest) {
    firstBlob += candidates[skipped]!.checkpoint.submission.blobCount;
    skipped++;
  }
  if (skipped === candidates.length) return { refusal: "Rollup__SlotAlreadySubmitted" };

  let parent = tip;
  for (const candidate of candidates.slice(skipped)) {
    const { submission } = candidate.checkpoint;
    const { slot } = submission.header;
    if (slot <= parent.slot) return { refusal: "Rollup__SlotAlreadySubmitted" };
    const isLate = slot === model.slot - 1 && model.second < config.handoffWindowSeconds;
    if (slot !== model.slot && !isLate) return { refusal: "Rollup__OutsideWindow" };
    const blobHashes = call.blobHashes.slice(firstBlob, firstBlob + submission.blobCount);
    const refusal = refusalOf(model, place, candidate, parent, blobHashes) ?? notVerified(candidate, isBonded);
    if (refusal !== undefined) return { refusal };
    firstBlob += submission.blobCount;
    if (parent.number + 1 - model.chain.settledTip.number > config.ringSize) return { refusal: "Rollup__RingFull" };
    parent = { ...candidate.checkpoint.tip, slot, number: parent.number + 1 };
  }
  return { skipped };
}

function refusalOf(
  model: Model,
  place: Place,
  { checkpoint }: Candidate,
  parent: SubmittedTip,
  blobHashes: readonly Hex[],
): string | undefined {
  const { header, digest, blobCount, signers } = checkpoint.submission;
  if (header.inboxCount !== model.messages.countDue(header.slot, parent.inboxCount)) return "Inbox__CountNotDue";
  if (header.onTimeCapBps > 10_000) return "Rollup__OnTimeCapTooHigh";
  if (blobCount < 1 || blobCount > model.config.maxBlobsPerCheckpoint) return "Rollup__BlobCountOutOfRange";
  if (blobHashes.length < blobCount) return "Rollup__BlobMissing";
  const epoch = model.chain.epochOf(header.slot);
  const inboxHash = model.messages.hashFor(header.inboxCount, parent.inboxCount, epoch);
  const expected = checkpointDigest({ ...place, header, parentDigest: parent.digest, inboxHash, blobHashes });
  if (expected !== digest) return "Rollup__DigestMismatch";
  const members = model.members.of(epoch);
  const bits = members.reduce((sum, index) => sum | (1n << BigInt(index)), 0n);
  if ((signers & ~bits) !== 0n) return "Rollup__SignersOutsideSet";
  const signed = members.filter((index) => (signers >> BigInt(index)) & 1n).length;
  return 3 * signed > 2 * members.length ? undefined : "Rollup__QuorumNotReached";
}

const notVerified = ({ valid }: Candidate, isBonded: boolean): string | undefined =>
  isBonded || valid ? undefined : "Rollup__AttestationInvalid";
