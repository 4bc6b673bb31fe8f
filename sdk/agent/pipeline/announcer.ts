import type { Clock } from "../time/interface.ts";
import type { Logger } from "../types/logger.ts";

/** A message of this agent's own. */
export interface Announcement {
  what: "block" | "proposal" | "vote" | "certificate";
  slot: number;
  /** Nobody would accept it later; Unix ms. */
  untilMs: number;
  /** Rejects if the network did not take it. */
  send: () => Promise<void>;
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
  readonly #clock: Pick<Clock, "nowMs">;
  readonly #log: Logger;
  #waiting: Announcement[] = [];
  #retryAtMs = 0;
  #failed = 0;

  constructor({ clock, log }: { clock: Pick<Clock, "nowMs">; log: Logger }) {
    this.#clock = clock;
    this.#log = log;
  }

  /** Attempts that failed since the start. */
  get failed(): number {
    return this.#failed;
  }

  /** Resolves when the network has it, or did not take it for now. */
  async say(said: Announcement): Promise<void> {
    try {
      await said.send();
    } catch (error) {
      this.#failed++;
      const { what, slot } = said;
      this.#log.warn({ what, slot, error: String(error), failed: this.#failed }, "not published, trying on");
      this.#wait(said);
    }
  }

  /** Sends again what is due. Never blocks the caller. */
  tick(nowMs: number): void {
    if (this.#waiting.length === 0 || nowMs < this.#retryAtMs) return;
    this.#retryAtMs = nowMs + RETRY_MS;
    for (const said of this.#waiting.splice(0)) {
      if (nowMs <= said.untilMs) void this.say(said);
      else this.#giveUp(said);
    }
  }

  #wait(said: Announcement): void {
    this.#waiting.push(said);
    this.#retryAtMs = Math.max(this.#retryAtMs, this.#clock.nowMs() + RETRY_MS);
    if (this.#waiting.length > MAX_WAITING_ANNOUNCEMENTS) this.#giveUp(this.#waiting.shift() as Announcement);
  }

  #giveUp({ what, slot }: Announcement): void {
    this.#log.warn({ what, slot }, "never published: nobody would accept it any more, or too much waits");
  }
}
