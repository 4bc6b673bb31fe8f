import type { Hex } from "../../types/hex.ts";

/** Where to look for a blob that is asked for by its hash alone. */
export interface BlobPlace {
  /** Of the L1 block that holds the transaction with it, Unix seconds. */
  l1TimestampSeconds: number;
}

/** Somebody who may have blobs that L1 itself forgets after some 18 days. */
export interface BlobSource {
  /** For logs. */
  readonly name: string;
  /** The blob with this versioned hash, checked against it; undefined if it is not to be had here. Never rejects. */
  get(versionedHash: Hex, place: BlobPlace): Promise<Uint8Array | undefined>;
}

/** A source that this agent fills itself. */
export interface BlobArchive extends BlobSource {
  has(versionedHash: Hex): boolean;
  /** Keeps a blob; what is held already is left as it is. Rejects with ArchiveError. */
  put(versionedHash: Hex, blob: Uint8Array): Promise<void>;
}

/** `unwritable`: the directory cannot be used. `no-blob`: what was to be kept is none. */
export class ArchiveError extends Error {
  readonly code: "unwritable" | "no-blob";
  constructor(code: ArchiveError["code"], message: string) {
    super(message);
    this.name = "ArchiveError";
    this.code = code;
  }
}
