import fastify from "fastify";
import type { Logger } from "../types/logger.ts";

/** Where metrics are served. */
export interface MetricsAddress {
  host: string;
  /** 0 for any that is free. */
  port: number;
}

/** A started server. */
export interface MetricsServer {
  /** What Prometheus is to be pointed at, such as "http://127.0.0.1:9464/metrics". */
  url: string;
  stop(): Promise<void>;
}

/** Why the server cannot start. */
export class MetricsServerError extends Error {
  readonly code: "listen-failed";
  constructor(message: string) {
    super(message);
    this.name = "MetricsServerError";
    this.code = "listen-failed";
  }
}

/** A few scrapers, and somebody with a browser. */
const MAX_CONNECTIONS = 16;
const REQUEST_TIMEOUT_MS = 10_000;
/** A request has no body, and a few headers. */
const MAX_BODY_BYTES = 1;
const PATH = "/metrics";

/**
 * Serves one text on one path. Whoever asks while it is being made gets the same one.
 * @param text What is served, and its content type. Rejects with MetricsServerError if the address cannot be had.
 */
export async function startMetricsServer(
  { host, port }: MetricsAddress,
  { text, contentType, log }: { text: () => Promise<string>; contentType: string; log: Logger },
): Promise<MetricsServer> {
  const app = fastify({
    bodyLimit: MAX_BODY_BYTES,
    requestTimeout: REQUEST_TIMEOUT_MS,
    forceCloseConnections: true,
  });
  app.server.maxConnections = MAX_CONNECTIONS;
  let making: Promise<string> | undefined;
  app.get(PATH, async (_request, reply) => {
    making ??= text().finally(() => {
      making = undefined;
    });
    return reply.type(contentType).send(await making);
  });
  app.setErrorHandler((error, _request, reply) => {
    log.error({ error: String(error) }, "the metrics could not be read");
    return reply.code(500).type("text/plain").send("the metrics could not be read: see the agent's log\n");
  });
  try {
    await app.listen({ host, port });
  } catch (error) {
    await app.close();
    throw new MetricsServerError(
      `metrics cannot be served on ${host}:${port} (${(error as NodeJS.ErrnoException).code}): stop what uses it, or ` +
        "configure another address in `metrics`",
    );
  }
  const bound = app.server.address();
  const boundPort = typeof bound === "object" && bound !== null ? bound.port : port;
  return {
    url: `http://${host.includes(":") ? `[${host}]` : host}:${boundPort}${PATH}`,
    stop: () => app.close(),
  };
}
