import { readFileSync } from "node:fs";

/** Which process holds a file of ours open for writing. */
export interface Owner {
  pid: number;
  /** What distinguishes this process from a later one that was given the same pid. */
  started: string;
}

/** This process, as others see it. */
export function thisProcess(): Owner {
  return { pid: process.pid, started: startOf(process.pid) };
}

/** Whether `owner` still runs. A process that died without cleaning up, by kill -9 or power loss, does not. */
export function isRunning(owner: Owner): boolean {
  try {
    process.kill(owner.pid, 0);
  } catch (error) {
    // EPERM: it exists and belongs to another user.
    if ((error as NodeJS.ErrnoException).code !== "EPERM") return false;
  }
  return startOf(owner.pid) === owner.started;
}

/**
 * Boot id and start time in clock ticks since boot, on Linux: a pid is given out again, most of all in a container,
 * this pair is not. Elsewhere "", and the pid alone decides.
 */
function startOf(pid: number): string {
  try {
    const boot = readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim();
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    // The command name, in parentheses, may hold spaces; the start time is the 20th field after it.
    return `${boot}/${stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19]}`;
  } catch {
    return "";
  }
}
