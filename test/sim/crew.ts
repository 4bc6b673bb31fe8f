import { type ChildProcess, fork } from "node:child_process";
import { fileURLToPath } from "node:url";
import type { RunOptions } from "./run.ts";
import type { SeedResult } from "./worker.ts";

const WORKER = fileURLToPath(new URL("./worker.ts", import.meta.url));

/** Seeds of one process: each leaves an L1 and its databases to be collected, and starting anew costs two seconds. */
const SEEDS_PER_PROCESS = 12;

/**
 * Runs seeds in several processes at once, whichever is free taking the next, and hands on the results in the order of
 * the seeds. Rejects if a process ends before its seed did.
 */
export async function runInProcesses(
  runs: readonly RunOptions[],
  processes: number,
  onResult: (result: SeedResult) => void,
  onProgress: (done: number) => void,
): Promise<void> {
  const waiting = runs.entries();
  const results = new Map<number, SeedResult>();
  let handedOn = 0;
  let done = 0;
  const take = (at: number, result: SeedResult): void => {
    results.set(at, result);
    onProgress(++done);
    for (let next = results.get(handedOn); next !== undefined; next = results.get(++handedOn)) {
      results.delete(handedOn);
      onResult(next);
    }
  };
  const work = async (): Promise<void> => {
    let worker: ChildProcess | undefined;
    let ran = 0;
    try {
      for (const [at, run] of waiting) {
        if (worker === undefined || ran % SEEDS_PER_PROCESS === 0) {
          worker?.disconnect();
          worker = fork(WORKER, []);
        }
        ran++;
        take(at, await ask(worker, run));
      }
    } finally {
      if (worker?.connected) worker.disconnect();
    }
  };
  await Promise.all(Array.from({ length: processes }, work));
}

function ask(worker: ChildProcess, run: RunOptions): Promise<SeedResult> {
  return new Promise((resolve, reject) => {
    const onExit = (code: number | null, signal: string | null): void =>
      reject(new Error(`the process of seed ${run.seed} ended with ${code ?? signal}`));
    worker.once("exit", onExit);
    worker.once("message", (result: SeedResult) => {
      worker.off("exit", onExit);
      resolve(result);
    });
    worker.send(run);
  });
}
