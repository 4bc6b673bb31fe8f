import { createHmac } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { ApiEngine, type ApiEngineOptions } from "../../../../sdk/agent/engine/api/api-engine.ts";
import { EmbeddedEngine } from "../../../../sdk/agent/engine/embedded-engine.ts";
import { SystemClock } from "../../../../sdk/agent/time/clock.ts";
import type { Hex } from "../../../../sdk/types/hex.ts";
import type { ExecutionPayload } from "../../../../sdk/types/payload.ts";
import { genesis } from "../fixture.ts";

export const SECRET = new Uint8Array(32).fill(9);

/** What the client says to one request: a result, an error, a raw body with its status, or nothing ever. */
export type Said =
  | { result: unknown }
  | { error: { code: number; message: string; data?: unknown } }
  | { status: number; body: string }
  | "silence";

export interface Received {
  method: string;
  params: unknown[];
  /** Seconds, from a token whose signature was checked; undefined without one. */
  issuedAt: number | undefined;
}

/** A server that says what a test tells it to say: for answers that no healthy client gives. */
export class ScriptedClient {
  readonly received: Received[] = [];
  readonly lost: Error[] = [];
  url = "";
  readonly #said = new Map<string, Said[]>();
  readonly #server = createServer((request, response) => void this.#answer(request, response));
  readonly #engines: { close(): Promise<void> }[] = [];

  /** Starts it, knowing the first block and having every method. */
  static async start(): Promise<ScriptedClient> {
    const client = new ScriptedClient();
    await new Promise<void>((resolve) => client.#server.listen(0, "127.0.0.1", resolve));
    client.url = `http://127.0.0.1:${(client.#server.address() as AddressInfo).port}`;
    const methods = ["forkchoiceUpdatedV3", "newPayloadV4", "getPayloadV4", "getPayloadBodiesByHashV1"];
    client.says("engine_exchangeCapabilities", { result: methods.map((method) => `engine_${method}`) });
    return client;
  }

  /** The answers to a method, in order; the last one is repeated. */
  says(method: string, ...answers: Said[]): void {
    this.#said.set(method, answers);
  }

  /** Makes it know a block as its first one. */
  knowsGenesis(block: ExecutionPayload): void {
    const first: Said = { result: headerJson(block) };
    this.says("eth_getBlockByNumber", first);
    this.says("eth_getBlockByHash", first);
  }

  count(method: string): number {
    return this.received.filter((request) => request.method === method).length;
  }

  async open(change: Partial<ApiEngineOptions> = {}): Promise<ApiEngine> {
    const { url } = this;
    const options = {
      engineUrl: url,
      rpcUrl: url,
      jwtSecret: SECRET,
      genesis,
      buildMs: 0,
      timeoutMs: 2_000,
      ...change,
    };
    const engine = await ApiEngine.open(options, {
      clock: new SystemClock(),
      onLost: (error) => this.lost.push(error),
    });
    this.#engines.push(engine);
    return engine;
  }

  async stop(): Promise<void> {
    for (const engine of this.#engines) await engine.close();
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    let text = "";
    for await (const chunk of request) text += chunk;
    const { id, method, params } = JSON.parse(text);
    this.received.push({ method, params, issuedAt: issuedAt(request.headers.authorization) });
    const answers = this.#said.get(method) ?? [{ error: { code: -32601, message: `no ${method} here` } }];
    const said = answers.length > 1 ? (answers.shift() as Said) : answers[0];
    if (said === "silence" || said === undefined) return;
    response.setHeader("content-type", "application/json");
    if ("status" in said) response.writeHead(said.status).end(said.body);
    else response.end(JSON.stringify({ jsonrpc: "2.0", id, ...said }));
  }
}

/** The first block as a client shows it. */
export async function firstBlock(path: string): Promise<ExecutionPayload> {
  const engine = await EmbeddedEngine.open({ path, genesis }, { nowMs: Date.now });
  const block = await engine.reader.getBlock(0);
  await engine.close();
  return block as ExecutionPayload;
}

const quantity = (value: bigint | number): Hex => `0x${value.toString(16)}`;

function headerJson(block: ExecutionPayload) {
  const { blockHash: hash, feeRecipient: miner, prevRandao: mixHash, blockNumber, ...rest } = block;
  const numbers = {
    number: quantity(blockNumber),
    gasLimit: quantity(block.gasLimit),
    gasUsed: quantity(block.gasUsed),
    timestamp: quantity(block.timestamp),
    baseFeePerGas: quantity(block.baseFeePerGas),
  };
  return { ...rest, hash, miner, mixHash, ...numbers, withdrawals: [] };
}

/** Checks the token as RFC 7519 has it, not as the sender does. */
function issuedAt(authorization: string | undefined): number | undefined {
  const token = /^Bearer ([\w-]+)\.([\w-]+)\.([\w-]+)$/.exec(authorization ?? "");
  if (token === null) return undefined;
  const [, head, body, signature] = token as unknown as [string, string, string, string];
  const expected = createHmac("sha256", SECRET).update(`${head}.${body}`).digest();
  if (!Buffer.from(signature, "base64url").equals(expected)) return undefined;
  const { alg } = JSON.parse(Buffer.from(head, "base64url").toString());
  return alg === "HS256" ? JSON.parse(Buffer.from(body, "base64url").toString()).iat : undefined;
}
