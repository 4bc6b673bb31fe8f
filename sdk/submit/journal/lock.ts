import { closeSync, openSync, readFileSync, rmSync, writeSync } from "node:fs";
import { SubmitError } from "../errors.ts";

/** Start time of a process in kernel ticks, which tells it from a later one with the same id; empty where unknown. */
function startTicks(pid: number): string {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    // Fields follow the command name, which may contain spaces; the start time is the 20th after it.
    return stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19] ?? "";
  } catch {
    return "";
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

function holderOf(path: string): { pid: number; alive: boolean } {
  const [pid = "", ticks = ""] = readFileSync(path, "utf8").split(" ");
  const id = Number(pid);
  // An empty file: its writer died between creating and filling it.
  const alive = Number.isSafeInteger(id) && id > 0 && isAlive(id) && startTicks(id) === ticks;
  return { pid: id, alive };
}

/**
 * Keeps a second writer out; what a killed process left behind does not count. Returns the release.
 * @throws SubmitError `journal-locked` when a living process, this one included, holds it.
 */
export function lockJournal(path: string): () => void {
  for (let attempt = 0; ; attempt++) {
    try {
      const file = openSync(path, "wx");
      writeSync(file, `${process.pid} ${startTicks(process.pid)}`);
      closeSync(file);
      return () => rmSync(path, { force: true });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
      const holder = holderOf(path);
      if (holder.alive || attempt > 0) {
        throw new SubmitError(
          "journal-locked",
          `${path}: expected no other writer, process ${holder.pid} has the journal open. ` +
            "Two writers would send from one account without knowing of each other: stop one.",
        );
      }
      rmSync(path, { force: true });
    }
  }
}
