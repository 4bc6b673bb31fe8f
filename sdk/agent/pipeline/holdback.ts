import { standsOnCertified } from "../chain/proposals.ts";
import type { ChainState } from "../chain/state.ts";

/**
 * What a silent proposer has built and shows to nobody until its predecessor's certificate is seen: blocks of the
 * unsubmitted checkpoints of its own, and their proposals; what is discarded meanwhile is never shown.
 */
export class Holdback {
  readonly #state: () => ChainState;
  #held: { slot: number; send: () => Promise<void> }[] = [];
  #sending: Promise<void> = Promise.resolve();

  constructor(state: () => ChainState) {
    this.#state = state;
  }

  /** Shows something of a checkpoint that is part of the chain here, in the order given, as soon as it may be shown. */
  show(slot: number, send: () => Promise<void>): Promise<void> {
    this.#held.push({ slot, send });
    return this.look();
  }

  isHeld(slot: number): boolean {
    return this.#held.some((held) => held.slot === slot);
  }

  /** Looks again after a change of the chain. Resolves when what may be shown was sent; rejects if that fails. */
  look(): Promise<void> {
    const state = this.#state();
    const due = this.#held.filter(({ slot }) => standsOnCertified(state, slot));
    const isThere = (slot: number): boolean => state.unsubmitted.some((entry) => entry.slot === slot);
    this.#held = this.#held.filter((held) => !due.includes(held) && isThere(held.slot));
    if (due.length === 0) return Promise.resolve();
    const sending = this.#sending.then(async () => {
      for (const { send } of due) await send();
    });
    this.#sending = sending.catch(() => {});
    return sending;
  }
}
