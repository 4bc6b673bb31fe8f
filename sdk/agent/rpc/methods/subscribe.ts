import { z } from "zod";
import { transactionJson } from "../encode/transaction.ts";
import { RPC_CODES, RpcError } from "../errors.ts";
import { compileLogFilter } from "../log-filter.ts";
import type { RpcContext, RpcMethod } from "../method.ts";
import { data, logMatch } from "../schema.ts";
import type { Subscriber, Topic } from "../subscriptions.ts";

const EXPECTED = 'expected ["newHeads"], ["logs", filter?] or ["newPendingTransactions", wholeTransactions?]';
/** By topic, what may be said of it: a filter for logs, true for whole transactions. */
const subscribeParams = z.tuple(
  [
    z.enum(["newHeads", "logs", "newPendingTransactions"], EXPECTED).describe("topic"),
    z
      .union([logMatch, z.boolean()], EXPECTED)
      .nullish()
      .describe("option, of logs a filter; of transactions true for whole ones"),
  ],
  EXPECTED,
);
const unsubscribeParams = z.tuple([data.describe("subscription id")]);

/** Subscriptions of a WebSocket connection. */
export const subscriptionMethods: RpcMethod[] = [
  {
    name: "eth_subscribe",
    summary: "Notifies this WebSocket of new heads, of logs, or of transactions that enter the mempool; gives an id.",
    params: subscribeParams,
    result: z.string().regex(/^0x[0-9a-f]{32}$/),
    needsSubscriber: true,
    handle(context, params, subscriber) {
      const { maxSubscriptionsPerWebSocket: most } = context.options;
      const connection = subscriber as Subscriber;
      const topic = toTopic(context, params as z.output<typeof subscribeParams>);
      if (context.subscriptions.countOf(connection) >= most)
        throw new RpcError(RPC_CODES.limit, `at most ${most} subscriptions per connection`);
      return context.subscriptions.add(connection, topic);
    },
  },
  {
    name: "eth_unsubscribe",
    summary: "Ends a subscription of this WebSocket; false if it has none of that id.",
    params: unsubscribeParams,
    result: z.boolean(),
    needsSubscriber: true,
    handle: ({ subscriptions }, params, subscriber) =>
      subscriptions.remove(subscriber as Subscriber, (params as z.output<typeof unsubscribeParams>)[0]),
  },
];

function toTopic(context: RpcContext, [kind, option]: z.output<typeof subscribeParams>): Topic {
  if (kind === "newHeads" && option == null) return { kind };
  if (kind === "logs" && typeof option !== "boolean") return { kind, filter: compileLogFilter(option ?? {}) };
  if (kind !== "newPendingTransactions" || typeof option === "object") {
    throw new RpcError(RPC_CODES.invalidParams, `invalid params[1]: ${EXPECTED}`);
  }
  if (option !== true) return { kind, show: (transaction) => transaction.hash };
  return { kind, show: ({ raw, hash, from }) => transactionJson(context.parse(raw), hash, from, undefined) };
}
