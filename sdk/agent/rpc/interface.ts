import type { CheckpointRecord } from "../store/interface.ts";
import type { Tip, Tips } from "../types/tips.ts";

/** What the node says of itself. */
export interface NodeStatus {
  /** Shown to operators, such as "validator" or "follower". */
  role: string;
  peers: number;
  /** The slot it is now. */
  slot: number;
  /** While the node catches up: L2 block numbers; undefined when it is in step. */
  syncing: { startingBlock: number; currentBlock: number; highestBlock: number } | undefined;
}

/** The node as JSON-RPC sees it, beside the chain and the mempool. */
export interface NodeView {
  tips(): Tips;
  status(): NodeStatus;
  /** What is held of the checkpoint of a submission slot. */
  checkpoint(slot: number): CheckpointRecord | undefined;
  /** Gossips a transaction that the mempool accepted, as its EIP-2718 encoding. */
  broadcast(raw: `0x${string}`): Promise<void>;
  /** Calls `listener` after each change of the head, when the chain already answers for it; also after a discard. */
  onHead(listener: (head: Tip) => void): () => void;
}

/** A started server. */
export interface RpcServer {
  /** Where it listens, for example "http://127.0.0.1:8545"; WebSocket on the same port. */
  readonly url: string;
  readonly port: number;
  /** Answers what is in flight, closes subscribers with 1001, and frees the port. */
  stop(): Promise<void>;
}

/** Why the server cannot start. */
export class RpcServerError extends Error {
  readonly code: "port-in-use" | "no-permission" | "no-such-address" | "listen-failed";
  constructor(code: RpcServerError["code"], message: string) {
    super(message);
    this.name = "RpcServerError";
    this.code = code;
  }
}
