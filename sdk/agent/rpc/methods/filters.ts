import { z } from "zod";
import { RPC_CODES, RpcError } from "../errors.ts";
import type { RpcMethod } from "../method.ts";
import { method } from "../method.ts";
import { hashResult, logResult } from "../results.ts";
import { data, logFilter } from "../schema.ts";
import { searchLogs } from "./logs.ts";

const none = z.tuple([]);
const one = z.tuple([data.describe("filter id")]);
const filterId = z.string().regex(/^0x[0-9a-f]{32}$/);

/** Filters that a client polls, for those without a WebSocket. Their ids are secret: whoever knows one may empty it. */
export const filterMethods: RpcMethod[] = [
  method({
    name: "eth_newFilter",
    summary: "Begins to collect the logs of new blocks that match, and of blocks that leave the chain; gives an id.",
    params: z.tuple([logFilter.describe("filter")]),
    result: filterId,
    handle({ filters }, [criteria]) {
      if (criteria.blockHash == null) return filters.addLogs(criteria);
      throw new RpcError(RPC_CODES.invalidParams, "invalid params[0]: one block does not change: use eth_getLogs");
    },
  }),
  method({
    name: "eth_newBlockFilter",
    summary: "Begins to collect the hashes of new blocks; gives an id.",
    params: none,
    result: filterId,
    handle: ({ filters }) => filters.addBlocks(),
  }),
  method({
    name: "eth_newPendingTransactionFilter",
    summary: "Begins to collect the hashes of transactions that enter the mempool; gives an id.",
    params: none,
    result: filterId,
    handle: ({ filters }) => filters.addTransactions(),
  }),
  method({
    name: "eth_getFilterChanges",
    summary:
      "What a filter has collected since it was last asked: hashes or logs; logs of blocks that left are `removed`. A " +
      "filter that was not asked for 5 minutes, or that holds more than 10,000, is gone.",
    params: one,
    result: z.union([z.array(hashResult), z.array(logResult)]),
    handle: ({ filters }, [id]) => filters.changes(id),
  }),
  method({
    name: "eth_getFilterLogs",
    summary: "All logs in the range of a filter on logs, as eth_getLogs gives them.",
    params: one,
    result: z.array(logResult),
    handle: (context, [id]) => searchLogs(context, context.filters.criteria(id)),
  }),
  method({
    name: "eth_uninstallFilter",
    summary: "Ends a filter; false if there is none of that id.",
    params: one,
    result: z.boolean(),
    handle: ({ filters }, [id]) => filters.remove(id),
  }),
];
