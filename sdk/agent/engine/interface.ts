import type { Hex } from "../../types/hex.ts";
import type { ExecutionPayload, PayloadAttributes } from "../../types/payload.ts";
import type { AccessListEntry, AccessListResult, AccountProof, Authorization, CallOverrides } from "../types/calls.ts";

/** Answer to `newPayload` and `forkchoiceUpdated`, as in the Engine API. */
export interface PayloadStatus {
  status: "VALID" | "INVALID" | "SYNCING";
  /** Why it is INVALID, or which parent is missing when SYNCING. */
  reason?: string;
  /** Set if the block is INVALID because it does not begin with the forced transactions that can run. */
  code?: "forced-transactions";
}

export interface ForkchoiceState {
  headBlockHash: Hex;
  safeBlockHash: Hex;
  finalizedBlockHash: Hex;
}

/** What became of one transaction offered to a payload under construction. */
export type AppendResult =
  | { hash: Hex; outcome: "included"; gasUsed: bigint; tookMs: number }
  /** Does not fit the rest of the block; try the next block. */
  | { hash: Hex; outcome: "skipped"; reason: string }
  /** Handed on to the pool of an execution client, which decides: whether it is in the block, the payload shows. */
  | { hash: Hex; outcome: "offered" }
  /** Can never run as it is (bad signature, nonce too low, wrong chain): drop it. */
  | { hash: Hex; outcome: "invalid"; reason: string };

/** A payload under construction, sealed as it stood: a valid block. */
export interface SealedCandidate {
  payload: ExecutionPayload;
  /** Of the transactions asked for. */
  receipts: TransactionReceipt[];
  /** Wei after the block, by the address of each account that these transactions, or what follows them, changed. */
  balancesWei: Record<Hex, bigint>;
}

/** Builds and executes L2 blocks and keeps their state. Shaped like the Engine API. */
export interface ExecutionEngine {
  readonly genesisHash: Hex;
  /** Sets the canonical head; any known valid block may be named, also one off the current chain. */
  forkchoiceUpdated(state: ForkchoiceState): Promise<PayloadStatus>;
  /**
   * Executes a block on its parent and keeps it; does not move the head. Known blocks are not executed again.
   * @param forced What it must begin with, as far as it can run: see `PayloadAttributes`.
   */
  newPayload(payload: ExecutionPayload, forced?: readonly Hex[]): Promise<PayloadStatus>;
  /**
   * Opens a payload on any known block. At most `MAX_OPEN_PAYLOADS`; the oldest is dropped. Rejects with EngineError
   * "unsupported" if the engine cannot begin a block with what is forced.
   */
  startPayload(parentHash: Hex, attributes: PayloadAttributes): Promise<string>;
  /**
   * Appends signed transactions in order; stops early, leaving the rest unanswered, once `untilMs` (Unix ms) has passed.
   * Rejects with EngineError "unknown-payload".
   */
  appendTransactions(payloadId: string, transactions: Hex[], untilMs: number): Promise<AppendResult[]>;
  /** Seals the payload, keeps it as an executed block (as newPayload would) and forgets the id. */
  getPayload(payloadId: string): Promise<ExecutionPayload>;
  close(): Promise<void>;
}

/**
 * An engine that fills its payloads with what it is given and nothing else, so that they can be sealed as they grow and
 * taken back. One that fills them from a pool of its own is none.
 */
export interface CandidateEngine extends ExecutionEngine {
  /**
   * Undoes the newest transactions of a payload until `count` are left, those that were forced included: as if they had
   * never been appended.
   */
  undoTransactions(payloadId: string, count: number): Promise<void>;
  /**
   * Seals the payload as it stands, while it stays open. Of the candidates so sealed the engine holds this one and
   * `best`.
   * @param from The first transaction to be told about in receipts and balances.
   */
  sealCandidate(payloadId: string, from: number, best?: Hex): Promise<SealedCandidate>;
  /** Keeps a held candidate as an executed block (as newPayload would) and forgets the payload. */
  keepCandidate(payloadId: string, blockHash: Hex): Promise<void>;
  /** Abandons a payload: what is being appended to it ends after the transaction that runs. An unknown one is none. */
  dropPayload(payloadId: string): Promise<void>;
}

export const sealsCandidates = (engine: ExecutionEngine): engine is CandidateEngine => "sealCandidate" in engine;

/** A block to read state at: its hash, or a name resolved against the last forkchoice. */
export type BlockRef = Hex | number | "earliest" | "latest" | "safe" | "finalized";

export interface CallRequest {
  from?: Hex;
  to?: Hex;
  data?: Hex;
  value?: bigint;
  gas?: bigint;
  gasPrice?: bigint;
  maxFeePerGas?: bigint;
  maxPriorityFeePerGas?: bigint;
  accessList?: AccessListEntry[];
  /** EIP-7702, signed. */
  authorizations?: Authorization[];
}

export interface CallFailure {
  ok: false;
  /** What the contract reverted with; empty if it failed otherwise. */
  data: Hex;
  reason: string;
}

export type CallOutcome = { ok: true; data: Hex } | CallFailure;

/** `gasUsed` is a gas limit that is enough. */
export type GasEstimate = { ok: true; gasUsed: bigint } | CallFailure;

/** What an engine that runs calls itself knows of one. */
export type CallResult = CallOutcome & { gasUsed: bigint };

export interface LogEntry {
  address: Hex;
  topics: Hex[];
  data: Hex;
  logIndex: number;
}

export interface TransactionReceipt {
  transactionHash: Hex;
  transactionIndex: number;
  blockHash: Hex;
  blockNumber: number;
  from: Hex;
  to: Hex | null;
  contractAddress: Hex | null;
  type: number;
  status: 0 | 1;
  gasUsed: bigint;
  cumulativeGasUsed: bigint;
  effectiveGasPrice: bigint;
  logsBloom: Hex;
  logs: LogEntry[];
}

/** A signed transaction and where it is on the canonical chain. */
export interface LocatedTransaction {
  raw: Hex;
  blockHash: Hex;
  blockNumber: number;
  index: number;
}

/** One block of a simulation: how its world differs, and what is called in it. */
export interface SimulationStep extends CallOverrides {
  calls: CallRequest[];
}

/** What a simulated call did. */
export interface SimulatedCall {
  ok: boolean;
  /** What it returned, or reverted with. */
  data: Hex;
  gasUsed: bigint;
  logs: LogEntry[];
  /** Why it failed. */
  reason?: string;
}

/** A block that nobody built; its transactions are the calls, unsigned. */
export interface SimulatedBlock {
  payload: ExecutionPayload;
  calls: SimulatedCall[];
}

/** Reads for JSON-RPC and the mempool. Unknown blocks reject with EngineError "unknown-block". */
export interface ChainReader {
  getBlock(block: BlockRef): Promise<ExecutionPayload | undefined>;
  getAccount(address: Hex, block: BlockRef): Promise<{ nonce: number; balance: bigint }>;
  getCode(address: Hex, block: BlockRef): Promise<Hex>;
  getStorageAt(address: Hex, slot: Hex, block: BlockRef): Promise<Hex>;
  call(request: CallRequest, block: BlockRef, overrides?: CallOverrides): Promise<CallOutcome>;
  estimateGas(request: CallRequest, block: BlockRef, overrides?: CallOverrides): Promise<GasEstimate>;
  /** What a transaction would touch, and its gas if it declared that. */
  createAccessList(request: CallRequest, block: BlockRef, overrides?: CallOverrides): Promise<AccessListResult>;
  /** Blocks of calls, one upon the other, on top of `block`. */
  simulate(steps: readonly SimulationStep[], block: BlockRef): Promise<SimulatedBlock[]>;
  /** @param slots 32 bytes each. */
  getProof(address: Hex, slots: readonly Hex[], block: BlockRef): Promise<AccountProof>;
  /** Canonical chain only. */
  getReceipt(transactionHash: Hex): Promise<TransactionReceipt | undefined>;
  getReceipts(block: BlockRef): Promise<TransactionReceipt[]>;
  /** Canonical chain only. */
  getTransaction(transactionHash: Hex): Promise<LocatedTransaction | undefined>;
  /** Base fee of the block after `block`. */
  getNextBaseFee(block: BlockRef): Promise<bigint>;
}

/** Engine failures that are the caller's to handle. */
export class EngineError extends Error {
  /**
   * `other-chain`: the database holds a chain with another genesis. `overloaded`: too many requests are outstanding, try
   * later. `pruned`: it was known, and is kept no longer. `other-version`: the database is of a newer version. `crashed`: the engine ended unexpectedly and must be opened again. Of an execution client: `unavailable`: no
   * usable answer; `unauthorized`: it does not take the token; `unsupported`: it cannot do what was asked.
   */
  readonly code:
    | "unknown-block"
    | "unknown-payload"
    | "pruned"
    | "other-version"
    | "closed"
    | "bad-request"
    | "other-chain"
    | "overloaded"
    | "crashed"
    | "unavailable"
    | "unauthorized"
    | "unsupported";
  constructor(code: EngineError["code"], message: string) {
    super(message);
    this.name = "EngineError";
    this.code = code;
  }
}

/** Payloads a proposer may have open at once; an older one is abandoned work. */
export const MAX_OPEN_PAYLOADS = 8;
