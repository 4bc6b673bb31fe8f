import type { BlobSidecar, BlobWrapperVersion, Kzg } from "../blob/kzg.ts";
import type { RollupConfig } from "../get/config.ts";
import type { SubmittedTip } from "../get/tips.ts";
import { getMembers, type RegisteredValidator } from "../get/validators.ts";
import type { RollupRef } from "../get/view.ts";
import type { Hex } from "../types/hex.ts";
import { blobsOf } from "../watch/blobs.ts";
import { checkCertificate } from "../watch/certificate.ts";
import type { CertifiedCheckpoint, CheckpointSource } from "../watch/source.ts";
import { unsubmitted } from "../watch/unsubmitted.ts";

export interface CandidateParts {
  ref: RollupRef;
  config: RollupConfig;
  /** L1 chain id. */
  chainId: bigint;
  source: CheckpointSource;
  kzg: Kzg;
  blobWrapperVersion: BlobWrapperVersion;
}

/** Checkpoints kept at once; a rollup leaves fewer unsubmitted. */
const MAX_KEPT = 16;
/** Epochs whose validators are kept: the one that ends and the one that begins. */
const MAX_EPOCHS = 2;

/** What is known of the certified checkpoints that L1 does not have: checked once each, their blobs made once each. */
export class Candidates {
  readonly #parts: CandidateParts;
  /** By digest; those that no quorum signed are not among them. */
  readonly #certified = new Map<Hex, CertifiedCheckpoint>();
  /** Why a checkpoint was refused, by digest and signature. */
  readonly #refused = new Map<string, string>();
  readonly #blobs = new Map<Hex, Promise<BlobSidecar[]>>();
  readonly #members = new Map<number, Promise<RegisteredValidator[]>>();

  constructor(parts: CandidateParts) {
    this.#parts = parts;
  }

  /**
   * Asks the source for what is new.
   * @returns what was refused of it, and why.
   * @throws whatever the source or the L1 provider throws; what is known stays known.
   */
  async refresh(): Promise<string[]> {
    const refused: string[] = [];
    for (const checkpoint of await this.#parts.source.certified()) {
      const { digest, header, attestation } = checkpoint.submission;
      const name = `${digest}/${attestation.signers}/${attestation.signature}`;
      if (this.#certified.has(digest) || this.#refused.has(name)) continue;
      const members = await this.#membersOf(Math.floor(header.slot / this.#parts.config.epochSlots));
      const context = { chainId: this.#parts.chainId, rollup: this.#parts.ref.rollup };
      const wrong = checkCertificate(checkpoint, context, members);
      if (wrong === undefined) {
        keep(this.#certified, digest, checkpoint, MAX_KEPT);
      } else {
        keep(this.#refused, name, wrong, MAX_KEPT);
        refused.push(`slot ${header.slot}: ${wrong}`);
      }
    }
    return refused;
  }

  /** The one that can land on this tip; undefined if none is known. */
  next(tip: SubmittedTip): CertifiedCheckpoint | undefined {
    return unsubmitted([...this.#certified.values()], tip).find(({ parentDigest }) => parentDigest === tip.digest);
  }

  /** Its blobs with proofs. @throws WatchError, and whatever the source throws. */
  blobs(checkpoint: CertifiedCheckpoint): Promise<BlobSidecar[]> {
    const { digest } = checkpoint.submission;
    const known = this.#blobs.get(digest);
    if (known !== undefined) return known;
    const { source, kzg, blobWrapperVersion } = this.#parts;
    const made = source.blockDatas(checkpoint).then((datas) => blobsOf(checkpoint, datas, kzg, blobWrapperVersion));
    made.catch(() => this.#blobs.delete(digest));
    keep(this.#blobs, digest, made, MAX_KEPT);
    return made;
  }

  #membersOf(epoch: number): Promise<RegisteredValidator[]> {
    const known = this.#members.get(epoch);
    if (known !== undefined) return known;
    const members = getMembers(this.#parts.ref, epoch);
    members.catch(() => this.#members.delete(epoch));
    keep(this.#members, epoch, members, MAX_EPOCHS);
    return members;
  }
}

/** Adds to a map that forgets its oldest entries. */
function keep<Key, Value>(map: Map<Key, Value>, key: Key, value: Value, most: number): void {
  map.set(key, value);
  for (const oldest of map.keys()) {
    if (map.size <= most) return;
    map.delete(oldest);
  }
}
