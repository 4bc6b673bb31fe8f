import { type FastifyInstance, fastify } from "fastify";
import hre from "hardhat";
import { loadBlobSetup } from "./blob-setup.ts";
import { HardhatChain, type HardhatProvider, messageOf } from "./hardhat-chain.ts";
import { type L1Mark, type L1Node, L1StartError } from "./interface.ts";

/** A blob transaction with its sidecar is 140 kB of hexadecimal a blob. */
const MAX_BODY_BYTES = 8 * 1024 * 1024;
/** JSON-RPC: the transaction was refused. */
const REFUSED = -32_000;
const INVALID_REQUEST = -32_600;

interface Call {
  id?: unknown;
  method?: unknown;
  params?: unknown[];
}

/** Starts a Hardhat network in this process and serves it. Rejects with L1StartError. */
export async function startHardhat(port: number): Promise<L1Node> {
  const { provider } = await hre.network.create();
  await loadBlobSetup((method, params) => provider.request({ method, params }));
  const server = new HardhatServer(provider);
  await server.listen(port).catch((error: Error) => {
    throw new L1StartError(error.message);
  });
  return server;
}

/** A `HardhatChain` behind HTTP. */
export class HardhatServer implements L1Node {
  readonly #chain: HardhatChain;
  readonly #http: FastifyInstance;
  url = "";

  constructor(provider: HardhatProvider) {
    this.#chain = new HardhatChain(provider);
    this.#http = fastify({ bodyLimit: MAX_BODY_BYTES, forceCloseConnections: true });
    this.#http.post("/", async (request) => {
      const { body } = request;
      return Array.isArray(body)
        ? Promise.all(body.map((call) => this.#answer(call as Call)))
        : this.#answer(body as Call);
    });
  }

  /** Rejects with the operating system's error if it cannot listen. */
  async listen(port: number): Promise<void> {
    this.url = await this.#http.listen({ host: "127.0.0.1", port });
  }

  close(): Promise<void> {
    return this.#http.close();
  }

  holdTransactions(): Promise<void> {
    return this.#chain.holdTransactions();
  }

  async mineAt(timestamp: number): Promise<void> {
    for (const { hash, reason } of await this.#chain.mineAt(timestamp)) console.error(`dropped ${hash}: ${reason}`);
  }

  mark(): Promise<L1Mark> {
    return this.#chain.mark();
  }

  goBack(mark: L1Mark): Promise<string[]> {
    return this.#chain.goBack(mark);
  }

  async take(raw: string): Promise<void> {
    await this.#chain.request("eth_sendRawTransaction", [raw]);
  }

  async #answer(call: Call | null): Promise<object> {
    const id = call?.id ?? null;
    if (typeof call?.method !== "string") {
      return {
        jsonrpc: "2.0",
        id,
        error: { code: INVALID_REQUEST, message: "expected a JSON-RPC request with a method" },
      };
    }
    try {
      return { jsonrpc: "2.0", id, result: await this.#chain.request(call.method, call.params ?? []) };
    } catch (error) {
      const { code, data } = error as { code?: unknown; data?: unknown };
      return {
        jsonrpc: "2.0",
        id,
        error: { code: typeof code === "number" ? code : REFUSED, message: messageOf(error), data },
      };
    }
  }
}
