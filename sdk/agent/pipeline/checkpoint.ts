import { L2_OUTBOX_ROOT_SLOT } from "../../abi/generated/l2Outbox.ts";
import { encodeBlocks } from "../../blob/blocks.ts";
import { BlobError } from "../../blob/error.ts";
import { type Kzg, versionedHash } from "../../blob/kzg.ts";
import { checkpointDigest } from "../../digest/checkpoint.ts";
import { L2_OUTBOX_ADDRESS } from "../../outbox/predeploy.ts";
import type { CheckpointHeader } from "../../types/header.ts";
import type { Hex } from "../../types/hex.ts";
import type { ChainReader } from "../engine/interface.ts";
import type { InboxDue } from "../l1/interface.ts";
import type { CheckpointRequest } from "../messages/checkpoint-data.ts";
import type { ChainStore } from "../store/interface.ts";
import type { CheckpointData, CheckpointProposal } from "../types/messages.ts";
import type { RollupIdentity } from "./identity.ts";

/** The outbox's root after a block that this node executed: what the header of a checkpoint that ends with it says. */
export function outboxRootAfter(chain: Pick<ChainReader, "getStorageAt">, blockHash: Hex): Promise<Hex> {
  return chain.getStorageAt(L2_OUTBOX_ADDRESS, L2_OUTBOX_ROOT_SLOT, blockHash);
}

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

/**
 * A whole checkpoint from this agent's own disk; undefined if it is not there. What was given up is found by its digest:
 * a quorum may have signed it, and L1 may hold it yet, after a reorg or in a block that was not read then.
 */
export function heldCheckpoint(
  store: Pick<ChainStore, "blocksOf" | "checkpointOf" | "discardedCheckpoint">,
  { slot, digest }: CheckpointRequest,
): CheckpointData | undefined {
  const record = store.checkpointOf(slot);
  if (digest !== undefined && record?.digest !== digest) return store.discardedCheckpoint(slot, digest);
  const blocks = store.blocksOf(slot);
  return record && blocks.at(-1)?.last
    ? { blocks, proposal: record.proposal, certificate: record.certificate }
    : undefined;
}

/** What a proposal must say given what this node holds. */
export interface ExpectedContent {
  blobHashes: readonly Hex[];
  inbox: Pick<InboxDue, "count" | "hash">;
  outboxRoot: Hex;
}

/** In what a proposal contradicts this node, and what was expected. */
export interface Contradiction {
  code: "inbox-count" | "inbox-hash" | "outbox-root" | "on-time-cap" | "blobs";
  reason: string;
}

/** Why a proposal contradicts what this node executed; undefined if it does not. */
export function contradiction(proposal: CheckpointProposal, expected: ExpectedContent): Contradiction | undefined {
  const { header, blobHashes, inboxHash } = proposal;
  const { inbox, outboxRoot } = expected;
  const differs = (code: Contradiction["code"], wanted: unknown, actual: unknown): Contradiction => ({
    code,
    reason: `${code}: expected ${wanted}, got ${actual}`,
  });
  if (header.inboxCount !== inbox.count) return differs("inbox-count", inbox.count, header.inboxCount);
  if (inboxHash !== inbox.hash) return differs("inbox-hash", inbox.hash, inboxHash);
  if (header.outboxRoot !== outboxRoot) return differs("outbox-root", outboxRoot, header.outboxRoot);
  if (header.onTimeCapBps > 10_000) return differs("on-time-cap", "at most 10000 bps", header.onTimeCapBps);
  const [wanted, actual] = [expected.blobHashes.join(), blobHashes.join()];
  return wanted === actual ? undefined : differs("blobs", wanted, actual);
}

/** The header a proposer writes. */
export function headerOf(
  slot: number,
  lastBlock: { hash: Hex; number: number },
  { inboxCount, outboxRoot }: Pick<CheckpointHeader, "inboxCount" | "outboxRoot">,
  coinbase: Hex,
): CheckpointHeader {
  return {
    slot,
    lastBlockHash: lastBlock.hash,
    lastBlockNumber: lastBlock.number,
    inboxCount,
    outboxRoot,
    coinbase,
    onTimeRecipient: `0x${"00".repeat(20)}`,
    onTimeCapBps: 0,
  };
}
