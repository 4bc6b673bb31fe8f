import { type ChildProcess, fork } from "node:child_process";
import type { Deployment } from "../../sdk/agent/config/interface.ts";
import type { Hex } from "../../sdk/types/hex.ts";

export interface Question {
  id: number;
  /** Of JSON-RPC; or `mine` with a timestamp, or `transfers` with a count. */
  method: string;
  params: unknown[];
}

export interface Answer {
  id: number;
  result?: unknown;
  error?: { code?: unknown; message: string; data?: unknown };
}

/** What is told before anything is asked. */
export interface Greeting {
  deployment: Deployment;
  /** Accounts of the users. */
  addresses: Hex[];
}

type Settle = (answer: Answer) => void;

/** The L1 and the users of `outside-process.ts`: what they take is not taken for the agent's. */
export class Outside {
  readonly deployment: Deployment;
  readonly addresses: readonly Hex[];
  readonly #child: ChildProcess;
  readonly #waiting: Map<number, Settle>;
  #id = 0;

  private constructor(child: ChildProcess, waiting: Map<number, Settle>, { deployment, addresses }: Greeting) {
    this.#child = child;
    this.#waiting = waiting;
    this.deployment = deployment;
    this.addresses = addresses;
  }

  /** Rejects if the process ends before it greets. */
  static start(): Promise<Outside> {
    const child = fork(new URL("./outside-process.ts", import.meta.url), { execArgv: [] });
    const waiting = new Map<number, Settle>();
    return new Promise((resolve, reject) => {
      child.once("exit", (code) => reject(new Error(`L1 and users ended with exit code ${code}`)));
      waiting.set(0, ({ result }) => resolve(new Outside(child, waiting, result as Greeting)));
      child.on("message", (answer: Answer) => {
        waiting.get(answer.id)?.(answer);
        waiting.delete(answer.id);
      });
    });
  }

  /** Rejects with what the L1 node answers. */
  request(method: string, params: unknown[]): Promise<unknown> {
    const id = ++this.#id;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, ({ result, error }) => {
        if (error === undefined) resolve(result);
        else reject(Object.assign(new Error(error.message), error));
      });
      this.#child.send({ id, method, params } satisfies Question);
    });
  }

  /** Makes the block of an L1 slot, Unix seconds. */
  async mineAt(timestampSec: number): Promise<void> {
    await this.request("mine", [timestampSec]);
  }

  /** The users' next transactions. */
  async transfers(count: number): Promise<Hex[]> {
    return (await this.request("transfers", [count])) as Hex[];
  }

  end(): void {
    this.#child.disconnect();
  }
}
