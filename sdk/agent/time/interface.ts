/** The one source of time. Nothing else in the agent reads a clock or sets a timer. */
export interface Clock {
  /** Milliseconds since the Unix epoch. */
  nowMs(): number;
  /** Runs `task` once at `timeMs` (at once if that has passed); the returned function cancels it. */
  at(timeMs: number, task: () => void): () => void;
  /** Resolves at `timeMs`; rejects with the signal's reason if that aborts first. */
  sleepUntil(timeMs: number, signal?: AbortSignal): Promise<void>;
}
