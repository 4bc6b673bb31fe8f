import type { IndependentSubmitter, SubmitterReport } from "./submitter.ts";

/** When to step, and when to end. */
export interface RunOptions {
  /** Resolves when it is time for the next step, the first one included, with the time then, Unix seconds. */
  nextStep: () => Promise<number>;
  /** Ends the run at the next moment nothing is being done, also while `nextStep` waits. */
  signal?: AbortSignal;
  /** Told every report. */
  onReport?: (report: SubmitterReport) => void;
  /** End after the first step that leaves nothing to send and nothing undecided. */
  once?: boolean;
}

/**
 * Steps a submitter until it is told to end. What is live then stays live, and is known after a restart.
 * @throws whatever `step` and `nextStep` throw, unless the signal has aborted.
 */
export async function runSubmitter(
  submitter: IndependentSubmitter,
  { nextStep, signal, onReport, once = false }: RunOptions,
): Promise<void> {
  const aborted = new Promise<undefined>((resolve) => {
    if (signal?.aborted) resolve(undefined);
    signal?.addEventListener("abort", () => resolve(undefined), { once: true });
  });
  for (;;) {
    const due = nextStep().catch((error: unknown) => {
      if (signal?.aborted) return undefined;
      throw error;
    });
    const nowSec = await Promise.race([due, aborted]);
    if (nowSec === undefined || signal?.aborted) return;
    const report = await submitter.step(nowSec);
    onReport?.(report);
    if (once && report.outcome?.status === "stopped" && !submitter.isBusy) return;
  }
}
