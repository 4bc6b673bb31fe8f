import { expect } from "chai";
import type { BlobArchive } from "../../../sdk/agent/archive/interface.ts";
import type { ChainState } from "../../../sdk/agent/chain/state.ts";
import { Archivist, MAX_UNARCHIVED } from "../../../sdk/agent/pipeline/archivist.ts";
import { PipelineEvents } from "../../../sdk/agent/pipeline/events.ts";
import type { CheckpointRecord } from "../../../sdk/agent/store/interface.ts";
import type { BlockProposal } from "../../../sdk/agent/types/messages.ts";
import { encodeBlocks } from "../../../sdk/blob/blocks.ts";
import type { Hex } from "../../../sdk/types/hex.ts";
import { digestOf, genesis, hash, proposal } from "../chain/support.ts";
import { recorder } from "./support.ts";

const dataOf = (slot: number): Uint8Array => new Uint8Array(100).fill(slot);
const blobHash = (slot: number): Hex => hash(`blob ${slot}`);

/** An archivist over a store that holds some slots, and an archive that takes blobs as long as `isFull` is false. */
function setUp(state: ChainState = genesis()) {
  const held = new Set<number>();
  const kept = new Map<Hex, Uint8Array>();
  const disk = { isFull: false };
  const log = recorder();
  const events = new PipelineEvents((error) => {
    throw error;
  });
  const archive: Partial<BlobArchive> = {
    has: (of) => kept.has(of),
    put: (of, blob) => {
      if (disk.isFull) return Promise.reject(new Error("ENOSPC"));
      kept.set(of, blob);
      return Promise.resolve();
    },
  };
  const store = {
    blocksOf: (slot: number) => [{ data: dataOf(slot) } as BlockProposal],
    checkpointOf: (slot: number) =>
      held.has(slot)
        ? ({
            slot,
            digest: digestOf(slot),
            proposal: { ...proposal(slot), blobHashes: [blobHash(slot)] },
          } as CheckpointRecord)
        : undefined,
  };
  const archivist = new Archivist({
    archive: archive as BlobArchive,
    store,
    state: () => state,
    events,
    maxBlobs: 3,
    log,
  });
  const land = (slot: number): void => {
    held.add(slot);
    events.emit({ type: "submitted", landed: { slot, digest: digestOf(slot) } as never });
  };
  return { archivist, held, kept, disk, log, land };
}

describe("the archivist", () => {
  it("keeps the blobs of what landed, also of a checkpoint that is final before its turn comes", async () => {
    // The state knows nothing of it any more; its record is on disk.
    const { archivist, kept, land, log } = setUp();
    land(3);
    await archivist.idle();
    expect(kept.get(blobHash(3))).to.deep.equal(encodeBlocks([dataOf(3)], 3)[0]);
    expect(log.lines).to.deep.equal([]);
  });

  it("says what the archive did not take, and keeps it when the next checkpoint lands", async () => {
    const { archivist, kept, disk, land, log } = setUp();
    await archivist.idle();
    disk.isFull = true;
    land(3);
    await archivist.idle();
    expect([kept.size, log.lines]).to.deep.equal([
      0,
      ["blobs were not archived: tried again with the next checkpoint"],
    ]);
    disk.isFull = false;
    land(4);
    await archivist.idle();
    expect([...kept.keys()]).to.deep.equal([blobHash(3), blobHash(4)]);
  });

  it("says that a checkpoint is not here any more, and goes on with the next", async () => {
    const { archivist, kept, held, land, log } = setUp();
    land(3);
    held.delete(3);
    land(4);
    await archivist.idle();
    expect([...kept.keys()]).to.deep.equal([blobHash(4)]);
    expect(log.lines).to.deep.equal(["blobs were not archived: the checkpoint is not here any more"]);
  });

  it("waits for so many and no more: the oldest is given up, and said", async () => {
    const { archivist, kept, disk, land, log } = setUp();
    disk.isFull = true;
    for (let slot = 1; slot <= MAX_UNARCHIVED; slot++) land(slot);
    await archivist.idle();
    expect(log.lines.filter((line) => line.includes("given up"))).to.deep.equal([]);
    land(MAX_UNARCHIVED + 1);
    await archivist.idle();
    expect(log.lines.filter((line) => line.includes("given up"))).to.have.length(1);
    disk.isFull = false;
    land(MAX_UNARCHIVED + 2);
    await archivist.idle();
    expect(kept.has(blobHash(1))).to.equal(false);
    expect(kept.has(blobHash(3))).to.equal(true);
  });
});
