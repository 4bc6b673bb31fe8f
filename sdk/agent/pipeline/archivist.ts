import { encodeBlocks } from "../../blob/blocks.ts";
import type { Hex } from "../../types/hex.ts";
import type { BlobArchive } from "../archive/interface.ts";
import type { ChainState } from "../chain/state.ts";
import type { ChainStore } from "../store/interface.ts";
import type { Logger } from "../types/logger.ts";
import type { PipelineEvents } from "./events.ts";

export interface ArchivistParts {
  archive: BlobArchive;
  store: Pick<ChainStore, "blocksOf" | "checkpointOf">;
  state: () => ChainState;
  events: Pick<PipelineEvents, "on">;
  maxBlobs: number;
  log: Logger;
}

/** Landed checkpoints that wait to be archived, as many as a store that is pruned keeps; the oldest is given up. */
export const MAX_UNARCHIVED = 64;

/**
 * Keeps the blobs of every checkpoint that lands, so that others can sync when L1 has forgotten them. What the archive
 * does not take is tried again when the next checkpoint lands.
 */
export class Archivist {
  readonly #parts: ArchivistParts;
  /** By slot, the digest that landed; oldest first. */
  readonly #waiting = new Map<number, Hex>();
  #working: Promise<void> = Promise.resolve();

  constructor(parts: ArchivistParts) {
    this.#parts = parts;
    parts.events.on((event) => {
      if (event.type !== "submitted") return;
      this.#add(event.landed.slot, event.landed.digest);
      this.#work();
    });
    // Landed while this agent was about to end, or before it kept an archive.
    const { unfinalized, unsettled } = parts.state();
    for (const { entry } of [...unfinalized, ...unsettled]) {
      if (entry.proposed !== undefined) this.#add(entry.slot, entry.proposed.digest);
    }
    this.#work();
  }

  /** Resolves when all that has landed so far is kept, or was tried. */
  idle(): Promise<void> {
    return this.#working;
  }

  #add(slot: number, digest: Hex): void {
    this.#waiting.set(slot, digest);
    const [oldest] = this.#waiting.keys();
    if (this.#waiting.size <= MAX_UNARCHIVED || oldest === undefined) return;
    this.#waiting.delete(oldest);
    this.#parts.log.error({ slot: oldest }, "blobs were given up: the archive takes nothing");
  }

  #work(): void {
    this.#working = this.#working.then(() => this.#keepAll());
  }

  async #keepAll(): Promise<void> {
    const { log } = this.#parts;
    for (const [slot, digest] of [...this.#waiting]) {
      try {
        await this.#keep(slot, digest);
        if (this.#waiting.get(slot) === digest) this.#waiting.delete(slot);
      } catch (error) {
        log.warn({ slot, error: String(error) }, "blobs were not archived: tried again with the next checkpoint");
        return;
      }
    }
  }

  async #keep(slot: number, digest: Hex): Promise<void> {
    const { archive, store, maxBlobs, log } = this.#parts;
    const record = store.checkpointOf(slot);
    if (record?.digest !== digest) {
      // Pruned, or taken off L1 again: nothing brings its blocks back here but landing once more.
      log.warn({ slot, digest, held: record?.digest }, "blobs were not archived: the checkpoint is not here any more");
      return;
    }
    const hashes = record.proposal.blobHashes;
    if (hashes.every((hash) => archive.has(hash))) return;
    const blobs = encodeBlocks(
      store.blocksOf(slot).map(({ data }) => data),
      maxBlobs,
    );
    for (const [i, hash] of hashes.entries()) await archive.put(hash, blobs[i] as Uint8Array);
  }
}
