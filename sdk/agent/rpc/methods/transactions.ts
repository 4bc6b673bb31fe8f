import { z } from "zod";
import type { Hex } from "../../../types/hex.ts";
import type { Tips } from "../../types/tips.ts";
import { findBlock, unlessUnknown } from "../blocks.ts";
import { receiptJson } from "../encode/receipt.ts";
import { transactionJson } from "../encode/transaction.ts";
import type { RpcContext, RpcMethod } from "../method.ts";
import { method } from "../method.ts";
import { bytesResult, receiptResult, transactionResult, transactionStatusResult } from "../results.ts";
import type { BlockSelector } from "../schema.ts";
import { blockNumber, countOrNumber, hash } from "../schema.ts";

const params = z.tuple([hash.describe("transaction hash")]);

/** Following a transaction. */
export const transactionMethods: RpcMethod[] = [
  method({
    name: "eth_getTransactionByHash",
    summary: "A transaction of the canonical chain or of the mempool; null if it is in neither.",
    params,
    result: transactionResult.nullable(),
    async handle(context, [of]) {
      const located = await context.chain.getTransaction(of);
      if (located === undefined) return pooledTransaction(context, of);
      const [receipt, block] = await Promise.all([
        context.chain.getReceipt(of),
        unlessUnknown(context.chain.getBlock(located.blockHash)),
      ]);
      // A head that moves between the reads may have taken the transaction back into the mempool.
      if (receipt === undefined || block === undefined) return pooledTransaction(context, of);
      return transactionJson(context.parse(located.raw), of, receipt.from, {
        ...located,
        baseFeePerGas: block.baseFeePerGas,
      });
    },
  }),
  method({
    name: "eth_getTransactionByBlockNumberAndIndex",
    summary: "A transaction by its place in a block of the canonical chain; null if there is none.",
    params: z.tuple([blockNumber.nullish().describe("block"), countOrNumber.describe("index")]),
    result: transactionResult.nullable(),
    handle: (context, [selector, index]) => transactionAt(context, selector, index),
  }),
  method({
    name: "eth_getTransactionByBlockHashAndIndex",
    summary: "A transaction by its place in a block; null if there is none.",
    params: z.tuple([hash.describe("block hash"), countOrNumber.describe("index")]),
    result: transactionResult.nullable(),
    handle: (context, [blockHash, index]) => transactionAt(context, { blockHash, requireCanonical: false }, index),
  }),
  method({
    name: "eth_getRawTransactionByHash",
    summary: "The signed bytes of a transaction of the canonical chain or of the mempool; null if it is in neither.",
    params,
    result: bytesResult.nullable(),
    async handle({ chain, pool }, [of]) {
      return (await chain.getTransaction(of))?.raw ?? pool.get(of)?.raw ?? null;
    },
  }),
  method({
    name: "eth_getTransactionReceipt",
    summary: "The receipt of a transaction of the canonical chain; null while there is none.",
    params,
    result: receiptResult.nullable(),
    async handle({ chain }, [of]) {
      const receipt = await chain.getReceipt(of);
      return receipt === undefined ? null : receiptJson(receipt);
    },
  }),
  method({
    name: "baton_getTransactionStatus",
    summary:
      "What happened to a transaction: unknown, runnable or queued in the mempool, dropped with the reason, or included " +
      "with how far its checkpoint has come (head, proposed, attested, submitted, settled, finalized).",
    params,
    result: transactionStatusResult,
    async handle({ chain, pool, node }, [of]) {
      const receipt = await chain.getReceipt(of);
      if (receipt === undefined) return pool.status(of) ?? { status: "unknown" };
      const { blockHash, blockNumber, transactionIndex } = receipt;
      return { status: "included", stage: stageOf(node.tips(), blockNumber), blockHash, blockNumber, transactionIndex };
    },
  }),
];

async function transactionAt(
  context: RpcContext,
  selector: BlockSelector | null | undefined,
  index: number,
): Promise<unknown> {
  const block = await findBlock(context, selector);
  const raw = block?.transactions[index];
  if (block === undefined || raw === undefined) return null;
  const receipt = (await context.chain.getReceipts(block.blockHash))[index];
  if (receipt === undefined) return null;
  return transactionJson(context.parse(raw), receipt.transactionHash, receipt.from, { ...block, index });
}

function pooledTransaction(context: RpcContext, of: Hex): unknown {
  const pooled = context.pool.get(of);
  return pooled === undefined ? null : transactionJson(context.parse(pooled.raw), of, pooled.from, undefined);
}

const STAGES = ["finalized", "settled", "submitted", "attested", "proposed"] as const;

/** The furthest tip at or above a block. */
function stageOf(tips: Tips, blockNumber: number): keyof Tips {
  return STAGES.find((stage) => tips[stage].blockNumber >= blockNumber) ?? "head";
}
