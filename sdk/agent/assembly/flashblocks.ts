import type { AgentConfig } from "../config/interface.ts";
import type { ReorgFrame } from "../flashblocks/frame.ts";
import { DEFAULT_STREAM_OPTIONS, FlashblockStream } from "../flashblocks/stream.ts";
import type { PipelineEvents } from "../pipeline/events.ts";
import type { Clock } from "../time/interface.ts";
import type { Building } from "./builder.ts";

export interface StreamSources {
  building: Building;
  events: PipelineEvents;
  clock: Clock;
}

/** Serves the stream of an agent that is to have one; undefined in any other. Rejects with StreamError. */
export async function openFlashblocks(
  { flashblocks }: Pick<AgentConfig, "flashblocks">,
  { building, events, clock }: StreamSources,
): Promise<FlashblockStream | undefined> {
  if (flashblocks === undefined) return undefined;
  return FlashblockStream.start(
    { ...DEFAULT_STREAM_OPTIONS, ...flashblocks },
    { feed: building.flashblocks, onReorg: (listener) => reorgs(events, listener), clock },
  );
}

/** Blocks that leave the chain, a checkpoint at a time. */
const reorgs = (events: PipelineEvents, listener: (reorg: ReorgFrame) => void): (() => void) =>
  events.on((event) => {
    if (event.type !== "discarded") return;
    const { blocks, reason } = event.discarded;
    const [lowest] = blocks;
    if (lowest === undefined) return;
    const block_hashes = blocks.map(({ hash }) => hash);
    listener({ reorg: { block_number: lowest.number, block_hashes, transactions: [], reason } });
  });
