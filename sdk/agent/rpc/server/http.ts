import fastify, { type FastifyError, type FastifyInstance } from "fastify";
import type { Dispatcher } from "../dispatcher.ts";
import { errorText } from "../dispatcher.ts";
import { RPC_CODES, RpcError } from "../errors.ts";
import type { RpcOptions } from "../options.ts";

/** A request must have arrived whole within this; a peer that trickles bytes holds its place no longer. */
const REQUEST_TIMEOUT_MS = 30_000;
const JSON_TYPE = "application/json";

/** True if a web page of this origin may use the server; callers that are no web page send none. */
export function isOriginAllowed(origin: string | undefined, options: Pick<RpcOptions, "allowedOrigins">): boolean {
  return origin === undefined || options.allowedOrigins.includes("*") || options.allowedOrigins.includes(origin);
}

/** JSON-RPC over HTTP POST on "/", not listening yet. */
export function createHttp(dispatcher: Dispatcher, options: RpcOptions): FastifyInstance {
  const app = fastify({
    bodyLimit: options.maxBodyBytes,
    requestTimeout: REQUEST_TIMEOUT_MS,
    forceCloseConnections: "idle",
    exposeHeadRoutes: false,
  });
  // Every content type is read as text: clients disagree on it, and the dispatcher judges the content.
  app.removeAllContentTypeParsers();
  app.addContentTypeParser("*", { parseAs: "string" }, (_request, body, done) => done(null, body));

  app.addHook("onRequest", async (request, reply) => {
    const { origin } = request.headers;
    if (origin === undefined || !isOriginAllowed(origin, options)) return;
    reply.headers({ "access-control-allow-origin": origin, vary: "origin" });
  });
  app.options("/", (_request, reply) =>
    reply
      .code(204)
      .headers({ "access-control-allow-methods": "POST", "access-control-allow-headers": "content-type" })
      .send(),
  );

  let inWork = 0;
  app.post("/", async (request, reply) => {
    reply.type(JSON_TYPE);
    if (inWork >= options.maxConcurrentRequests) {
      return reply
        .code(503)
        .send(errorText(null, new RpcError(RPC_CODES.limit, "too many requests in work, try again")));
    }
    inWork++;
    try {
      const answer = await dispatcher.answer(typeof request.body === "string" ? request.body : "");
      return answer === undefined ? reply.code(204).send() : reply.send(answer);
    } finally {
      inWork--;
    }
  });
  app.setNotFoundHandler((_request, reply) =>
    reply
      .code(404)
      .type(JSON_TYPE)
      .send(
        errorText(null, new RpcError(RPC_CODES.invalidRequest, "send JSON-RPC with POST to /, or open a WebSocket")),
      ),
  );
  app.setErrorHandler<FastifyError>((error, _request, reply) => {
    const status = error.statusCode ?? 400;
    const message = status === 413 ? `body larger than ${options.maxBodyBytes} bytes` : error.message;
    return reply
      .code(status)
      .type(JSON_TYPE)
      .send(errorText(null, new RpcError(RPC_CODES.invalidRequest, `invalid request: ${message}`)));
  });
  return app;
}
