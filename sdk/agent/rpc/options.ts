/** Where the server listens and what it grants. */
export interface RpcOptions {
  host: string;
  /** 0 for any free port. */
  port: number;
  chainId: number;
  /** Answer to web3_clientVersion. */
  clientVersion: string;
  /** Origins of web pages that may call; "*" for all. Clients that are no web page are always served. */
  allowedOrigins: readonly string[];
  maxBodyBytes: number;
  /** Requests in one batch. */
  maxBatch: number;
  /** A batch that has produced this much gets errors for its remaining requests. */
  maxBatchResponseBytes: number;
  /** HTTP requests in work at one time; more are answered with 503. */
  maxConcurrentRequests: number;
  maxWebSockets: number;
  /** Requests of one WebSocket in work at one time; its socket is not read meanwhile. */
  maxRequestsPerWebSocket: number;
  maxSubscriptionsPerWebSocket: number;
  /** Unsent bytes after which a subscriber is closed as too slow. */
  maxSubscriberBacklogBytes: number;
  /** A WebSocket that did not answer the ping before is closed at the next. */
  pingIntervalMs: number;
  /** Filters that clients poll. */
  maxFilters: number;
  /** Changes that wait in one filter; one that exceeds it is forgotten. */
  maxFilterChanges: number;
  /** A filter that nobody asks for so long is forgotten. */
  filterLifetimeMs: number;
  /** Blocks one eth_getLogs may span. */
  maxLogBlocks: number;
  /** Logs one eth_getLogs may return. */
  maxLogs: number;
  /** Blocks one eth_feeHistory may span. */
  maxFeeHistoryBlocks: number;
  /** Transactions of the mempool that one answer shows. */
  maxPoolTransactions: number;
  /** Slots one baton_slots may span. */
  maxSlots: number;
  /** Checkpoints that one baton_attestedCheckpoints returns, the oldest first. */
  maxAttestedCheckpoints: number;
  /** Gas given to eth_call and eth_estimateGas at most. */
  callGasLimit: bigint;
  /** eth_sendRawTransactionSync waits this long when not told otherwise. */
  defaultSyncTimeoutMs: number;
  maxSyncTimeoutMs: number;
  /** eth_sendRawTransactionSync calls that wait at one time. */
  maxSyncWaiters: number;
  /** Suggested tip while recent blocks carry none, in wei per gas. */
  defaultPriorityFeePerGas: bigint;
  /** On stop, in-flight requests are given this long. */
  stopGraceMs: number;
}

export const DEFAULT_RPC_OPTIONS: Omit<RpcOptions, "port" | "chainId"> = {
  host: "127.0.0.1",
  clientVersion: "baton",
  allowedOrigins: [],
  // A largest transaction is 256 KiB of hexadecimal; this holds a batch of several.
  maxBodyBytes: 2 * 1024 * 1024,
  maxBatch: 100,
  maxBatchResponseBytes: 16 * 1024 * 1024,
  maxConcurrentRequests: 512,
  maxWebSockets: 256,
  maxRequestsPerWebSocket: 32,
  maxSubscriptionsPerWebSocket: 64,
  maxSubscriberBacklogBytes: 4 * 1024 * 1024,
  pingIntervalMs: 30_000,
  maxFilters: 1_024,
  maxFilterChanges: 10_000,
  filterLifetimeMs: 5 * 60 * 1000,
  maxLogBlocks: 1_024,
  maxLogs: 10_000,
  maxFeeHistoryBlocks: 256,
  maxPoolTransactions: 1_000,
  maxSlots: 64,
  // More than the pipeline ever leaves unsubmitted, some L1 blocks' worth of a reorg included.
  maxAttestedCheckpoints: 8,
  callGasLimit: 30_000_000n,
  defaultSyncTimeoutMs: 2_000,
  maxSyncTimeoutMs: 6_000,
  maxSyncWaiters: 256,
  defaultPriorityFeePerGas: 1_000_000n,
  stopGraceMs: 1_000,
};
