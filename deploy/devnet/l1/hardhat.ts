import { Wallet } from "ethers";
import { type FastifyInstance, fastify } from "fastify";
import hre from "hardhat";
import { CANCEL_GAS } from "../../../sdk/submit/decide.ts";
import { cancellation, signTransaction } from "../../../sdk/submit/transaction.ts";
import { WALLET } from "../accounts.ts";
import { type L1Node, L1StartError } from "./interface.ts";
import { describeTransaction, L1Pool, readTransaction } from "./pool.ts";

/** Hardhat's in-process network. */
export interface HardhatProvider {
  request(call: { method: string; params?: unknown[] }): Promise<unknown>;
}

/** A blob transaction with its sidecar is 140 kB of hexadecimal a blob. */
const MAX_BODY_BYTES = 8 * 1024 * 1024;
/** JSON-RPC: the transaction was refused. */
const REFUSED = -32_000;
const INVALID_REQUEST = -32_600;

/** Far above the prices of a fresh chain. */
const FIRST_FEE_WEI = 100_000_000_000n;

interface Call {
  id?: unknown;
  method?: unknown;
  params?: unknown[];
}

/** Starts a Hardhat network in this process and serves it. Rejects with L1StartError. */
export async function startHardhat(port: number): Promise<L1Node> {
  const { provider } = await hre.network.create();
  await loadBlobSetup(provider);
  const server = new HardhatServer(provider);
  await server.listen(port).catch((error: Error) => {
    throw new L1StartError(error.message);
  });
  return server;
}

/**
 * Hardhat loads its trusted setup with the first blob transaction, which takes seconds and would make that one late.
 * So the first one is the zero blob, sent by an account that nothing else here is sent from.
 */
async function loadBlobSetup(provider: HardhatProvider): Promise<void> {
  const chainId = Number(await provider.request({ method: "eth_chainId" }));
  const fees = { maxFeePerGasWei: FIRST_FEE_WEI, maxPriorityFeePerGasWei: 1n, maxFeePerBlobGasWei: FIRST_FEE_WEI };
  const payload = cancellation(WALLET.address, true, 0);
  const unsigned = { ...payload, chainId, nonce: 0, gasLimit: CANCEL_GAS, fees, blobWrapperVersion: 0 as const };
  const { raw } = await signTransaction(new Wallet(WALLET.key), unsigned);
  await provider.request({ method: "eth_sendRawTransaction", params: [raw] });
}

/**
 * Hardhat's network behind HTTP, its blocks on the slots' boundaries: a block stamped T holds what arrived before T.
 * Hardhat mines blob transactions only one by one, so a boundary with several transactions has several blocks.
 */
export class HardhatServer implements L1Node {
  readonly #provider: HardhatProvider;
  readonly #http: FastifyInstance;
  readonly #pool = new L1Pool();
  #holding = false;
  url = "";

  constructor(provider: HardhatProvider) {
    this.#provider = provider;
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

  async holdTransactions(): Promise<void> {
    this.#holding = true;
  }

  async mineAt(timestamp: number): Promise<void> {
    let mined = 0;
    for (let next = await this.#next(); next !== undefined; next = await this.#next()) {
      this.#pool.remove(next);
      await this.#setTime(timestamp);
      try {
        await this.#provider.request({ method: "eth_sendRawTransaction", params: [next.raw] });
        mined++;
      } catch (error) {
        // Hardhat reports a reverted transaction as an error, although it has mined it.
        if (await this.#isMined(next.hash)) mined++;
        else console.error(`dropped ${next.hash}: ${messageOf(error)}`);
      }
    }
    if (mined > 0) return;
    await this.#setTime(timestamp);
    await this.#provider.request({ method: "evm_mine", params: [] });
  }

  async #setTime(timestamp: number): Promise<void> {
    await this.#provider.request({ method: "evm_setNextBlockTimestamp", params: [timestamp] });
  }

  async #next(): Promise<ReturnType<L1Pool["next"]>> {
    const block = (await this.#provider.request({ method: "eth_getBlockByNumber", params: ["pending", false] })) as {
      baseFeePerGas: string;
    };
    const nonces = await this.#nonces(this.#pool.senders);
    return this.#pool.next(BigInt(block.baseFeePerGas), (from) => nonces.get(from) ?? 0);
  }

  async #nonces(addresses: string[]): Promise<Map<string, number>> {
    const counts = await Promise.all(addresses.map((address) => this.#latestNonce(address)));
    return new Map(addresses.map((address, i) => [address, counts[i] ?? 0]));
  }

  async #latestNonce(address: unknown): Promise<number> {
    return Number(await this.#provider.request({ method: "eth_getTransactionCount", params: [address, "latest"] }));
  }

  async #isMined(hash: string): Promise<boolean> {
    return (await this.#provider.request({ method: "eth_getTransactionReceipt", params: [hash] })) !== null;
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
      return { jsonrpc: "2.0", id, result: await this.#call(call.method, call.params ?? []) };
    } catch (error) {
      const { code, data } = error as { code?: unknown; data?: unknown };
      return {
        jsonrpc: "2.0",
        id,
        error: { code: typeof code === "number" ? code : REFUSED, message: messageOf(error), data },
      };
    }
  }

  async #call(method: string, params: unknown[]): Promise<unknown> {
    if (!this.#holding) return this.#provider.request({ method, params });
    if (method === "eth_sendRawTransaction") return this.#hold(String(params[0]));
    if (method === "eth_getTransactionByHash") {
      const pooled = this.#pool.get(String(params[0]));
      if (pooled !== undefined) return describeTransaction(pooled);
    }
    if (method === "eth_getTransactionCount" && params[1] === "pending") {
      const latest = await this.#latestNonce(params[0]);
      return `0x${this.#pool.pendingNonce(String(params[0]), latest).toString(16)}`;
    }
    return this.#provider.request({ method, params });
  }

  async #hold(raw: string): Promise<string> {
    const transaction = readTransaction(raw);
    this.#pool.add(transaction, await this.#latestNonce(transaction.from));
    return transaction.hash;
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
