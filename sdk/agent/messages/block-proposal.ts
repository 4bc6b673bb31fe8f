import { RLP } from "@ethereumjs/rlp";
import { keccak_256 } from "@noble/hashes/sha3.js";
import type { Hex } from "../../types/hex.ts";
import type { BlockProposal } from "../types/messages.ts";
import { codec } from "./codec.ts";
import { type Field, fixed, flag, raw, record, uint } from "./fields.ts";
import { MAX_BLOCK_DATA_BYTES, MAX_MESSAGE_BYTES } from "./limits.ts";

const content = {
  slot: uint(),
  /** Blocks of one checkpoint; far more than any slot has room for. */
  index: uint(65_535),
  attempt: uint(1) as Field<0 | 1>,
  last: flag,
  parentHash: fixed(32),
  blockHash: fixed(32),
  data: raw(MAX_BLOCK_DATA_BYTES),
};

export const unsignedBlockField = record<Omit<BlockProposal, "signature">>(content);

export const blockProposalField = record<BlockProposal>({ ...content, signature: fixed(96) });

export const blockProposalCodec = codec(blockProposalField, MAX_MESSAGE_BYTES.blocks);

/** The digest a proposer signs, with kind `block`: keccak256 of the RLP list of all fields but the signature. */
export function blockProposalDigest(proposal: Omit<BlockProposal, "signature">): Hex {
  return `0x${Buffer.from(keccak_256(RLP.encode(unsignedBlockField.encode(proposal)))).toString("hex")}`;
}
