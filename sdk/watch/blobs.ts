import { encodeBlocks } from "../blob/blocks.ts";
import { BlobError } from "../blob/error.ts";
import { type BlobSidecar, type BlobWrapperVersion, type Kzg, versionedHash } from "../blob/kzg.ts";
import type { Hex } from "../types/hex.ts";
import type { Submission } from "../types/submission.ts";
import { WatchError } from "./error.ts";

/** What is known of a checkpoint's blobs by whoever holds its proposal. */
export interface NamesBlobs {
  submission: Pick<Submission, "header">;
  /** Versioned hashes of its blobs, in their order. */
  blobHashes: readonly Hex[];
}

/**
 * The blobs of a checkpoint, with proofs, from its blocks' data: about 60 ms of work a blob.
 * @throws WatchError "data-differs" unless they are exactly those the quorum signed.
 */
export async function blobsOf(
  { submission, blobHashes }: NamesBlobs,
  blockDatas: readonly Uint8Array[],
  kzg: Kzg,
  version: BlobWrapperVersion,
): Promise<BlobSidecar[]> {
  const { slot } = submission.header;
  const blobs = encode(slot, blockDatas, blobHashes.length);
  const sidecars = await Promise.all(blobs.map((blob) => kzg.sidecar(blob, version)));
  const hashes = sidecars.map(({ commitment }) => versionedHash(commitment));
  if (hashes.join() === blobHashes.join()) return sidecars;
  throw new WatchError("data-differs", `slot ${slot}: expected blobs ${blobHashes.join()}, its data makes ${hashes}`);
}

function encode(slot: number, blockDatas: readonly Uint8Array[], maxBlobs: number): Uint8Array[] {
  try {
    return encodeBlocks(blockDatas, maxBlobs);
  } catch (error) {
    if (!(error instanceof BlobError)) throw error;
    throw new WatchError("data-differs", `slot ${slot}: its data makes no ${maxBlobs} blobs: ${error.message}`);
  }
}
