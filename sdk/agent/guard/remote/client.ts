import type { z } from "zod";
import { reasonOf, textOf } from "../../http/answer.ts";
import type { Clock } from "../../time/interface.ts";
import { SignerError } from "../interface.ts";
import {
  KEYS_PATH,
  keysSchema,
  refusalSchema,
  SIGN_PATH,
  type SignerKeys,
  type SignRequest,
  signatureSchema,
} from "./protocol.ts";

export interface SignerClientOptions {
  url: string;
  /** Goes into a header of each request and nowhere else. */
  token: string;
  /** A request without an answer for this long counts as failed. */
  timeoutMs: number;
}

/** The keys of thousands of validators; a longer answer is not read to its end. */
export const MAX_ANSWER_BYTES = 1 << 20;

/** Asks a remote signer over HTTP. Every request ends within its time; none is made twice. */
export class SignerClient {
  readonly #options: SignerClientOptions;
  readonly #clock: Clock;

  constructor(options: SignerClientOptions, clock: Clock) {
    this.#options = options;
    this.#clock = clock;
  }

  /** What it signs for and with. Rejects with SignerError. */
  keys(): Promise<SignerKeys> {
    return this.#ask("GET", KEYS_PATH, undefined, keysSchema);
  }

  /** Rejects with SignerError. The signature is not verified here. */
  async sign(request: SignRequest): Promise<`0x${string}`> {
    return (await this.#ask("POST", SIGN_PATH, request, signatureSchema)).signature;
  }

  async #ask<T extends z.ZodType>(
    method: "GET" | "POST",
    path: string,
    body: SignRequest | undefined,
    schema: T,
  ): Promise<z.output<T>> {
    const { url, token, timeoutMs } = this.#options;
    const where = new URL(`.${path}`, url.endsWith("/") ? url : `${url}/`);
    const late = new SignerError("unavailable", `${where}: no answer within ${timeoutMs} ms`);
    const stop = new AbortController();
    const cancel = this.#clock.at(this.#clock.nowMs() + timeoutMs, () => stop.abort(late));
    try {
      const response = await fetch(where, {
        method,
        headers: { authorization: `Bearer ${token}`, ...(body && { "content-type": "application/json" }) },
        ...(body && { body: JSON.stringify(body) }),
        redirect: "error",
        signal: stop.signal,
      });
      return readAnswer(where, response.status, await textOf(response, MAX_ANSWER_BYTES), schema);
    } catch (error) {
      if (error instanceof SignerError) throw error;
      throw new SignerError("unavailable", `${where}: expected an answer, got: ${reasonOf(error)}`);
    } finally {
      cancel();
    }
  }
}

function readAnswer<T extends z.ZodType>(where: URL, status: number, text: string, schema: T): z.output<T> {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    throw new SignerError("unavailable", `${where}: expected JSON, got status ${status} and ${text.length} characters`);
  }
  const refusal = refusalSchema.safeParse(json);
  if (refusal.success) {
    const { code, message } = refusal.data.error;
    throw new SignerError(code, `${where}: ${message}`);
  }
  const answer = schema.safeParse(json);
  if (status === 200 && answer.success) return answer.data;
  throw new SignerError("unavailable", `${where}: expected a remote signer's answer, got status ${status}`);
}
