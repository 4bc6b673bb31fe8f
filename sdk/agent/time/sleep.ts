import type { Clock } from "./interface.ts";

/** `Clock.sleepUntil` on top of `Clock.at`, the same for every clock. */
export function sleepUntil(clock: Pick<Clock, "at">, timeMs: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(signal.reason);
    const onAbort = (): void => {
      cancel();
      reject(signal?.reason);
    };
    const cancel = clock.at(timeMs, () => {
      signal?.removeEventListener("abort", onAbort);
      resolve();
    });
    signal?.addEventListener("abort", onAbort, { once: true });
  });
}
