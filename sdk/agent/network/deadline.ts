import type { Clock } from "../time/interface.ts";

/** A signal that aborts after `timeoutMs`; `cancel` takes the timer away. */
export interface Deadline {
  signal: AbortSignal;
  cancel: () => void;
}

export function deadline(clock: Clock, timeoutMs: number, what: string): Deadline {
  const controller = new AbortController();
  const cancel = clock.at(clock.nowMs() + timeoutMs, () =>
    controller.abort(new Error(`${what}: not done within ${Math.round(timeoutMs)} ms`)),
  );
  return { signal: controller.signal, cancel };
}
