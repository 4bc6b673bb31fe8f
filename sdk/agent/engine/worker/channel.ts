import type { Worker } from "node:worker_threads";
import { EngineError } from "../interface.ts";
import { type EngineApi, fromFailure, type Method, type Request, type Response } from "./protocol.ts";

/** Requests that may wait for the worker at once; beyond that the caller is told to slow down. */
export const MAX_OUTSTANDING_REQUESTS = 1_024;

interface Waiting {
  resolve(value: unknown): void;
  reject(error: Error): void;
}

/** Requests and responses of one worker, matched by number. */
export class WorkerChannel {
  readonly #worker: Worker;
  readonly #onCrash: (error: EngineError) => void;
  readonly #waiting = new Map<number, Waiting>();
  #nextId = 0;
  /** Why no further request is taken. */
  #ended: EngineError | undefined;
  #closing: Promise<void> | undefined;

  constructor(worker: Worker, onCrash: (error: EngineError) => void) {
    this.#worker = worker;
    this.#onCrash = onCrash;
    worker.on("message", (response: Response) => this.#settle(response));
    worker.on("messageerror", (error) => this.#crash(`a message could not be read: ${error.message}`));
    worker.on("error", (error: Error) => this.#crash(error.message));
    worker.on("exit", (code) => this.#crash(`thread ended with code ${code}`));
  }

  /** Rejects with EngineError "closed", "crashed", "overloaded" or whatever the engine says. */
  async call<M extends Method>(
    method: M,
    ...args: Parameters<EngineApi[M]>
  ): Promise<Awaited<ReturnType<EngineApi[M]>>> {
    if (this.#ended !== undefined) throw this.#ended;
    if (this.#waiting.size >= MAX_OUTSTANDING_REQUESTS) {
      throw new EngineError("overloaded", `${MAX_OUTSTANDING_REQUESTS} requests are waiting already, try again later`);
    }
    return (await this.#send(method, args)) as Awaited<ReturnType<EngineApi[M]>>;
  }

  /** The same promise however often it is called. */
  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  /** Ends the thread at once; open calls are rejected with EngineError "closed". For threads that have nothing to flush. */
  async terminate(): Promise<void> {
    this.#closing ??= Promise.resolve();
    this.#ended ??= new EngineError("closed", "the engine is closed");
    this.#rejectAll(this.#ended);
    await this.#worker.terminate();
  }

  async #close(): Promise<void> {
    if (this.#ended !== undefined) return;
    this.#ended = new EngineError("closed", "the engine is closed");
    await this.#send("close", []);
    await this.#worker.terminate();
  }

  #send(method: Method, args: unknown[]): Promise<unknown> {
    const id = this.#nextId++;
    return new Promise((resolve, reject) => {
      this.#worker.postMessage({ id, method, args } satisfies Request); // throws if an argument cannot be cloned
      this.#waiting.set(id, { resolve, reject });
    });
  }

  #settle(response: Response): void {
    const waiting = this.#waiting.get(response.id);
    this.#waiting.delete(response.id);
    if ("failure" in response) waiting?.reject(fromFailure(response.failure));
    else waiting?.resolve(response.value);
  }

  #crash(reason: string): void {
    const closing = this.#closing !== undefined;
    const error = new EngineError("crashed", `engine worker: ${reason}`);
    const first = this.#ended === undefined;
    this.#ended ??= error;
    this.#rejectAll(error);
    if (first && !closing) this.#onCrash(error);
  }

  #rejectAll(error: EngineError): void {
    for (const { reject } of this.#waiting.values()) reject(error);
    this.#waiting.clear();
  }
}
