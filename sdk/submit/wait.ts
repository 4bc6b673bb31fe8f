import type { SubmissionManager } from "./manager.ts";
import type { StepOutcome } from "./outcome.ts";
import type { SubmitRequest } from "./types.ts";

export interface WaitOptions {
  /** Resolves when it is time for the next step (a new L1 block, at the latest) with the time then, Unix seconds. */
  nextStep: () => Promise<number>;
  /** Ends the wait after the running step; what is live stays live. */
  signal?: AbortSignal;
  /** Told every outcome, for logs. */
  onOutcome?: (outcome: StepOutcome) => void;
}

/**
 * Steps a request until it stops: landed under enough blocks, or never to land.
 * @throws the signal's reason, and whatever `step` and `nextStep` throw.
 */
export async function waitForLanding(
  manager: SubmissionManager,
  request: SubmitRequest,
  nowSec: number,
  options: WaitOptions,
): Promise<Extract<StepOutcome, { status: "stopped" }>> {
  for (let time = nowSec; ; time = await options.nextStep()) {
    options.signal?.throwIfAborted();
    const outcome = await manager.step(time, request);
    options.onOutcome?.(outcome);
    if (outcome.status === "stopped") return outcome;
  }
}
