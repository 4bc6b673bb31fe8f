import { z } from "zod";
import type { ExecutionPayload } from "../../../types/payload.ts";
import { findBlock } from "../blocks.ts";
import { toQuantity } from "../encode/quantity.ts";
import { receiptJson } from "../encode/receipt.ts";
import { transactionJson } from "../encode/transaction.ts";
import type { RpcContext, RpcMethod } from "../method.ts";
import { method } from "../method.ts";
import { blockResult, quantityResult, receiptResult } from "../results.ts";
import type { BlockSelector } from "../schema.ts";
import { block, blockNumber, countOrNumber, hash } from "../schema.ts";

const full = z
  .boolean("expected true for whole transactions, false for hashes")
  .nullish()
  .describe("whole transactions");
const byHash = hash.transform((blockHash) => ({ blockHash, requireCanonical: false })).describe("block hash");
const byNumber = blockNumber.nullish().describe("block");

/** Blocks and what is in them; null for a block that is not known. */
export const blockMethods: RpcMethod[] = [
  method({
    name: "eth_getBlockByNumber",
    summary: "A block of the canonical chain by number or name.",
    params: z.tuple([byNumber, full]),
    result: blockResult.nullable(),
    handle: (context, [selector, whole]) => showBlock(context, selector, whole ?? false),
  }),
  method({
    name: "eth_getBlockByHash",
    summary: "A block by hash.",
    params: z.tuple([byHash, full]),
    result: blockResult.nullable(),
    handle: (context, [selector, whole]) => showBlock(context, selector, whole ?? false),
  }),
  method({
    name: "eth_getBlockReceipts",
    summary: "The receipts of all transactions of a block.",
    params: z.tuple([block.nullish().describe("block")]),
    result: z.array(receiptResult).nullable(),
    async handle(context, [selector]) {
      const found = await findBlock(context, selector);
      if (found === undefined) return null;
      return (await context.chain.getReceipts(found.blockHash)).map(receiptJson);
    },
  }),
  method({
    name: "eth_getBlockTransactionCountByNumber",
    summary: "How many transactions a block has, by number or name.",
    params: z.tuple([byNumber]),
    result: quantityResult.nullable(),
    handle: (context, [selector]) => countTransactions(context, selector),
  }),
  method({
    name: "eth_getBlockTransactionCountByHash",
    summary: "How many transactions a block has, by hash.",
    params: z.tuple([byHash]),
    result: quantityResult.nullable(),
    handle: (context, [selector]) => countTransactions(context, selector),
  }),
  method({
    name: "eth_getUncleCountByBlockNumber",
    summary: "Zero for every block: there are no uncles.",
    params: z.tuple([byNumber]),
    result: quantityResult.nullable(),
    handle: (context, [selector]) => countUncles(context, selector),
  }),
  method({
    name: "eth_getUncleCountByBlockHash",
    summary: "Zero for every block: there are no uncles.",
    params: z.tuple([byHash]),
    result: quantityResult.nullable(),
    handle: (context, [selector]) => countUncles(context, selector),
  }),
  method({
    name: "eth_getUncleByBlockNumberAndIndex",
    summary: "Always null: there are no uncles.",
    params: z.tuple([byNumber, countOrNumber.describe("index")]),
    result: z.null(),
    handle: () => null,
  }),
  method({
    name: "eth_getUncleByBlockHashAndIndex",
    summary: "Always null: there are no uncles.",
    params: z.tuple([byHash, countOrNumber.describe("index")]),
    result: z.null(),
    handle: () => null,
  }),
];

async function countUncles(context: RpcContext, selector: BlockSelector | null | undefined): Promise<unknown> {
  return (await findBlock(context, selector)) === undefined ? null : toQuantity(0);
}

async function showBlock(
  context: RpcContext,
  selector: BlockSelector | null | undefined,
  whole: boolean,
): Promise<unknown> {
  const found = await findBlock(context, selector);
  if (found === undefined) return null;
  return context.blocks.block(found, whole ? await wholeTransactions(context, found) : undefined);
}

/** Senders are read from the receipts: recovering them all would hold up the node for a full block. */
async function wholeTransactions(context: RpcContext, found: ExecutionPayload): Promise<unknown[]> {
  const receipts = await context.chain.getReceipts(found.blockHash);
  return receipts.map((receipt, index) =>
    transactionJson(context.parse(found.transactions[index] ?? "0x"), receipt.transactionHash, receipt.from, {
      ...found,
      index,
    }),
  );
}

async function countTransactions(context: RpcContext, selector: BlockSelector | null | undefined): Promise<unknown> {
  const found = await findBlock(context, selector);
  return found === undefined ? null : toQuantity(found.transactions.length);
}
