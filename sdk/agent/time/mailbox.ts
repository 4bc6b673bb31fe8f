/** Runs asynchronous tasks one after another, in the order they came; refuses work beyond its bound. */
export class Mailbox {
  readonly #bound: number;
  readonly #onError: (error: unknown) => void;
  #tail: Promise<void> = Promise.resolve();
  #waiting = 0;
  #dropped = 0;
  #closed = false;

  constructor(bound: number, onError: (error: unknown) => void) {
    this.#bound = bound;
    this.#onError = onError;
  }

  get waiting(): number {
    return this.#waiting;
  }

  /** Tasks refused because the bound was reached. */
  get dropped(): number {
    return this.#dropped;
  }

  /** Queues a task; false if it was refused. A task that throws is reported and does not stop the ones behind it. */
  post(task: () => Promise<void>): boolean {
    if (this.#closed || this.#waiting >= this.#bound) {
      this.#dropped++;
      return false;
    }
    this.#waiting++;
    this.#tail = this.#tail
      .then(task)
      .catch(this.#onError)
      .finally(() => {
        this.#waiting--;
      });
    return true;
  }

  /** Takes no more tasks and resolves when those taken have run. */
  async close(): Promise<void> {
    this.#closed = true;
    await this.#tail;
  }
}
