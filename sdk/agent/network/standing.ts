import type { Clock } from "../time/interface.ts";
import { MAX_CONNECTIONS } from "./options.ts";
import { REJECTION_DECAY, REJECTION_WEIGHT, SILENCE_SCORE } from "./scoring.ts";

/** Peers remembered: those that sent something bad longest ago are forgotten first. */
const MAX_PEERS = 4 * MAX_CONNECTIONS;

/** What peers sent that was rejected, fading: who sent too much of it lately is silenced. */
export class Standing {
  readonly #clock: Clock;
  readonly #rejections = new Map<string, { count: number; atMs: number }>();

  constructor({ clock }: { clock: Clock }) {
    this.#clock = clock;
  }

  /** Takes note of a rejected message. True if its sender is silenced by it. */
  reject(peer: string): boolean {
    const wasSilenced = this.isSilenced(peer);
    const count = this.#countOf(peer) + 1;
    this.#rejections.delete(peer);
    this.#rejections.set(peer, { count, atMs: this.#clock.nowMs() });
    const oldest = this.#rejections.keys().next().value;
    if (this.#rejections.size > MAX_PEERS && oldest !== undefined) this.#rejections.delete(oldest);
    return !wasSilenced && this.isSilenced(peer);
  }

  /** 0, or less for a peer that sent something that was rejected. */
  scoreOf(peer: string): number {
    return -REJECTION_WEIGHT * this.#countOf(peer) ** 2;
  }

  isSilenced(peer: string): boolean {
    return this.scoreOf(peer) < SILENCE_SCORE;
  }

  #countOf(peer: string): number {
    const held = this.#rejections.get(peer);
    if (held === undefined) return 0;
    return held.count * REJECTION_DECAY ** ((this.#clock.nowMs() - held.atMs) / 1000);
  }
}
