import { readFileSync, truncateSync } from "node:fs";
import type { Journal } from "../../../sdk/submit/journal/interface.ts";
import type { Chance } from "../chance.ts";
import type { CrashPoint } from "./plan.ts";

/** What becomes of the write at which the power is cut. */
export type CutWrite = Exclude<CrashPoint, "anywhere">;

/** How an agent ends: now, or as soon as time goes on, for what cannot wait. */
export interface Ends {
  crash: () => Promise<void>;
  cutOff: () => void;
}

/** Cuts an agent's power at a write, and leaves on its disk what a disk may have of that write. */
export class PowerSwitch {
  readonly #ends: Ends;
  #at: CutWrite | undefined;
  /** The journal whose last line is not whole on disk. */
  #torn: string | undefined;

  constructor(ends: Ends) {
    this.#ends = ends;
  }

  /** Ends the agent when it writes something next; undefined: no more. */
  cutAtNextWrite(at: CutWrite | undefined): void {
    this.#at = at;
  }

  /** A write that is one transaction: it is there or not; that it is, the agent may never learn. */
  async around<T>(write: () => Promise<T>): Promise<T> {
    const at = this.#at;
    if (at === undefined) return write();
    const written = at === "written" ? await write() : undefined;
    await this.#ends.crash();
    if (at !== "written") throw new Error("the power was cut");
    return written as T;
  }

  /** A journal, which stands at `path`, at whose lines the power may be cut. */
  journal(path: string, journal: Journal): Journal {
    return {
      get state() {
        return journal.state;
      },
      append: (entry) => {
        const at = this.#at;
        if (at !== "lost") journal.append(entry);
        if (at === undefined) return;
        this.#at = undefined;
        if (at === "torn") this.#torn = path;
        this.#ends.cutOff();
      },
      close: () => journal.close(),
    };
  }

  /** The files are closed: takes away the end of a journal's last line, if the disk has only a part of it. */
  leave(chance: Chance): void {
    this.#at = undefined;
    const path = this.#torn;
    if (path === undefined) return;
    this.#torn = undefined;
    const text = readFileSync(path, "utf8");
    const lastLine = text.length - text.trimEnd().lastIndexOf("\n") - 1;
    truncateSync(path, Buffer.byteLength(text) - chance.whole(1, lastLine - 1));
  }
}
