import { FetchRequest } from "ethers";
import type { AgentRpc } from "./agent.ts";
import { fieldsOf } from "./answer.ts";
import { WatchError } from "./error.ts";

/** An answer that takes longer is of no use to the L1 block it was asked for. */
const TIMEOUT_MS = 5_000;

/**
 * JSON-RPC over HTTP to one address, one request a call.
 * `send` rejects with ethers' errors when the server does not answer, and with WatchError "refused" and the server's own words when it refuses.
 */
export function httpRpc(url: string): AgentRpc {
  return {
    async send(method, params) {
      const request = new FetchRequest(url);
      request.timeout = TIMEOUT_MS;
      request.body = { jsonrpc: "2.0", id: 1, method, params };
      const response = await request.send();
      const answer = fieldsOf(response.bodyJson, `${url}: ${method}`);
      if (answer.error !== undefined) {
        throw new WatchError("refused", `${method}: ${String(fieldsOf(answer.error, "error").message)}`);
      }
      return answer.result;
    },
  };
}
