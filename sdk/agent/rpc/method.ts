import type { TypedTransaction } from "@ethereumjs/tx";
import type { z } from "zod";
import type { Hex } from "../../types/hex.ts";
import type { ChainReader } from "../engine/interface.ts";
import type { Mempool } from "../mempool/interface.ts";
import type { Clock } from "../time/interface.ts";
import type { Logger } from "../types/logger.ts";
import type { BlockEncoder } from "./encode/block.ts";
import type { FilterBook } from "./filters.ts";
import type { HeadFollower } from "./heads.ts";
import type { NodeView } from "./interface.ts";
import type { RpcOptions } from "./options.ts";
import type { Subscriber, SubscriptionHub } from "./subscriptions.ts";
import type { WithdrawalProver } from "./withdrawals.ts";

/** What the methods work with. */
export interface RpcContext {
  options: RpcOptions;
  chain: ChainReader;
  pool: Mempool;
  node: NodeView;
  clock: Clock;
  log: Logger;
  heads: HeadFollower;
  blocks: BlockEncoder;
  /** Reads a transaction whose sender is known. */
  parse: (raw: Hex) => TypedTransaction;
  /** Aborts when the server stops. */
  stopping: AbortSignal;
  /** eth_sendRawTransactionSync calls that wait now. */
  syncWaiters: { count: number };
  withdrawals: WithdrawalProver;
  filters: FilterBook;
  subscriptions: SubscriptionHub;
}

/** One entry of the method table: the name, what it takes, and what it does. */
export interface RpcMethod {
  name: string;
  /** One sentence for the reference. */
  summary: string;
  /** A tuple; its items' descriptions name the parameters. */
  params: z.ZodTuple;
  /** What it answers, for the reference and the tests. */
  result: z.ZodType;
  /** Only over WebSocket: needs someone to notify. */
  needsSubscriber: boolean;
  handle(context: RpcContext, params: unknown, subscriber: Subscriber | undefined): unknown;
}

interface Definition<P extends z.ZodTuple> {
  name: string;
  summary: string;
  params: P;
  result: z.ZodType;
  /** Its result is sent as JSON; a promise is awaited. Failures are RpcErrors, or errors `toRpcError` knows. */
  handle(context: RpcContext, params: z.output<P>): unknown;
}

/** Declares a method. */
export function method<P extends z.ZodTuple>({ handle, ...rest }: Definition<P>): RpcMethod {
  return { ...rest, needsSubscriber: false, handle: (context, params) => handle(context, params as z.output<P>) };
}
