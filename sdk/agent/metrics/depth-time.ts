/** How long the chain stood at each speculative depth. */
export class DepthTime {
  #depth: number;
  #sinceMs: number;

  constructor(depth: number, nowMs: number) {
    this.#depth = depth;
    this.#sinceMs = nowMs;
  }

  /** What has passed since the last look, at the depth there was then. */
  look(depth: number, nowMs: number): { depth: number; seconds: number } {
    const passed = { depth: this.#depth, seconds: Math.max(0, nowMs - this.#sinceMs) / 1000 };
    this.#depth = depth;
    this.#sinceMs = nowMs;
    return passed;
  }
}
