import type { Logger } from "../types/logger.ts";

/** Things to end, last started first. */
export class Teardown {
  readonly #steps: (() => unknown)[] = [];

  add<T>(part: T, end: (part: T) => unknown): T {
    this.#steps.push(() => end(part));
    return part;
  }

  async run(log: Logger): Promise<void> {
    for (const step of this.#steps.splice(0).reverse()) {
      try {
        await step();
      } catch (error) {
        log.error({ error: String(error) }, "stopping a part failed");
      }
    }
  }
}
