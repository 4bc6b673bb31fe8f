import { readdirSync, readFileSync } from "node:fs";

/** Processes, by pid and command line, that were started with this variable in their environment, by whoever. */
export function processesWith(name: string, value: string): string[] {
  return readdirSync("/proc")
    .filter((entry) => /^\d+$/.test(entry))
    .filter((pid) => read(pid, "environ").includes(`${name}=${value}`))
    .map((pid) => `${pid} ${read(pid, "cmdline").join(" ")}`);
}

/** What /proc says of a process; nothing once it is gone. */
function read(pid: string, what: "environ" | "cmdline"): string[] {
  try {
    return readFileSync(`/proc/${pid}/${what}`, "utf8").split("\0");
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOENT" || code === "ESRCH" || code === "EACCES") return [];
    throw error;
  }
}
