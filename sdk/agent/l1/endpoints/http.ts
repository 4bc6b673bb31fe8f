import { z } from "zod";
import { reasonOf, textOf } from "../../http/answer.ts";
import { type L1Transport, L1TransportError, type RpcAnswer } from "./interface.ts";

/** An answer that is longer is cut off and counts as none: what the agent asks for has a few kilobytes a block. */
const MAX_ANSWER_BYTES = 64 << 20;

const answerSchema = z.union([
  z.object({ error: z.object({ code: z.number(), message: z.string(), data: z.unknown().optional() }) }),
  z.object({ result: z.unknown() }).refine((answer) => "result" in answer),
]);

/** JSON-RPC over HTTP, a request a call. Credentials in the URL go into the header where they belong. */
export function httpTransport(url: string, name: string): L1Transport {
  const { href, authorization } = splitCredentials(url);
  let id = 0;
  return {
    name,
    async send(method, params, signal) {
      let status: number;
      let text: string;
      try {
        const response = await fetch(href, {
          method: "POST",
          headers: { "content-type": "application/json", ...(authorization && { authorization }) },
          body: JSON.stringify({ jsonrpc: "2.0", id: ++id, method, params }),
          signal,
        });
        status = response.status;
        if (status === 429) {
          await response.body?.cancel();
          throw new L1TransportError("rate-limited", "too many requests (429)", retryAfterMs(response.headers));
        }
        text = await textOf(response, MAX_ANSWER_BYTES);
      } catch (error) {
        if (error instanceof L1TransportError) throw error;
        throw new L1TransportError("unreachable", reasonOf(error));
      }
      return readAnswer(text, status);
    },
  };
}

/** Origins, which hold no secret; what occurs twice is numbered. */
export function namesOf(urls: readonly string[]): string[] {
  const origins = urls.map((url) => new URL(url).origin);
  return origins.map((origin, at) => {
    const earlier = origins.slice(0, at).filter((other) => other === origin).length;
    return earlier === 0 ? origin : `${origin} (${earlier + 1})`;
  });
}

function splitCredentials(url: string): { href: string; authorization: string | undefined } {
  const parsed = new URL(url);
  const { username, password } = parsed;
  parsed.username = "";
  parsed.password = "";
  const pair = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  const authorization = pair === ":" ? undefined : `Basic ${Buffer.from(pair).toString("base64")}`;
  return { href: parsed.href, authorization };
}

/** Some nodes give errors a status of their own, so the body counts first. */
function readAnswer(text: string, status: number): RpcAnswer {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    throw new L1TransportError("unreachable", `expected JSON, got status ${status} and "${text.slice(0, 80)}"`);
  }
  const answer = answerSchema.safeParse(json);
  if (answer.success) return answer.data;
  throw new L1TransportError(
    "unreachable",
    `expected a JSON-RPC answer, got status ${status} and "${text.slice(0, 80)}"`,
  );
}

/** In seconds, as nodes send it; as a date it is passed over. */
function retryAfterMs(headers: Headers): number | undefined {
  const seconds = Number(headers.get("retry-after") ?? Number.NaN);
  return Number.isFinite(seconds) && seconds >= 0 ? seconds * 1000 : undefined;
}
