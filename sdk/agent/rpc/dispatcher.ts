import { z } from "zod";
import { invalidParams, RPC_CODES, RpcError, toRpcError } from "./errors.ts";
import type { RpcContext, RpcMethod } from "./method.ts";
import type { Subscriber } from "./subscriptions.ts";

type Id = string | number | null;

const id = z.union([z.string(), z.number(), z.null()]);
const request = z.object({
  jsonrpc: z.literal("2.0"),
  method: z.string(),
  params: z.union([z.array(z.unknown()), z.record(z.string(), z.unknown()), z.null()]).optional(),
  id: id.optional(),
});

/** Answers JSON-RPC texts. It never throws: whatever comes in, an answer goes out, or nothing for notifications. */
export class Dispatcher {
  readonly #context: RpcContext;
  readonly #methods: ReadonlyMap<string, RpcMethod>;

  constructor(context: RpcContext, methods: ReadonlyMap<string, RpcMethod>) {
    this.#context = context;
    this.#methods = methods;
  }

  /** The answer to one request or batch, as JSON; undefined if nothing in it asked for one. */
  async answer(text: string, subscriber?: Subscriber): Promise<string | undefined> {
    let message: unknown;
    try {
      message = JSON.parse(text);
    } catch {
      return errorText(null, new RpcError(RPC_CODES.parse, "parse error: the body is not JSON"));
    }
    return Array.isArray(message) ? this.#answerBatch(message, subscriber) : this.#answerOne(message, subscriber);
  }

  async #answerBatch(batch: unknown[], subscriber: Subscriber | undefined): Promise<string | undefined> {
    const { maxBatch, maxBatchResponseBytes } = this.#context.options;
    if (batch.length === 0 || batch.length > maxBatch) {
      const expected = `expected a batch of 1 to ${maxBatch} requests, got ${batch.length}`;
      return errorText(null, new RpcError(RPC_CODES.invalidRequest, `invalid request: ${expected}`));
    }
    const answers: string[] = [];
    let size = 0;
    // One after the other: a batch costs the node no more at one time than a single request does.
    for (const one of batch) {
      const answer = size > maxBatchResponseBytes ? tooLarge(one) : await this.#answerOne(one, subscriber);
      if (answer === undefined) continue;
      size += answer.length;
      answers.push(answer);
    }
    return answers.length === 0 ? undefined : `[${answers.join(",")}]`;
  }

  async #answerOne(message: unknown, subscriber: Subscriber | undefined): Promise<string | undefined> {
    const parsed = request.safeParse(message);
    if (!parsed.success) {
      const expected = 'expected {"jsonrpc":"2.0","method":string,"params":array,"id":string|number}';
      return errorText(idOf(message), new RpcError(RPC_CODES.invalidRequest, `invalid request: ${expected}`));
    }
    const { method: name, params, id: requestId } = parsed.data;
    try {
      const result = await this.#call(name, params ?? [], subscriber);
      if (requestId === undefined) return undefined;
      return JSON.stringify({ jsonrpc: "2.0", id: requestId, result: result ?? null });
    } catch (error) {
      if (requestId === undefined) return undefined;
      return errorText(requestId, this.#explain(name, error));
    }
  }

  async #call(name: string, params: unknown, subscriber: Subscriber | undefined): Promise<unknown> {
    const method = this.#methods.get(name);
    if (method === undefined) throw new RpcError(RPC_CODES.unknownMethod, `the method ${shorten(name)} does not exist`);
    if (method.needsSubscriber && subscriber === undefined) {
      throw new RpcError(RPC_CODES.unknownMethod, `${name} works over WebSocket only: connect to this port with ws://`);
    }
    if (!Array.isArray(params)) throw new RpcError(RPC_CODES.invalidParams, "invalid params: expected an array");
    const parsed = method.params.safeParse(params);
    if (!parsed.success) throw invalidParams(parsed.error);
    return method.handle(this.#context, parsed.data, subscriber);
  }

  #explain(name: string, error: unknown): RpcError {
    const known = toRpcError(error);
    if (known !== undefined) return known;
    this.#context.log.error(
      { method: name, error: String((error as Error)?.stack ?? error) },
      "JSON-RPC method failed",
    );
    return new RpcError(RPC_CODES.internal, "internal error; the node's log has the details");
  }
}

/** A JSON-RPC error response. */
export function errorText(requestId: Id, { code, message, data }: RpcError): string {
  const error = data === undefined ? { code, message } : { code, message, data };
  return JSON.stringify({ jsonrpc: "2.0", id: requestId, error });
}

function tooLarge(message: unknown): string {
  return errorText(
    idOf(message),
    new RpcError(RPC_CODES.responseTooLarge, "batch response too large: send fewer requests"),
  );
}

/** The id of something that may be no request at all. */
function idOf(message: unknown): Id {
  const given = typeof message === "object" && message !== null ? (message as { id?: unknown }).id : undefined;
  const parsed = id.safeParse(given);
  return parsed.success ? parsed.data : null;
}

/** An unknown method's name may be as long as the body. */
const shorten = (name: string): string => (name.length > 64 ? `${name.slice(0, 64)}...` : name);
