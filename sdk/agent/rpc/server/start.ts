import type { ChainReader } from "../../engine/interface.ts";
import { transactionParser } from "../../mempool/codec.ts";
import type { Mempool } from "../../mempool/interface.ts";
import type { Clock } from "../../time/interface.ts";
import type { Logger } from "../../types/logger.ts";
import { Dispatcher } from "../dispatcher.ts";
import { BlockEncoder } from "../encode/block.ts";
import { FilterBook } from "../filters.ts";
import { HeadFollower } from "../heads.ts";
import type { NodeView, RpcServer } from "../interface.ts";
import { RpcServerError } from "../interface.ts";
import { LogFeed } from "../log-feed.ts";
import { METHODS } from "../methods/index.ts";
import type { RpcOptions } from "../options.ts";
import { SubscriptionHub } from "../subscriptions.ts";
import { WithdrawalProver } from "../withdrawals.ts";
import { createHttp } from "./http.ts";
import { WebSocketGate } from "./websocket.ts";

export interface RpcDependencies {
  chain: ChainReader;
  pool: Mempool;
  node: NodeView;
  clock: Clock;
  log: Logger;
}

/** Starts the JSON-RPC server, HTTP and WebSocket on one port. Rejects with RpcServerError if it cannot listen. */
export async function startRpcServer(options: RpcOptions, dependencies: RpcDependencies): Promise<RpcServer> {
  const { chain, node, clock, log } = dependencies;
  const heads = new HeadFollower(chain, node, log);
  const blocks = new BlockEncoder();
  const logs = new LogFeed({ chain, heads, log });
  const hub = new SubscriptionHub({ ...dependencies, heads, blocks, logs });
  const filters = new FilterBook(options, { ...dependencies, heads, logs });
  const stopping = new AbortController();
  const context = {
    ...dependencies,
    options,
    heads,
    blocks,
    parse: transactionParser(options.chainId),
    stopping: stopping.signal,
    syncWaiters: { count: 0 },
    withdrawals: new WithdrawalProver(dependencies.chain),
    filters,
    subscriptions: hub,
  };
  const dispatcher = new Dispatcher(context, METHODS);
  const http = createHttp(dispatcher, options);
  const release = (): void => {
    hub.stop();
    filters.stop();
    logs.stop();
    heads.stop();
  };
  try {
    await http.listen({ host: options.host, port: options.port });
  } catch (error) {
    release();
    await http.close();
    throw listenError(error as NodeJS.ErrnoException, options);
  }
  const gate = new WebSocketGate(http.server, options, { dispatcher, hub, clock });
  const bound = http.server.address();
  const port = typeof bound === "object" && bound !== null ? bound.port : options.port;
  const stop = async (): Promise<void> => {
    stopping.abort();
    release();
    gate.stop();
    const cancel = clock.at(clock.nowMs() + options.stopGraceMs, () => {
      gate.cutOff();
      http.server.closeAllConnections();
    });
    await http.close();
    cancel();
    gate.cutOff();
  };
  let stopped: Promise<void> | undefined;
  return {
    url: `http://${options.host.includes(":") ? `[${options.host}]` : options.host}:${port}`,
    port,
    stop: () => {
      stopped ??= stop();
      return stopped;
    },
  };
}

function listenError(error: NodeJS.ErrnoException, { host, port }: RpcOptions): RpcServerError {
  const where = `JSON-RPC cannot listen on ${host}:${port}`;
  switch (error.code) {
    case "EADDRINUSE":
      return new RpcServerError(
        "port-in-use",
        `${where}: the port is in use; stop what uses it or choose another rpc port`,
      );
    case "EACCES":
      return new RpcServerError("no-permission", `${where}: not permitted; choose a port above 1023`);
    case "EADDRNOTAVAIL":
    case "ENOTFOUND":
      return new RpcServerError(
        "no-such-address",
        `${where}: this machine has no such address; use 127.0.0.1 or 0.0.0.0`,
      );
    default:
      return new RpcServerError("listen-failed", `${where}: ${error.message}`);
  }
}
