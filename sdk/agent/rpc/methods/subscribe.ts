import { z } from "zod";
import { transactionJson } from "../encode/transaction.ts";
import { RPC_CODES, RpcError } from "../errors.ts";
import { compileLogFilter } from "../log-filter.ts";
import type { RpcContext, RpcMethod } from "../method.ts";
import { data, logMatch } from "../schema.ts";
import type { Subscriber, SubscriptionHub, Topic } from "../subscriptions.ts";

const subscribeParams = z.union(
  [
    z.tuple([z.literal("newHeads")]),
    z.tuple([z.literal("logs"), logMatch.nullish().describe("filter")]),
    z.tuple([z.literal("newPendingTransactions"), z.boolean().nullish().describe("whole transactions")]),
  ],
  { error: 'expected ["newHeads"], ["logs", filter?] or ["newPendingTransactions", wholeTransactions?]' },
);
const unsubscribeParams = z.tuple([data.describe("subscription id")]);

/** Subscriptions of WebSocket connections, kept in `hub`. */
export function subscriptionMethods(hub: SubscriptionHub): RpcMethod[] {
  return [
    {
      name: "eth_subscribe",
      summary: "Notifies this WebSocket of new heads, of logs, or of transactions that enter the mempool; gives an id.",
      params: subscribeParams,
      needsSubscriber: true,
      handle(context, params, subscriber) {
        const { maxSubscriptionsPerWebSocket: most } = context.options;
        const connection = subscriber as Subscriber;
        if (hub.countOf(connection) >= most)
          throw new RpcError(RPC_CODES.limit, `at most ${most} subscriptions per connection`);
        return hub.add(connection, toTopic(context, params as z.output<typeof subscribeParams>));
      },
    },
    {
      name: "eth_unsubscribe",
      summary: "Ends a subscription of this WebSocket; false if it has none of that id.",
      params: unsubscribeParams,
      needsSubscriber: true,
      handle: (_, params, subscriber) =>
        hub.remove(subscriber as Subscriber, (params as z.output<typeof unsubscribeParams>)[0]),
    },
  ];
}

function toTopic(context: RpcContext, [kind, option]: z.output<typeof subscribeParams>): Topic {
  if (kind === "newHeads") return { kind };
  if (kind === "logs") return { kind, filter: compileLogFilter(option ?? {}) };
  if (option !== true) return { kind, show: (transaction) => transaction.hash };
  return { kind, show: ({ raw, hash, from }) => transactionJson(context.parse(raw), hash, from, undefined) };
}
