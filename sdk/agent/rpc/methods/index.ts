import { z } from "zod";
import type { RpcMethod } from "../method.ts";
import { method } from "../method.ts";
import { openRpcDocument } from "../openrpc.ts";
import { batonMethods } from "./baton.ts";
import { blockMethods } from "./blocks.ts";
import { callMethods } from "./call.ts";
import { feeMethods } from "./fees.ts";
import { filterMethods } from "./filters.ts";
import { logMethods } from "./logs.ts";
import { nodeMethods } from "./node.ts";
import { poolMethods } from "./pool.ts";
import { sendMethods } from "./send.ts";
import { simulateMethods } from "./simulate.ts";
import { stateMethods } from "./state.ts";
import { subscriptionMethods } from "./subscribe.ts";
import { transactionMethods } from "./transactions.ts";
import { withdrawalMethods } from "./withdrawals.ts";

const described: RpcMethod[] = [
  ...nodeMethods,
  ...feeMethods,
  ...stateMethods,
  ...callMethods,
  ...simulateMethods,
  ...sendMethods,
  ...transactionMethods,
  ...blockMethods,
  ...logMethods,
  ...filterMethods,
  ...poolMethods,
  ...batonMethods,
  ...withdrawalMethods,
  ...subscriptionMethods,
];

const discover = method({
  name: "rpc.discover",
  summary: "This reference: an OpenRPC document, made from the code that answers.",
  params: z.tuple([]),
  result: z.looseObject({ openrpc: z.string() }),
  handle: () => openRpcDocument(METHODS.values()),
});

/** Every method the server offers, by name. */
export const METHODS: ReadonlyMap<string, RpcMethod> = new Map([...described, discover].map((one) => [one.name, one]));
