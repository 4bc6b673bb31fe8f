import { createHash, timingSafeEqual } from "node:crypto";
import fastify, { type FastifyError } from "fastify";
import type { Logger } from "../../types/logger.ts";
import { GuardError, SignerError, type ValidatorSigner } from "../interface.ts";
import {
  KEYS_PATH,
  MAX_REQUEST_BYTES,
  REFUSALS,
  type Refusal,
  SIGN_PATH,
  type SignRequest,
  signRequestSchema,
} from "./protocol.ts";

export interface SignerServerOptions {
  host: string;
  /** 0 for any that is free. */
  port: number;
  /** Whoever brings it may have anything signed that the guard allows. */
  token: string;
  /** L1 chain id. */
  chainId: number;
  rollup: `0x${string}`;
}

/** A started signer. */
export interface SignerServer {
  /** Where it listens, such as "http://127.0.0.1:9100". */
  url: string;
  /** Answers what is under way and frees the port. */
  stop(): Promise<void>;
}

const REQUEST_TIMEOUT_MS = 10_000;

/** Serves signers over HTTP. Each has a durable guard behind it: no request makes it sign twice. */
export async function startSignerServer(
  options: SignerServerOptions,
  { signers, log }: { signers: readonly ValidatorSigner[]; log: Logger },
): Promise<SignerServer> {
  const { chainId, rollup } = options;
  const app = fastify({
    bodyLimit: MAX_REQUEST_BYTES,
    requestTimeout: REQUEST_TIMEOUT_MS,
    forceCloseConnections: "idle",
    exposeHeadRoutes: false,
  });
  app.addHook("onRequest", async ({ headers }) => {
    if (!isSame(headers.authorization ?? "", `Bearer ${options.token}`)) {
      throw new SignerError("unauthorized", "expected the token that the signer was given");
    }
  });
  app.get(KEYS_PATH, () => ({ chainId, rollup, publicKeys: signers.map(({ publicKey }) => publicKey) }));
  app.post(SIGN_PATH, async ({ body }) => {
    const parsed = signRequestSchema.safeParse(body);
    if (!parsed.success) throw new SignerError("bad-request", "expected a sign request of the documented form");
    const { kind, slot, digest } = parsed.data;
    const signature = await signAs(parsed.data, options, signers);
    log.info({ kind, slot, digest, validator: parsed.data.publicKey.slice(0, 18) }, "signed");
    return { signature };
  });
  app.setErrorHandler<FastifyError | SignerError>((error, _request, reply) => {
    const code = refusalOf(error);
    log.warn({ code, reason: error.message }, "refused");
    return reply.code(REFUSALS[code]).send({ error: { code, message: error.message } });
  });
  await app.listen({ host: options.host, port: options.port });
  const bound = app.server.address();
  const port = typeof bound === "object" && bound !== null ? bound.port : options.port;
  return { url: `http://${options.host}:${port}`, stop: () => app.close() };
}

async function signAs(
  { publicKey, kind, slot, digest, sequence, chainId, rollup }: SignRequest,
  options: SignerServerOptions,
  signers: readonly ValidatorSigner[],
): Promise<string> {
  if (chainId !== options.chainId || rollup !== options.rollup) {
    const expected = `rollup ${options.rollup} on chain ${options.chainId}`;
    throw new SignerError("bad-request", `expected a request for ${expected}, got ${rollup} on ${chainId}`);
  }
  const signer = signers.find((one) => one.publicKey === publicKey);
  if (signer === undefined) throw new SignerError("unknown-key", `the key ${publicKey.slice(0, 18)}… is not held here`);
  return signer.sign(kind, slot, digest, sequence);
}

function refusalOf(error: FastifyError | SignerError): Refusal {
  if (error instanceof SignerError) return error.code in REFUSALS ? (error.code as Refusal) : "unavailable";
  if (error instanceof GuardError) return NEVER.includes(error.code) ? "conflict" : "unavailable";
  return "statusCode" in error && error.statusCode !== undefined && error.statusCode < 500
    ? "bad-request"
    : "unavailable";
}

/** What the guard will say to the same request for ever. */
const NEVER: readonly GuardError["code"][] = ["conflict", "used", "invalid-row"];

/** Takes as long for a wrong token as for one that is nearly right. */
function isSame(given: string, expected: string): boolean {
  const [a, b] = [given, expected].map((text) => createHash("sha256").update(text).digest()) as [Buffer, Buffer];
  return timingSafeEqual(a, b);
}
