import type { Kzg } from "../../blob/kzg.ts";
import { BeaconSource } from "../archive/beacon-source.ts";
import { DiskArchive } from "../archive/disk-archive.ts";
import type { BlobArchive, BlobSource } from "../archive/interface.ts";
import type { AgentConfig } from "../config/interface.ts";
import type { Clock } from "../time/interface.ts";

/** The archive and the sources of the configuration. @throws ArchiveError "unwritable". */
export function openArchive(
  { archive, blobSources = [] }: AgentConfig,
  l1SlotSeconds: number,
  { kzg, clock }: { kzg: Kzg; clock: Clock },
): { archive: BlobArchive | undefined; blobSources: BlobSource[] } {
  return {
    archive: archive && new DiskArchive(archive, kzg),
    blobSources: blobSources.map((url) => new BeaconSource({ url, l1SlotSeconds }, { kzg, clock })),
  };
}
