/** The node answered, and what it answered is an error. */
export class RpcError extends Error {
  readonly code: number;
  constructor(method: string, code: number, message: string) {
    super(`${method}: ${message} (${code})`);
    this.name = "RpcError";
    this.code = code;
  }
}

/** Unless the caller says otherwise, a slower answer counts as none. */
const TIMEOUT_MS = 3_000;

interface Answer {
  result?: unknown;
  error?: { code: number; message: string };
}

/**
 * One JSON-RPC 2.0 call over HTTP; the caller states the result's shape.
 * @throws RpcError for an error answer; a TypeError or DOMException if there is no answer.
 */
export async function rpc<Result>(
  url: string,
  method: string,
  params: unknown[],
  timeoutMs: number = TIMEOUT_MS,
): Promise<Result> {
  const response = await fetch(url, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ jsonrpc: "2.0", id: 1, method, params }),
    signal: AbortSignal.timeout(timeoutMs),
  });
  const answer = (await response.json()) as Answer;
  if (answer.error !== undefined) throw new RpcError(method, answer.error.code, answer.error.message);
  return answer.result as Result;
}

/** The first answer that is not a failure, asking the nodes in turn from `first` on; rejects with the last failure. */
export async function rpcAny<Result>(
  urls: string[],
  first: number,
  method: string,
  params: unknown[],
): Promise<Result> {
  let failure: unknown = new Error(`${method}: no node to ask`);
  for (let turn = 0; turn < urls.length; turn++) {
    try {
      return await rpc<Result>(urls[(first + turn) % urls.length] as string, method, params);
    } catch (error) {
      failure = error;
    }
  }
  throw failure;
}
