import { createHash } from "node:crypto";

/** Lines of the newest history kept for a timeline. */
const KEPT_LINES = 4_000;

interface Line {
  timeMs: number;
  who: string;
  what: string;
}

/** What happened, in order. Its hash stands for the whole run: two runs are the same if their hashes are. */
export class Trace {
  readonly #hash = createHash("sha256");
  readonly #lines: Line[] = [];
  readonly #describeTime: (timeMs: number) => string;
  #count = 0;

  constructor(describeTime: (timeMs: number) => string) {
    this.#describeTime = describeTime;
  }

  /** Steps of the logical history so far. */
  get count(): number {
    return this.#count;
  }

  get hash(): string {
    return this.#hash.copy().digest("hex");
  }

  /** A step of the logical history. */
  add(timeMs: number, who: string, what: string): void {
    this.#hash.update(`${timeMs} ${who} ${what}\n`);
    this.#count++;
    this.note(timeMs, who, what);
  }

  /** Something for the reader of a timeline only, such as a log line. */
  note(timeMs: number, who: string, what: string): void {
    this.#lines.push({ timeMs, who, what });
    if (this.#lines.length > KEPT_LINES) this.#lines.shift();
  }

  /** The last `count` lines, readable. */
  timeline(count: number): string[] {
    return this.#lines
      .slice(-count)
      .map(({ timeMs, who, what }) => `${this.#describeTime(timeMs)}  ${who.padEnd(8)} ${what}`);
  }
}
