import { z } from "zod";
import type { Hex } from "../../../types/hex.ts";
import type { PooledTransaction } from "../../mempool/interface.ts";
import { toQuantity } from "../encode/quantity.ts";
import { transactionJson } from "../encode/transaction.ts";
import type { RpcContext, RpcMethod } from "../method.ts";
import { method } from "../method.ts";
import { quantityResult, transactionResult } from "../results.ts";
import { address } from "../schema.ts";

type ByNonce = Record<string, unknown>;
/** By account, then by nonce. */
type Content = Record<"pending" | "queued", Record<Hex, ByNonce>>;

const byNonce = z.record(z.string(), transactionResult);
const content = z.strictObject({
  pending: z.record(z.string(), byNonce),
  queued: z.record(z.string(), byNonce),
});

/** The mempool as other clients show theirs: `pending` can run now, `queued` waits for a lower nonce. */
export const poolMethods: RpcMethod[] = [
  method({
    name: "txpool_status",
    summary: "How many transactions of the mempool can run now, and how many wait for a lower nonce.",
    params: z.tuple([]),
    result: z.strictObject({ pending: quantityResult, queued: quantityResult }),
    handle({ pool }) {
      const pending = [...pool.all()].filter((one) => isRunnable(pool, one)).length;
      return { pending: toQuantity(pending), queued: toQuantity(pool.size - pending) };
    },
  }),
  method({
    name: "txpool_content",
    summary: "The transactions of the mempool by account and nonce; of a large one, the first 1,000.",
    params: z.tuple([]),
    result: content,
    handle(context) {
      const shown: Content = { pending: {}, queued: {} };
      let left = context.options.maxPoolTransactions;
      for (const one of context.pool.all()) {
        if (left-- === 0) break;
        const kind = isRunnable(context.pool, one) ? "pending" : "queued";
        shown[kind][one.from] ??= {};
        (shown[kind][one.from] as ByNonce)[one.nonce] = json(context, one);
      }
      return shown;
    },
  }),
  method({
    name: "txpool_contentFrom",
    summary: "The transactions of one account in the mempool, by nonce.",
    params: z.tuple([address.describe("account")]),
    result: z.strictObject({ pending: byNonce, queued: byNonce }),
    handle(context, [of]) {
      const shown: Record<"pending" | "queued", ByNonce> = { pending: {}, queued: {} };
      for (const one of context.pool.all()) {
        if (one.from !== of) continue;
        shown[isRunnable(context.pool, one) ? "pending" : "queued"][one.nonce] = json(context, one);
      }
      return shown;
    },
  }),
];

const isRunnable = (pool: RpcContext["pool"], { hash }: PooledTransaction): boolean =>
  pool.status(hash)?.status === "runnable";

const json = (context: RpcContext, { raw, hash, from }: PooledTransaction): Record<string, unknown> =>
  transactionJson(context.parse(raw), hash, from, undefined);
