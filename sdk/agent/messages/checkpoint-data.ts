import type { Hex } from "../../types/hex.ts";
import type { Certificate, CheckpointData } from "../types/messages.ts";
import { blockProposalField } from "./block-proposal.ts";
import { checkpointProposalField } from "./checkpoint-proposal.ts";
import { codec } from "./codec.ts";
import { fixed, listed, optional, record, uint } from "./fields.ts";
import { MAX_BLOCK_DATA_BYTES, MAX_MESSAGE_BYTES } from "./limits.ts";
import { certificateField } from "./votes.ts";

/** Blocks of one checkpoint; far more than any slot has room for. */
export const MAX_CHECKPOINT_BLOCKS = 256;
/** The blobs' worth of data, and the envelopes of the blocks and of the rest. */
export const MAX_CHECKPOINT_DATA_BYTES = MAX_BLOCK_DATA_BYTES + MAX_CHECKPOINT_BLOCKS * 512 + 2048;

/** Answer to a request for a checkpoint. */
export const checkpointDataCodec = codec(
  record<CheckpointData>({
    blocks: listed(blockProposalField, MAX_CHECKPOINT_BLOCKS),
    proposal: checkpointProposalField,
    certificate: optional(certificateField),
  }),
  MAX_CHECKPOINT_DATA_BYTES,
);

/** A request for the checkpoint of one slot; with a digest, for that one and no other. */
export interface CheckpointRequest {
  slot: number;
  digest: Hex | undefined;
}

export const checkpointRequestCodec = codec(
  record<CheckpointRequest>({ slot: uint(), digest: optional(fixed(32)) }),
  128,
);

/** At most one of each kind. */
const MAX_CERTIFICATES = 2;

/** A request for the certificates of one slot. */
export const certificatesRequestCodec = codec(record<{ slot: number }>({ slot: uint() }), 64);

/** Answer to a request for certificates. */
export const certificatesCodec = codec(
  record<{ certificates: Certificate[] }>({ certificates: listed(certificateField, MAX_CERTIFICATES) }),
  MAX_CERTIFICATES * MAX_MESSAGE_BYTES.certificates,
);

/** A request for a blob; the answer is its bytes. */
export const blobRequestCodec = codec(record<{ versionedHash: Hex }>({ versionedHash: fixed(32) }), 64);
