import { encodeBlocks } from "../../blob/blocks.ts";
import type { BlobArchive } from "../archive/interface.ts";
import type { ChainState, Submitted } from "../chain/state.ts";
import type { ChainStore } from "../store/interface.ts";
import type { Logger } from "../types/logger.ts";
import type { PipelineEvents } from "./events.ts";

export interface ArchivistParts {
  archive: BlobArchive;
  store: Pick<ChainStore, "blocksOf">;
  state: () => ChainState;
  events: Pick<PipelineEvents, "on">;
  maxBlobs: number;
  log: Logger;
}

/** Keeps the blobs of every checkpoint that lands, so that others can sync when L1 has forgotten them. */
export class Archivist {
  readonly #parts: ArchivistParts;
  #working: Promise<void> = Promise.resolve();

  constructor(parts: ArchivistParts) {
    this.#parts = parts;
    parts.events.on((event) => {
      if (event.type === "submitted") this.#enqueue(event.landed.slot);
    });
    // Landed while this agent was about to end, or before it kept an archive.
    const { unfinalized, unsettled } = parts.state();
    for (const { base } of [...unfinalized, ...unsettled]) this.#enqueue(base.slot);
  }

  /** Resolves when all that has landed so far is kept. */
  idle(): Promise<void> {
    return this.#working;
  }

  #enqueue(slot: number): void {
    this.#working = this.#working
      .then(() => this.#keep(slot))
      .catch((error: unknown) => this.#parts.log.warn({ slot, error: String(error) }, "blobs were not archived"));
  }

  async #keep(slot: number): Promise<void> {
    const { archive, store, state, maxBlobs } = this.#parts;
    const { unfinalized, unsettled } = state();
    const landed: Submitted | undefined = [...unsettled, ...unfinalized].find(({ base }) => base.slot === slot);
    const hashes = landed?.entry.proposed?.proposal.blobHashes ?? [];
    if (hashes.every((hash) => archive.has(hash))) return;
    const blobs = encodeBlocks(
      store.blocksOf(slot).map(({ data }) => data),
      maxBlobs,
    );
    for (const [i, hash] of hashes.entries()) await archive.put(hash, blobs[i] as Uint8Array);
  }
}
