import { encodeBlocks } from "../../blob/blocks.ts";
import { BlobError } from "../../blob/error.ts";
import { type Kzg, versionedHash } from "../../blob/kzg.ts";
import { checkpointDigest } from "../../digest/checkpoint.ts";
import type { CheckpointHeader } from "../../types/header.ts";
import type { Hex } from "../../types/hex.ts";
import type { CheckpointData, CheckpointProposal } from "../types/messages.ts";
import type { RollupIdentity } from "./identity.ts";

/** The outbox tree's root while no withdrawal was ever made. */
export const EMPTY_OUTBOX_ROOT: Hex = `0x${"00".repeat(32)}`;

/** The digest a proposal stands for. */
export function digestOf(identity: RollupIdentity, proposal: Omit<CheckpointProposal, "signature">): Hex {
  const { header, parentDigest, inboxHash, blobHashes } = proposal;
  return checkpointDigest({ ...identity, header, parentDigest, inboxHash, blobHashes });
}

/**
 * Versioned hashes of the blobs that carry these blocks.
 * @throws BlobError "too-large" if they do not fit `maxBlobs`.
 */
export async function blobHashesOf(kzg: Kzg, blockDatas: readonly Uint8Array[], maxBlobs: number): Promise<Hex[]> {
  const commitments = await Promise.all(encodeBlocks(blockDatas, maxBlobs).map((blob) => kzg.commit(blob)));
  return commitments.map(versionedHash);
}

/** Whether a checkpoint's data is exactly what `digest` stands for, whoever sent it: it names the blobs it is made of. */
export async function isCheckpoint(
  data: CheckpointData,
  digest: Hex,
  identity: RollupIdentity,
  kzg: Kzg,
  maxBlobs: number,
): Promise<boolean> {
  return digestOf(identity, data.proposal) === digest && (await isWhole(data, kzg, maxBlobs));
}

/** Whether blocks are those of the proposal beside them, all of them, to the byte. */
export async function isWhole({ proposal, blocks }: CheckpointData, kzg: Kzg, maxBlobs: number): Promise<boolean> {
  const { slot } = proposal.header;
  const inPlace = blocks.every(
    (block, i) =>
      block.slot === slot &&
      block.index === i &&
      block.attempt === blocks[0]?.attempt &&
      block.last === (i === blocks.length - 1),
  );
  if (!inPlace) return false;
  try {
    const datas = blocks.map(({ data }) => data);
    return (await blobHashesOf(kzg, datas, maxBlobs)).join() === proposal.blobHashes.join();
  } catch (error) {
    if (error instanceof BlobError) return false;
    throw error;
  }
}

/** What a proposal must say given what this node holds. */
export interface ExpectedContent {
  blobHashes: readonly Hex[];
  inbox: { count: number; hash: Hex };
}

/** Why a proposal contradicts what this node executed; undefined if it does not. */
export function contradiction(proposal: CheckpointProposal, expected: ExpectedContent): string | undefined {
  const { header, blobHashes, inboxHash } = proposal;
  if (header.inboxCount !== expected.inbox.count)
    return `inbox count: expected ${expected.inbox.count}, got ${header.inboxCount}`;
  if (inboxHash !== expected.inbox.hash) return `inbox hash: expected ${expected.inbox.hash}, got ${inboxHash}`;
  if (header.outboxRoot !== EMPTY_OUTBOX_ROOT)
    return `outbox root: expected ${EMPTY_OUTBOX_ROOT}, got ${header.outboxRoot}`;
  if (header.onTimeCapBps > 10_000) return `on-time cap: expected at most 10000 bps, got ${header.onTimeCapBps}`;
  if (
    blobHashes.length !== expected.blobHashes.length ||
    blobHashes.some((hash, i) => hash !== expected.blobHashes[i])
  ) {
    return `blobs: expected ${expected.blobHashes.join()}, got ${blobHashes.join()}`;
  }
  return undefined;
}

/** The header a proposer writes. */
export function headerOf(
  slot: number,
  lastBlock: { hash: Hex; number: number },
  inboxCount: number,
  coinbase: Hex,
): CheckpointHeader {
  return {
    slot,
    lastBlockHash: lastBlock.hash,
    lastBlockNumber: lastBlock.number,
    inboxCount,
    outboxRoot: EMPTY_OUTBOX_ROOT,
    coinbase,
    onTimeRecipient: `0x${"00".repeat(20)}`,
    onTimeCapBps: 0,
  };
}
