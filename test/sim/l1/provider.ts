import {
  JsonRpcApiProvider,
  type JsonRpcError,
  type JsonRpcPayload,
  type JsonRpcResult,
  Network,
  Transaction,
  type TransactionResponse,
  type TransactionResponseParams,
} from "ethers";
import type { L1Transport } from "../../../sdk/agent/l1/endpoints/interface.ts";
import { withoutBlobs } from "../../../sdk/submit/without-blobs.ts";

/** A JSON-RPC call as an agent makes it; rejects with what the node answers. */
export type L1Request = (method: string, params: unknown[]) => Promise<unknown>;

/** An agent's way to L1, without a socket and without timers of its own. */
export class SimulatedL1Provider extends JsonRpcApiProvider {
  readonly #request: L1Request;
  #id = 0;

  constructor(chainId: number, request: L1Request) {
    const network = Network.from(chainId);
    super(network, { staticNetwork: network, cacheTimeout: -1, batchMaxCount: 1 });
    this.#request = request;
  }

  override async send(method: string, params: unknown[]): Promise<unknown> {
    const payload: JsonRpcPayload = { id: ++this.#id, jsonrpc: "2.0", method, params };
    try {
      return await this.#request(method, params);
    } catch (error) {
      const { code, message, data } = error as { code?: unknown; message: string; data?: unknown };
      if (typeof code !== "number") throw error;
      throw this.getRpcError(payload, { id: payload.id, error: { code, message, data } } as JsonRpcError);
    }
  }

  /** As every provider does, but for taking the blobs apart. */
  override async broadcastTransaction(raw: string): Promise<TransactionResponse> {
    await this.send("eth_sendRawTransaction", [raw]);
    const sent = Transaction.from(withoutBlobs(raw)) as unknown as TransactionResponseParams;
    return this._wrapTransactionResponse(sent, await this.getNetwork());
  }

  override _send(): Promise<(JsonRpcResult | JsonRpcError)[]> {
    throw new Error("calls go by send, one at a time");
  }
}

/** The same as one L1 node among others; what has no code is no answer of a node's. */
export const simulatedTransport = (name: string, request: L1Request): L1Transport => ({
  name,
  async send(method, params) {
    try {
      return { result: await request(method, params) };
    } catch (error) {
      const { code, message, data } = error as { code?: unknown; message: string; data?: unknown };
      if (typeof code !== "number") throw error;
      return { error: { code, message, data } };
    }
  },
});
