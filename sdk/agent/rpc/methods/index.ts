import type { RpcMethod } from "../method.ts";
import type { SubscriptionHub } from "../subscriptions.ts";
import { batonMethods } from "./baton.ts";
import { blockMethods } from "./blocks.ts";
import { callMethods } from "./call.ts";
import { feeMethods } from "./fees.ts";
import { filterMethods } from "./filters.ts";
import { logMethods } from "./logs.ts";
import { nodeMethods } from "./node.ts";
import { poolMethods } from "./pool.ts";
import { sendMethods } from "./send.ts";
import { stateMethods } from "./state.ts";
import { subscriptionMethods } from "./subscribe.ts";
import { transactionMethods } from "./transactions.ts";
import { withdrawalMethods } from "./withdrawals.ts";

/** Every method the server offers, by name. */
export function methodTable(hub: SubscriptionHub): ReadonlyMap<string, RpcMethod> {
  const all = [
    ...nodeMethods,
    ...feeMethods,
    ...stateMethods,
    ...callMethods,
    ...sendMethods,
    ...transactionMethods,
    ...blockMethods,
    ...logMethods,
    ...filterMethods,
    ...poolMethods,
    ...batonMethods,
    ...withdrawalMethods,
    ...subscriptionMethods(hub),
  ];
  return new Map(all.map((method) => [method.name, method]));
}
