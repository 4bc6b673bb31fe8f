import { z } from "zod";
import type { ExecutionPayload } from "../../../types/payload.ts";
import { findBlock, requireBlock, unlessUnknown } from "../blocks.ts";
import { RPC_CODES, RpcError } from "../errors.ts";
import { compileLogFilter, matchingLogs } from "../log-filter.ts";
import type { RpcContext, RpcMethod } from "../method.ts";
import { method } from "../method.ts";
import { logResult } from "../results.ts";
import { logFilter } from "../schema.ts";

/** Blocks read from the engine at one time while a range is searched. */
const READ_AHEAD = 16;

/** Searching logs. */
export const logMethods: RpcMethod[] = [
  method({
    name: "eth_getLogs",
    summary: "Logs by address and topics in one block or in a bounded range of the canonical chain.",
    params: z.tuple([logFilter.describe("filter")]),
    result: z.array(logResult),
    handle: (context, [filter]) => searchLogs(context, filter),
  }),
];

/** Matching logs, in chain order. Throws RpcError if the range or the answer is too large. */
export async function searchLogs(context: RpcContext, filter: z.output<typeof logFilter>): Promise<unknown[]> {
  const compiled = compileLogFilter(filter);
  const found: unknown[] = [];
  for await (const block of selected(context, filter)) {
    if (!compiled.mayMatch(block.logsBloom)) continue;
    found.push(...matchingLogs(await context.chain.getReceipts(block.blockHash), compiled));
    if (found.length > context.options.maxLogs) {
      throw new RpcError(
        RPC_CODES.limit,
        `more than ${context.options.maxLogs} logs match; narrow the range or the filter`,
      );
    }
  }
  return found;
}

async function* selected(context: RpcContext, filter: z.output<typeof logFilter>): AsyncGenerator<ExecutionPayload> {
  if (filter.blockHash != null) {
    yield await requireBlock(context, { blockHash: filter.blockHash, requireCanonical: false });
    return;
  }
  const [from, to] = await Promise.all([numberOf(context, filter.fromBlock), numberOf(context, filter.toBlock)]);
  const last = Math.min(to, context.node.tips().head.blockNumber);
  if (from > to) throw new RpcError(RPC_CODES.invalidParams, `invalid block range: from ${from} to ${to}`);
  if (to - from >= context.options.maxLogBlocks && last - from >= context.options.maxLogBlocks) {
    const most = context.options.maxLogBlocks;
    throw new RpcError(RPC_CODES.limit, `block range ${from} to ${to} is too large: at most ${most} blocks`);
  }
  for (let first = from; first <= last; first += READ_AHEAD) {
    const numbers = Array.from({ length: Math.min(READ_AHEAD, last - first + 1) }, (_, i) => first + i);
    const blocks = await Promise.all(numbers.map((number) => unlessUnknown(context.chain.getBlock(number))));
    // A number the chain no longer has was discarded during the search, and its logs with it.
    for (const block of blocks) if (block !== undefined) yield block;
  }
}

type Bound = z.output<typeof logFilter>["fromBlock"];

async function numberOf(context: RpcContext, bound: Bound): Promise<number> {
  if (typeof bound === "number") return bound;
  return (await findBlock(context, bound))?.blockNumber ?? context.node.tips().head.blockNumber;
}
