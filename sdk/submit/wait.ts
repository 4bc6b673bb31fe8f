import type { Provider } from "ethers";
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
export async function waitForLanding<Request extends SubmitRequest>(
  manager: SubmissionManager<Request>,
  request: Request,
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

/** Resolves at the provider's next block, with that block's time: a `nextStep` for programs that have no clock. */
export async function nextL1Block(provider: Provider): Promise<number> {
  const number = await new Promise<number>((resolve) => void provider.once("block", resolve));
  const block = await provider.getBlock(number);
  if (block === null) throw new Error(`the L1 node announced block ${number} and does not have it`);
  return block.timestamp;
}
