interface Build {
  slot: number;
  parentSlot: number;
  startMs: number;
  /** End of the build slot. */
  endMs: number;
}

/** Builds followed at once: more than can stand above L1's tip. */
const MAX_BUILDS = 8;

/**
 * The dead time that building on what is not on L1 yet recovers: who waits for L1 could not have begun before the
 * checkpoint below was seen there.
 */
export class Overlap {
  #builds: Build[] = [];

  /** A checkpoint is begun on one that is not on L1. What goes on after a restart goes on from its first start. */
  begin(build: Build): void {
    const others = this.#builds.filter(({ slot }) => slot !== build.slot);
    const first = this.#builds.find(({ slot, parentSlot }) => slot === build.slot && parentSlot === build.parentSlot);
    this.#builds = [...others, first ?? build].slice(-MAX_BUILDS);
  }

  /** A checkpoint was seen on L1: the seconds recovered by those who had begun on it. */
  landed(parentSlot: number, nowMs: number): number[] {
    const done = this.#builds.filter((build) => build.parentSlot === parentSlot);
    this.#builds = this.#builds.filter((build) => !done.includes(build));
    return done.map(({ startMs, endMs }) => Math.max(0, Math.min(nowMs, endMs) - startMs) / 1000);
  }

  /** A checkpoint was discarded: what was begun on it, or was itself, recovered nothing. */
  discarded(slot: number): void {
    this.#builds = this.#builds.filter((build) => build.slot !== slot && build.parentSlot !== slot);
  }
}
