import { decodeBlockData } from "../../blob/blockData.ts";
import { decodeBlocks } from "../../blob/blocks.ts";
import { BlobError } from "../../blob/error.ts";
import type { Hex } from "../../types/hex.ts";
import type { BlobSource } from "../archive/interface.ts";
import type { Landed } from "../chain/state.ts";
import type { InboxView } from "../l1/interface.ts";
import type { LandedContent } from "../l1/landed-content.ts";
import { MAX_CHECKPOINT_BLOCKS } from "../messages/checkpoint-data.ts";
import type { Logger } from "../types/logger.ts";
import type { BlockProposal, CheckpointData, CheckpointProposal } from "../types/messages.ts";
import { digestOf } from "./checkpoint.ts";
import type { RollupIdentity } from "./identity.ts";

export interface RecoveryParts {
  identity: RollupIdentity;
  inbox: InboxView;
  /** What L1 says about a landed checkpoint; undefined if it is not there any more. */
  contentOf: (landed: Landed) => Promise<LandedContent | undefined>;
  /** Asked one after the other. */
  sources: readonly BlobSource[];
  log: Logger;
}

/** L1 does not know the proposer's signatures: nobody checks them of what has landed. */
const NO_SIGNATURE: Hex = `0x${"00".repeat(96)}`;

/**
 * Puts a landed checkpoint together from L1 and its blobs, wherever those are still to be had: for a node that nobody
 * serves it as a whole any more. L1 says which blobs it is made of, each blob is checked against that, and the digest
 * against all of it.
 */
export class Recovery {
  readonly #parts: RecoveryParts;

  constructor(parts: RecoveryParts) {
    this.#parts = parts;
  }

  /** The checkpoint; undefined while something of it is not to be had. Rejects with what the L1 node answers. */
  async recover(landed: Landed): Promise<CheckpointData | undefined> {
    const { contentOf, sources, log } = this.#parts;
    if (sources.length === 0) return undefined;
    const content = await contentOf(landed);
    const proposal = content && this.#proposalOf(landed, content);
    if (content === undefined || proposal === undefined) return undefined;
    const blobs: Uint8Array[] = [];
    for (const hash of proposal.blobHashes) {
      const blob = await this.#blob(hash, content);
      if (blob === undefined) {
        log.warn({ slot: landed.slot, blob: hash }, "a blob of a checkpoint on L1 is in none of the archives");
        return undefined;
      }
      blobs.push(blob);
    }
    const blocks = blocksOf(landed.slot, blobs);
    if (typeof blocks === "string") {
      log.error({ slot: landed.slot, reason: blocks }, "the blobs of a checkpoint on L1 hold no blocks");
      return undefined;
    }
    return { blocks, proposal, certificate: landed.certificate };
  }

  /** The proposal that the digest stands for, with the run of the transaction's blobs that it names. */
  #proposalOf(landed: Landed, { checkpoint, blobHashes }: LandedContent): CheckpointProposal | undefined {
    const { identity, inbox } = this.#parts;
    const { header, blobCount } = checkpoint.submission;
    const due = inbox.due(header.slot, checkpoint.parent.inboxCount);
    if (due === undefined) return undefined;
    for (let first = 0; first + blobCount <= blobHashes.length; first++) {
      const proposal = {
        header,
        parentDigest: checkpoint.parent.digest,
        blobHashes: blobHashes.slice(first, first + blobCount),
        inboxHash: due.hash,
        signature: NO_SIGNATURE,
      };
      if (digestOf(identity, proposal) === landed.digest) return proposal;
    }
    return undefined;
  }

  async #blob(hash: Hex, { l1TimestampSeconds }: LandedContent): Promise<Uint8Array | undefined> {
    for (const source of this.#parts.sources) {
      const blob = await source.get(hash, { l1TimestampSeconds });
      if (blob !== undefined) return blob;
    }
    return undefined;
  }
}

/** The blocks that blobs carry, as their proposer would gossip them; or why there are none. */
function blocksOf(slot: number, blobs: readonly Uint8Array[]): BlockProposal[] | string {
  try {
    const datas = decodeBlocks(blobs, MAX_CHECKPOINT_BLOCKS);
    return datas.map((data, index) => {
      const { parentHash, blockHash } = decodeBlockData(data);
      const last = index === datas.length - 1;
      return { slot, index, attempt: 0, last, parentHash, blockHash, data, signature: NO_SIGNATURE };
    });
  } catch (error) {
    if (error instanceof BlobError) return error.message;
    throw error;
  }
}
