import { z } from "zod";
import type { Hex } from "../../../types/hex.ts";
import type { PooledTransaction } from "../../mempool/interface.ts";
import { toQuantity } from "../encode/quantity.ts";
import { receiptJson } from "../encode/receipt.ts";
import { RPC_CODES, RpcError } from "../errors.ts";
import type { RpcContext, RpcMethod } from "../method.ts";
import { method } from "../method.ts";
import { hashResult, receiptResult } from "../results.ts";
import { countOrNumber, data } from "../schema.ts";

/** Sending a transaction. */
export const sendMethods: RpcMethod[] = [
  method({
    name: "eth_sendRawTransaction",
    summary: "Takes a signed transaction into the mempool, gossips it and gives its hash.",
    params: z.tuple([data.describe("signed transaction")]),
    result: hashResult,
    async handle(context, [raw]) {
      return (await accept(context, raw)).hash;
    },
  }),
  method({
    name: "eth_sendRawTransactionSync",
    summary:
      "Takes a signed transaction and waits for its receipt (EIP-7966). Error 4 with the hash if it is not included in " +
      "time, error 6 with the expected nonce on a nonce gap.",
    params: z.tuple([data.describe("signed transaction"), countOrNumber.nullish().describe("timeout, in ms")]),
    result: receiptResult,
    handle: (context, [raw, timeoutMs]) => sendAndWait(context, raw, timeoutMs ?? context.options.defaultSyncTimeoutMs),
  }),
];

async function accept({ pool, node, log }: RpcContext, raw: Hex): Promise<PooledTransaction> {
  const transaction = await pool.add(raw);
  // In the pool it is served to the builder and to later gossip; a failing peer is no reason to refuse the sender.
  await node.broadcast(transaction.raw).catch((error: unknown) => {
    log.warn({ hash: transaction.hash, error: String(error) }, "transaction not gossiped");
  });
  return transaction;
}

/** Subscribes, then submits, then checks, under one absolute deadline: no receipt can fall between two of the three. */
async function sendAndWait(context: RpcContext, raw: Hex, timeoutMs: number): Promise<unknown> {
  const { options, clock, syncWaiters, heads, stopping } = context;
  if (timeoutMs === 0 || timeoutMs > options.maxSyncTimeoutMs) {
    const expected = `expected a timeout of 1 to ${options.maxSyncTimeoutMs} ms, got ${timeoutMs}`;
    throw new RpcError(RPC_CODES.invalidParams, `invalid params[1]: ${expected}`);
  }
  if (syncWaiters.count >= options.maxSyncWaiters) {
    throw new RpcError(RPC_CODES.limit, `${syncWaiters.count} callers wait already; use eth_sendRawTransaction`);
  }
  const deadlineMs = clock.nowMs() + timeoutMs;
  syncWaiters.count++;
  let moved = Promise.withResolvers<void>();
  const unsubscribe = heads.subscribe(() => moved.resolve());
  const expiry = Promise.withResolvers<"expired">();
  const cancelExpiry = clock.at(deadlineMs, () => expiry.resolve("expired"));
  const onStop = (): void => expiry.resolve("expired");
  stopping.addEventListener("abort", onStop, { once: true });
  try {
    const { hash, from, nonce } = await accept(context, raw);
    if (context.pool.status(hash)?.status === "queued") {
      const expected = context.pool.pendingNonce(from) ?? 0;
      throw new RpcError(
        RPC_CODES.nonceGap,
        `nonce gap: expected nonce ${expected}, got ${nonce}`,
        toQuantity(expected),
      );
    }
    for (;;) {
      const receipt = await context.chain.getReceipt(hash);
      if (receipt !== undefined) return receiptJson(receipt);
      const status = context.pool.status(hash);
      if (status?.status === "dropped") {
        throw new RpcError(RPC_CODES.server, `transaction dropped (${status.reason}): ${status.detail}`, { hash });
      }
      if ((await Promise.race([moved.promise, expiry.promise])) === "expired") {
        throw new RpcError(RPC_CODES.syncTimeout, `transaction accepted but not included within ${timeoutMs} ms`, hash);
      }
      moved = Promise.withResolvers<void>();
    }
  } finally {
    stopping.removeEventListener("abort", onStop);
    cancelExpiry();
    unsubscribe();
    syncWaiters.count--;
  }
}
