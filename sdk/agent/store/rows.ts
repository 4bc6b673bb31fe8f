import type { Hex } from "../../types/hex.ts";
import { blockProposalField, unsignedBlockField } from "../messages/block-proposal.ts";
import { checkpointProposalField } from "../messages/checkpoint-proposal.ts";
import { type Codec, codec } from "../messages/codec.ts";
import { big, type Field, fixed, flag, listed, named, optional, record, uint } from "../messages/fields.ts";
import { MAX_MESSAGE_BYTES } from "../messages/limits.ts";
import { certificateField, equivocationField } from "../messages/votes.ts";
import type { BlockProposal, Equivocation } from "../types/messages.ts";
import type { Tip, Tips } from "../types/tips.ts";
import { type CheckpointRecord, type Draft, type L1Cursor, type Landing, MAX_EQUIVOCATIONS } from "./interface.ts";

/** Which chain a store belongs to, and the version of its rows. */
export interface StoreIdentity {
  schema: number;
  /** L1 chain id. */
  chainId: number;
  /** Address of the rollup contract, 20 bytes. */
  rollup: Hex;
}

/** Rows other than block proposals are far smaller. */
const MAX_ROW_BYTES = 4096;

export const identityRow: Codec<StoreIdentity> = codec(
  record<StoreIdentity>({ schema: uint(), chainId: uint(), rollup: fixed(20) }),
  MAX_ROW_BYTES,
);

export const cursorRow: Codec<L1Cursor> = codec(
  record<L1Cursor>({ blockNumber: uint(), blockHash: fixed(32) }),
  MAX_ROW_BYTES,
);

const tipField = record<Tip>({
  slot: uint(),
  digest: optional(fixed(20)),
  blockNumber: uint(),
  blockHash: fixed(32),
});

export const tipsRow: Codec<Tips> = codec(
  record<Tips>({
    head: tipField,
    proposed: tipField,
    attested: tipField,
    submitted: tipField,
    settled: tipField,
    finalized: tipField,
  }),
  MAX_ROW_BYTES,
);

const landingField: Field<Landing> = record<Landing>({
  number: uint(),
  l1BlockNumber: uint(),
  l1BlockHash: fixed(32),
  transactionHash: fixed(32),
  submitter: fixed(20),
  gasUsed: big(2n ** 64n - 1n),
  onTime: flag,
  verified: flag,
});

export const checkpointRow: Codec<CheckpointRecord> = codec(
  record<CheckpointRecord>({
    slot: uint(),
    digest: fixed(32),
    proposal: checkpointProposalField,
    status: named({ proposed: 1, attested: 2, submitted: 3, settled: 4 }),
    certificate: optional(certificateField),
    landing: optional(landingField),
  }),
  MAX_ROW_BYTES,
);

export const draftRow: Codec<Draft> = codec(
  record<Draft>({ baseHash: fixed(32), block: unsignedBlockField }),
  MAX_MESSAGE_BYTES.blocks,
);

/** One of them takes some 320 bytes. */
export const equivocationsRow: Codec<Equivocation[]> = codec(
  listed(equivocationField, MAX_EQUIVOCATIONS),
  MAX_EQUIVOCATIONS * 512,
);

export const blockRow: Codec<BlockProposal> = codec(blockProposalField, MAX_MESSAGE_BYTES.blocks);
