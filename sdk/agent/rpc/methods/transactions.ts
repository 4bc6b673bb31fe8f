import { z } from "zod";
import type { Hex } from "../../../types/hex.ts";
import type { Tips } from "../../types/tips.ts";
import { unlessUnknown } from "../blocks.ts";
import { receiptJson } from "../encode/receipt.ts";
import { transactionJson } from "../encode/transaction.ts";
import type { RpcContext, RpcMethod } from "../method.ts";
import { method } from "../method.ts";
import { hash } from "../schema.ts";

const params = z.tuple([hash.describe("transaction hash")]);

/** Following a transaction. */
export const transactionMethods: RpcMethod[] = [
  method({
    name: "eth_getTransactionByHash",
    summary: "A transaction of the canonical chain or of the mempool; null if it is in neither.",
    params,
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
    name: "eth_getTransactionReceipt",
    summary: "The receipt of a transaction of the canonical chain; null while there is none.",
    params,
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
    async handle({ chain, pool, node }, [of]) {
      const receipt = await chain.getReceipt(of);
      if (receipt === undefined) return pool.status(of) ?? { status: "unknown" };
      const { blockHash, blockNumber, transactionIndex } = receipt;
      return { status: "included", stage: stageOf(node.tips(), blockNumber), blockHash, blockNumber, transactionIndex };
    },
  }),
];

function pooledTransaction(context: RpcContext, of: Hex): unknown {
  const pooled = context.pool.get(of);
  return pooled === undefined ? null : transactionJson(context.parse(pooled.raw), of, pooled.from, undefined);
}

const STAGES = ["finalized", "settled", "submitted", "attested", "proposed"] as const;

/** The furthest tip at or above a block. */
function stageOf(tips: Tips, blockNumber: number): keyof Tips {
  return STAGES.find((stage) => tips[stage].blockNumber >= blockNumber) ?? "head";
}
