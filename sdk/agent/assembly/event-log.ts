import type { PipelineEvent, PipelineEvents } from "../pipeline/events.ts";
import type { Logger } from "../types/logger.ts";

/** Writes to the log what happens to the chain; each new head is too much of it. */
export function logEvents(events: PipelineEvents, log: Logger): void {
  events.on((event) => {
    if (event.type === "discarded") {
      const { slot, reason, blocks } = event.discarded;
      log.warn({ slot, reason, blocks: blocks.length }, "checkpoint discarded");
    } else if (event.type === "submitted") {
      const { slot, landing } = event.landed;
      log.info(
        { slot, number: landing.number, onTime: landing.onTime, submitter: landing.submitter },
        "checkpoint on L1",
      );
    } else if (event.type === "missed-duty") log.warn({ ...event }, "missed duty");
    else if (!SAID_ELSEWHERE.has(event.type)) log.info({ ...event }, event.type);
  });
}

/** Too much of it, or said already by whoever did it. */
const SAID_ELSEWHERE: ReadonlySet<PipelineEvent["type"]> = new Set(["head", "voted", "sending", "unsigned"]);
