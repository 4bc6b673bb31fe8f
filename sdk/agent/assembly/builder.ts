import type { Hex } from "../../types/hex.ts";
import type { ProtocolParameters } from "../../types/parameters.ts";
import { BlockBuilder } from "../builder/block-builder.ts";
import { FlashblockFeed } from "../builder/feed.ts";
import { SenderLimits, senderLimitsOf } from "../builder/limits.ts";
import { BuilderStats } from "../builder/stats.ts";
import type { AgentConfig } from "../config/interface.ts";
import type { PipelineEvents } from "../pipeline/events.ts";
import type { AgentPorts } from "./ports.ts";

/** What builds this agent's blocks, and shows them as they grow. */
export interface Building {
  builder: BlockBuilder;
  flashblocks: FlashblockFeed;
  stats: BuilderStats;
}

/** @param head Hash of the block that the pool's transactions are to follow. */
export function openBuilder(
  { engine, mempool, clock, log }: Pick<AgentPorts, "engine" | "mempool" | "clock" | "log">,
  { l2 }: Pick<AgentConfig, "l2">,
  { flashblockMs, blockSeconds }: Pick<ProtocolParameters, "flashblockMs" | "blockSeconds">,
  events: PipelineEvents,
  head: () => Hex,
): Building {
  const flashblocks = new FlashblockFeed((error) => log.error({ error: String(error) }, "a listener failed"));
  events.on((event) => event.type === "head" && flashblocks.onHead(event.block.number));
  const stats = new BuilderStats();
  const builder = new BlockBuilder({
    engine,
    mempool,
    clock,
    head,
    flashblockMs,
    isContinuous: true,
    limits: new SenderLimits(senderLimitsOf(l2.gasLimit, blockSeconds)),
    stats,
    show: (flashblock) => flashblocks.show(flashblock),
    onAbandoned: (block) => flashblocks.abandon(block),
    log,
  });
  return { builder, flashblocks, stats };
}
