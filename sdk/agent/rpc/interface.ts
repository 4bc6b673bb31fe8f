import type { Hex } from "../../types/hex.ts";
import type { L1Health } from "../l1/endpoints/interface.ts";
import type { FundingView } from "../pipeline/funding.ts";
import type { CheckpointRecord } from "../store/interface.ts";
import type { Certificate, CheckpointProposal, Statement } from "../types/messages.ts";
import type { Tip, Tips } from "../types/tips.ts";

/** What the node says of itself. */
export interface NodeStatus {
  /** Shown to operators, such as "validator" or "follower". */
  role: string;
  /** Public keys of its validators, uncompressed G2, 192 bytes. */
  validators: readonly Hex[];
  peers: number;
  /** The slot it is now. */
  slot: number;
  /** While the node catches up: L2 block numbers; undefined when it is in step. */
  syncing: { startingBlock: number; currentBlock: number; highestBlock: number } | undefined;
  /** The L1 nodes, as this agent finds them. */
  l1: L1Health;
  /** The L1 accounts' money; undefined without an account, and before it was first looked at. */
  funding: FundingView | undefined;
  /** Validators that signed two things for one slot, as seen here: the newest few, oldest first. */
  equivocations: readonly SeenEquivocation[];
}

export interface SeenEquivocation {
  slot: number;
  /** Indices in the slot's set. */
  validators: number[];
  kinds: readonly [Statement["kind"], Statement["kind"]];
  /** L1 takes the evidence no more: it has been shown there, or is too old. */
  isOver: boolean;
}

/** Where the rollup stands on L1. */
export interface RollupLocation {
  rollup: Hex;
  /** Of L1. */
  chainId: number;
  /** L1 block of the deployment. */
  deploymentBlock: number;
}

/** A checkpoint that a quorum signed and that is not on L1 as far as this node has seen. */
export interface AttestedCheckpoint {
  slot: number;
  digest: Hex;
  proposal: CheckpointProposal;
  certificate: Certificate;
}

/** The node as JSON-RPC sees it, beside the chain and the mempool. */
export interface NodeView {
  tips(): Tips;
  status(): NodeStatus;
  /** What is held of the checkpoint of a submission slot. */
  checkpoint(slot: number): CheckpointRecord | undefined;
  /** Ascending by slot. */
  attested(): AttestedCheckpoint[];
  /** Data of the blocks of a slot, in order; empty if nothing is held. */
  blockDatas(slot: number): Uint8Array[];
  location(): RollupLocation;
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
