import type { Provider } from "ethers";
import type { SubmissionManager } from "./manager.ts";
import type { StepOutcome } from "./outcome.ts";
import type { SubmitRequest } from "./types.ts";

/** When to step, and when to end. */
export interface WaitOptions {
  /** Resolves when it is time for the next step, the first one included, with the time then, Unix seconds. */
  nextStep: () => Promise<number>;
  /** Ends the wait before the next step; what is live stays live. */
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
  { nextStep, signal, onOutcome }: WaitOptions,
): Promise<Extract<StepOutcome, { status: "stopped" }>> {
  for (;;) {
    const nowSec = await nextStep();
    signal?.throwIfAborted();
    const outcome = await manager.step(nowSec, request);
    onOutcome?.(outcome);
    if (outcome.status === "stopped") return outcome;
  }
}

/**
 * A `nextStep` for programs that have no clock: the latest block's time at once, and from then on each newer block's.
 * The provider does the waiting.
 */
export function eachL1Block(provider: Provider): () => Promise<number> {
  let last = -1;
  return async () => {
    for (;;) {
      const block = await provider.getBlock(await newerThan(provider, last));
      if (block === null) continue;
      last = block.number;
      return block.timestamp;
    }
  };
}

/**
 * The number of the newest block, as soon as it exceeds `last`. It listens before it looks: a provider announces what
 * comes after its own first look, and would never announce a block that came between ours and that one.
 */
async function newerThan(provider: Provider, last: number): Promise<number> {
  let announce: (number: number) => void = () => {};
  const announced = new Promise<number>((resolve) => {
    announce = resolve;
  });
  await provider.on("block", announce);
  try {
    const newest = await provider.getBlockNumber();
    return newest > last ? newest : await announced;
  } finally {
    await provider.off("block", announce);
  }
}
