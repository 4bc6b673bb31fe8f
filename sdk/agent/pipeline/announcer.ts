import type { Network, Topic } from "../network/interface.ts";
import type { Clock } from "../time/interface.ts";
import type { Timetable } from "../time/timetable.ts";
import type { Logger } from "../types/logger.ts";

export interface AnnouncerParts {
  network: Pick<Network, "publish">;
  clock: Pick<Clock, "nowMs">;
  timetable: Timetable;
  log: Logger;
}

/** A message of this agent's own about a slot. */
interface Announcement {
  topic: Topic;
  slot: number;
  data: Uint8Array;
}

/** Messages that the network did not take and that are sent again, at most: the oldest are given up. */
export const MAX_WAITING_ANNOUNCEMENTS = 64;

/** From one attempt to the next. */
const RETRY_MS = 250;

/**
 * Says what this agent has to say. A network that does not take a message costs that message some time, and neither the
 * duty that made it nor the slot: it is sent again for as long as others would accept it.
 */
export class Announcer {
  readonly #parts: AnnouncerParts;
  #waiting: Announcement[] = [];
  #retryAtMs = 0;
  #failed = 0;

  constructor(parts: AnnouncerParts) {
    this.#parts = parts;
  }

  /** Attempts that failed since the start. */
  get failed(): number {
    return this.#failed;
  }

  /** Resolves when the network has it, or did not take it for now. */
  say(topic: Topic, slot: number, data: Uint8Array): Promise<void> {
    return this.#send({ topic, slot, data });
  }

  /** Sends again what is due. Never blocks the caller. */
  tick(nowMs: number): void {
    if (this.#waiting.length === 0 || nowMs < this.#retryAtMs) return;
    this.#retryAtMs = nowMs + RETRY_MS;
    for (const said of this.#waiting.splice(0)) {
      if (nowMs <= this.#untilMs(said)) void this.#send(said);
      else this.#giveUp(said);
    }
  }

  async #send(said: Announcement): Promise<void> {
    const { network, log } = this.#parts;
    const { topic, slot, data } = said;
    try {
      await network.publish(topic, data);
    } catch (error) {
      this.#failed++;
      log.warn({ topic, slot, error: String(error), failed: this.#failed }, "not published, trying on");
      this.#wait(said);
    }
  }

  /** Nobody accepts it later. */
  #untilMs({ topic, slot }: Announcement): number {
    const { proposalDeadlineMs, closesMs } = this.#parts.timetable.of(slot);
    return topic === "blocks" || topic === "checkpoints" ? proposalDeadlineMs : closesMs;
  }

  #wait(said: Announcement): void {
    this.#waiting.push(said);
    this.#retryAtMs = Math.max(this.#retryAtMs, this.#parts.clock.nowMs() + RETRY_MS);
    if (this.#waiting.length > MAX_WAITING_ANNOUNCEMENTS) this.#giveUp(this.#waiting.shift() as Announcement);
  }

  #giveUp({ topic, slot }: Announcement): void {
    this.#parts.log.warn({ topic, slot }, "never published: nobody would accept it any more, or too much waits");
  }
}
