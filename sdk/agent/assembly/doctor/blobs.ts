import { existsSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { BLOB_BYTES } from "../../../blob/layout.ts";
import { BeaconSource } from "../../archive/beacon-source.ts";
import type { AgentConfig } from "../../config/interface.ts";
import { reasonOf } from "../../http/answer.ts";
import type { Clock } from "../../time/interface.ts";
import { placeOf } from "./files.ts";
import { type Finding, fail, ok, warn } from "./finding.ts";

const MEBIBYTE = 1 << 20;

/** Whether the archive could be filled: its place can be written to, and has room for what it may hold. */
export function examineArchive({ archive }: AgentConfig): Finding[] {
  if (archive === undefined) return [];
  const { dir, maxBytes } = archive;
  const { directory, isWritable, freeBytes } = placeOf(dir);
  if (!isWritable) {
    const text = `archive.dir: ${directory} is no directory that can be written to`;
    return [fail("archive", text, "Give its owner the agent's user, or name another directory")];
  }
  return [roomFinding(directory, maxBytes, bytesIn(dir), freeBytes)];
}

/** What so much free space means for an archive that holds so much already. */
export function roomFinding(directory: string, maxBytes: number, heldBytes: number, freeBytes: number): Finding {
  const lackingBytes = Math.max(BLOB_BYTES, maxBytes - heldBytes) - freeBytes;
  const inMebibytes = (bytes: number): number => Math.ceil(bytes / MEBIBYTE);
  const text = `${directory} holds ${inMebibytes(heldBytes)} MiB of at most ${inMebibytes(maxBytes)} MiB`;
  if (lackingBytes <= 0) return ok("archive", text);
  const remedy = `Free ${inMebibytes(lackingBytes)} MiB, or lower archive.maxBytes`;
  return warn("archive", `${text}, with ${inMebibytes(freeBytes)} MiB free`, remedy);
}

/** Whether each blob source answers as a beacon node does; whether it has the blobs shows only when they are asked for. */
export async function examineBlobSources({ blobSources = [] }: AgentConfig, clock: Clock): Promise<Finding[]> {
  const kzg = { commit: () => Promise.reject(new Error("no blob is asked for")) };
  return Promise.all(
    blobSources.map(async (url) => {
      const source = new BeaconSource({ url, l1SlotSeconds: 1 }, { kzg, clock });
      try {
        const began = new Date((await source.genesisSeconds()) * 1000);
        return ok("blob source", `${source.name} answers, its L1 began ${began.toISOString()}`);
      } catch (error) {
        const remedy = "See whether it runs and serves the beacon API, or take it out of blobSources";
        return warn("blob source", `${source.name} is of no use: ${reasonOf(error)}`, remedy);
      }
    }),
  );
}

/** Bytes of the files in a directory; 0 if it is not there yet. */
function bytesIn(dir: string): number {
  if (!existsSync(dir)) return 0;
  return readdirSync(dir).reduce((sum, name) => sum + statSync(join(dir, name)).size, 0);
}
