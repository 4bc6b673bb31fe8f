import { z } from "zod";
import { reasonOf, textOf } from "../../http/answer.ts";
import type { Clock } from "../../time/interface.ts";
import { EngineError } from "../interface.ts";
import { bearerToken } from "./jwt.ts";

export interface ClientRpcOptions {
  url: string;
  /** Signs each request; without it none is signed. */
  secret?: Uint8Array;
  /** A request without an answer for this long counts as failed. */
  timeoutMs: number;
}

/** Some hundred thousand logs, or the largest block many times over; a longer answer counts as none. */
const MAX_ANSWER_BYTES = 256 << 20;
/** How often a request is made at most. */
export const MAX_ATTEMPTS = 3;
/** Wait before the second attempt; each later wait is twice the one before. */
const FIRST_RETRY_MS = 50;

const METHOD_NOT_FOUND = -32601;

/** What refusals of the Engine API mean to the caller of the port. What is not in here is the client's own trouble. */
const ENGINE_REFUSALS: ReadonlyMap<number, EngineError["code"]> = new Map([
  [-38001, "unknown-payload"],
  [-32001, "unknown-payload"], // of the specification's drafts, and still sent
  [-38002, "bad-request"],
  [-38003, "bad-request"],
  [-38004, "bad-request"],
  [-38005, "unsupported"],
  [-32600, "bad-request"],
  [-32602, "bad-request"],
]);

/** The client understood the request and refused it. */
export class ClientRefusal extends EngineError {
  /** JSON-RPC's code. */
  readonly rpcCode: number;
  readonly data: unknown;
  constructor(method: string, { code, message, data }: { code: number; message: string; data?: unknown }) {
    super(meaningOf(method, code), `${method}: ${message} (${code})`);
    this.rpcCode = code;
    this.data = data;
  }
}

/** The time was up: the client may still do what it was asked, at any later moment. */
class Unanswered extends EngineError {
  constructor(method: string, timeoutMs: number) {
    super("unavailable", `${method}: no answer within ${timeoutMs} ms`);
  }
}

function meaningOf(method: string, code: number): EngineError["code"] {
  if (code === METHOD_NOT_FOUND) return "unsupported";
  return (method.startsWith("engine_") && ENGINE_REFUSALS.get(code)) || "unavailable";
}

const answerSchema = z.union([
  z.object({ error: z.object({ code: z.number(), message: z.string(), data: z.unknown().optional() }) }),
  z.object({ result: z.unknown() }),
]);

/** JSON-RPC over HTTP to an execution client, one request at a time per call, with a token of its own for each. */
export class ClientRpc {
  readonly #options: ClientRpcOptions;
  readonly #clock: Clock;
  readonly #closing = new AbortController();
  #id = 0;

  constructor(options: ClientRpcOptions, clock: Clock) {
    this.#options = options;
    this.#clock = clock;
  }

  /**
   * The client's answer. Rejects with ClientRefusal if the answer is an error, with EngineError "unauthorized" if the
   * client does not take the token, "unavailable" if there was no usable answer in `MAX_ATTEMPTS`, "closed".
   * @param isOrdered What it does depends on its place among other requests: not made again while the first may still
   * be carried out.
   */
  async call(method: string, params: unknown[], isOrdered = false): Promise<unknown> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await this.#attempt(method, params);
      } catch (error) {
        if (this.#closing.signal.aborted) throw new EngineError("closed", "the engine is closed");
        const isAnswered = error instanceof ClientRefusal || (error as EngineError).code !== "unavailable";
        const isLate = isOrdered && error instanceof Unanswered;
        if (isAnswered || isLate || attempt === MAX_ATTEMPTS) throw error;
        await this.#pause(FIRST_RETRY_MS * 2 ** (attempt - 1));
      }
    }
  }

  /** Ends what is under way; it rejects with EngineError "closed". */
  close(): void {
    this.#closing.abort();
  }

  async #attempt(method: string, params: unknown[]): Promise<unknown> {
    const { url, secret, timeoutMs } = this.#options;
    const stop = new AbortController();
    const cancel = this.#clock.at(this.#clock.nowMs() + timeoutMs, () => stop.abort(new Unanswered(method, timeoutMs)));
    const token = secret && bearerToken(secret, this.#clock.nowMs());
    try {
      const response = await fetch(url, {
        method: "POST",
        headers: { "content-type": "application/json", ...(token && { authorization: `Bearer ${token}` }) },
        body: JSON.stringify({ jsonrpc: "2.0", id: ++this.#id, method, params }),
        signal: AbortSignal.any([stop.signal, this.#closing.signal]),
      });
      const text = await textOf(response, MAX_ANSWER_BYTES);
      if (response.status === 401 || response.status === 403) {
        const why = `${url} does not take the token (${response.status} ${text.slice(0, 200).trim()})`;
        throw new EngineError("unauthorized", `${why}: expected both sides to have one secret and clocks within 60 s`);
      }
      return readAnswer(method, text, response.status);
    } catch (error) {
      if (error instanceof EngineError) throw error;
      throw new EngineError("unavailable", `${method}: expected an answer from ${url}, got: ${reasonOf(error)}`);
    } finally {
      cancel();
    }
  }

  async #pause(ms: number): Promise<void> {
    await this.#clock.sleepUntil(this.#clock.nowMs() + ms, this.#closing.signal).catch(() => {
      throw new EngineError("closed", "the engine is closed");
    });
  }
}

/** Some clients give errors a status of their own, so the body counts first. */
function readAnswer(method: string, text: string, status: number): unknown {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    throw new EngineError("unavailable", `${method}: expected JSON, got status ${status} and "${text.slice(0, 80)}"`);
  }
  const answer = answerSchema.safeParse(json);
  if (!answer.success) {
    throw new EngineError(
      "unavailable",
      `${method}: expected a JSON-RPC answer, got status ${status} and "${text.slice(0, 80)}"`,
    );
  }
  if ("error" in answer.data) throw new ClientRefusal(method, answer.data.error);
  return answer.data.result;
}
