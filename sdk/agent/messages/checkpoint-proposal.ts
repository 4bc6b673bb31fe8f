import type { CheckpointHeader } from "../../types/header.ts";
import type { CheckpointProposal } from "../types/messages.ts";
import { codec } from "./codec.ts";
import { fixed, listed, record, uint } from "./fields.ts";
import { MAX_BLOBS, MAX_MESSAGE_BYTES } from "./limits.ts";

const headerField = record<CheckpointHeader>({
  slot: uint(),
  lastBlockHash: fixed(32),
  lastBlockNumber: uint(),
  inboxCount: uint(),
  outboxRoot: fixed(32),
  coinbase: fixed(20),
  onTimeRecipient: fixed(20),
  onTimeCapBps: uint(10_000),
});

export const checkpointProposalField = record<CheckpointProposal>({
  header: headerField,
  parentDigest: fixed(20),
  blobHashes: listed(fixed(32), MAX_BLOBS),
  inboxHash: fixed(32),
  signature: fixed(96),
});

/** EIP-4844: the first byte of a versioned hash made from a KZG commitment. */
const KZG_VERSION = "0x01";

export const checkpointProposalCodec = codec(checkpointProposalField, MAX_MESSAGE_BYTES.checkpoints, (proposal) => {
  const wrong = proposal.blobHashes.find((hash) => !hash.startsWith(KZG_VERSION));
  return wrong === undefined
    ? undefined
    : `blobHashes: expected versioned hashes that start with ${KZG_VERSION}, got ${wrong}`;
});
