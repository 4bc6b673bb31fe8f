import type { Clock } from "./interface.ts";
import { sleepUntil } from "./sleep.ts";

/** Node timers fire at once for delays above 2^31 - 1 ms; longer waits are taken in steps of this length. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** The machine's clock. */
export class SystemClock implements Clock {
  nowMs(): number {
    return Date.now();
  }

  at(timeMs: number, task: () => void): () => void {
    let timer: NodeJS.Timeout;
    const arm = (): void => {
      const left = timeMs - Date.now();
      timer = left > LONGEST_TIMER_MS ? setTimeout(arm, LONGEST_TIMER_MS) : setTimeout(task, Math.max(0, left));
    };
    arm();
    return () => clearTimeout(timer);
  }

  sleepUntil(timeMs: number, signal?: AbortSignal): Promise<void> {
    return sleepUntil(this, timeMs, signal);
  }
}
