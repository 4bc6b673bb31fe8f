import { id } from "ethers";
import { aggregateSignatures } from "../../../sdk/bls/aggregate.ts";
import { sign } from "../../../sdk/bls/sign.ts";
import { checkpointDigest, parentDigestOf } from "../../../sdk/digest/checkpoint.ts";
import { EMPTY_INBOX_HASH } from "../../../sdk/digest/inbox.ts";
import { signingMessage } from "../../../sdk/digest/signingMessage.ts";
import { getInboxHash } from "../../../sdk/get/inbox.ts";
import type { CheckpointHeader } from "../../../sdk/types/header.ts";
import type { Hex } from "../../../sdk/types/hex.ts";
import type { Submission } from "../../../sdk/types/submission.ts";
import type { TestBlob } from "./blobs.ts";
import { GENESIS_VALIDATORS, JOIN_EPOCH, type World } from "./world.ts";

/** A checkpoint ready to be sent. */
export interface TestCheckpoint {
  submission: Submission;
  blobs: TestBlob[];
}

/** What of its parent a checkpoint depends on. */
export interface Parent {
  slot: number;
  inboxCount: number;
  /** Low 160 bits, 20 bytes. */
  digest: Hex;
}

export const GENESIS: Parent = { slot: 0, inboxCount: 0, digest: `0x${"00".repeat(20)}` };

/** What a checkpoint may deviate in; everything else is as it must be. */
export interface Deviations {
  blobs?: TestBlob[];
  header?: Partial<CheckpointHeader>;
  /** Validator indices that sign; a quorum by default. */
  signers?: number[];
  /** What they sign instead of the digest. */
  signedDigest?: Hex;
  /** Distinguishes checkpoints of one slot. */
  salt?: string;
}

export const parentOf = ({ submission }: TestCheckpoint): Parent => ({
  slot: submission.header.slot,
  inboxCount: submission.header.inboxCount,
  digest: parentDigestOf(submission.digest),
});

/** Members of a slot's set. */
export function setSize(world: World, slot: number): number {
  return GENESIS_VALIDATORS + (Math.floor(slot / world.config.epochSlots) >= JOIN_EPOCH ? 1 : 0);
}

/** The inbox count due, as the protocol defines it: by the cut-off's time, and at most so many at once. */
export function inboxDue({ config, depositTimes }: World, slot: number, parentCount: number): number {
  const cutOff = config.genesisTime + (slot - config.inboxLagSlots) * config.slotSeconds;
  const before = depositTimes.filter((time) => time < cutOff).length;
  return Math.min(before, parentCount + config.maxMessages);
}

/** Builds and signs a checkpoint of a slot on a parent. */
export async function makeCheckpoint(
  world: World,
  slot: number,
  parent: Parent,
  deviations: Deviations = {},
): Promise<TestCheckpoint> {
  const salt = deviations.salt ?? "";
  const header: CheckpointHeader = {
    slot,
    lastBlockHash: id(`block ${slot} ${salt}`) as Hex,
    lastBlockNumber: slot * 12,
    inboxCount: inboxDue(world, slot, parent.inboxCount),
    outboxRoot: id(`outbox ${slot}`) as Hex,
    coinbase: `0x${"c0".repeat(20)}`,
    onTimeRecipient: `0x${"00".repeat(20)}`,
    onTimeCapBps: 0,
    ...deviations.header,
  };
  const blobs = deviations.blobs ?? world.blobs.slice(0, 1);
  const consumes = header.inboxCount > parent.inboxCount && header.inboxCount <= world.depositTimes.length;
  const digest = checkpointDigest({
    chainId: world.chainId,
    rollup: world.rollup,
    header,
    parentDigest: parent.digest,
    inboxHash: consumes
      ? await getInboxHash({ provider: world.l1.provider, rollup: world.rollup }, header.inboxCount)
      : EMPTY_INBOX_HASH,
    blobHashes: blobs.map(({ hash }) => hash),
  });
  const n = setSize(world, slot);
  const signers = deviations.signers ?? Array.from({ length: Math.floor((2 * n) / 3) + 1 }, (_, index) => index);
  const message = signingMessage("attestation", { ...world, slot }, deviations.signedDigest ?? digest);
  const signatures = signers.map((index) => sign(message, world.secretKeys[index] as Uint8Array));
  const attestation = {
    signers: signers.reduce((bits, index) => bits | (1n << BigInt(index)), 0n),
    signature: aggregateSignatures(signatures),
  };
  return { submission: { header, digest, blobCount: blobs.length, attestation }, blobs };
}
