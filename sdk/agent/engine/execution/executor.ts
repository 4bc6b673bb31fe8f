import { type Block, createBlock } from "@ethereumjs/block";
import type { Common } from "@ethereumjs/common";
import { Account, Address } from "@ethereumjs/util";
import { encodeReceipt, runTx } from "@ethereumjs/vm";
import type { Withdrawal } from "../../../types/payload.ts";
import { assembleBlock, type BlockEnvironment, environmentFields, type KnownBlock } from "../chain/block.ts";
import { toBytes } from "../hex.ts";
import { StateLayer } from "../state/state-layer.ts";
import { DamagedDatabase, type StateSource } from "../state/state-reader.ts";
import { collectNodes, type SealedNode } from "../state/state-store.ts";
import {
  BEACON_ROOTS_ADDRESS,
  BLOCK_HASHES_ADDRESS,
  CONSOLIDATION_REQUESTS_ADDRESS,
  SYSTEM_ADDRESS,
  WITHDRAWAL_REQUESTS_ADDRESS,
} from "../system-contracts.ts";
import type { HashKey } from "../trie/node.ts";
import { orderedRoot } from "../trie/ordered-root.ts";
import { type Refusal, refuse } from "./admission.ts";
import { createMachine, type Machine, reset } from "./machine.ts";
import { type DecodedTransaction, shortReason } from "./transactions.ts";

const SYSTEM_CALL_GAS = 30_000_000n;
const WEI_PER_GWEI = 1_000_000_000n;
/** Requests waiting in an EIP-7002 or EIP-7251 queue are counted in this storage slot of its contract. */
const REQUEST_COUNT_SLOT = new Uint8Array(32).fill(1, 31);
/** All that the system call of such a queue reads: excess, count, head and tail. */
const QUEUE_SLOTS = [0, 1, 2, 3].map((slot) => new Uint8Array(32).fill(slot, 31));
const REQUEST_QUEUES = [WITHDRAWAL_REQUESTS_ADDRESS, CONSOLIDATION_REQUESTS_ADDRESS].map((hex) => toBytes(hex));

/** A block being executed: everything it has done so far is in here and nowhere else. */
export interface OpenBlock {
  readonly env: BlockEnvironment;
  /** The environment in the form the EVM reads it. */
  readonly context: Block;
  readonly layer: StateLayer;
  readonly transactions: DecodedTransaction[];
  /** Consensus encodings, one per transaction. */
  readonly receipts: Uint8Array[];
  /** Where the block stood before each transaction, so that it can be undone. */
  readonly marks: Mark[];
  bloom: Uint8Array;
  gasUsed: bigint;
  logCount: number;
}

/** Where a block stands before one of its transactions. */
export interface Mark {
  /** Checkpoints of the layer that were open; the transaction's own stays open above them. */
  readonly depth: number;
  readonly gasUsed: bigint;
  readonly bloom: Uint8Array;
  readonly logCount: number;
}

/** A finished block with all that the database needs to keep it. */
export interface SealedBlock {
  block: KnownBlock;
  receipts: Uint8Array[];
  nodes: SealedNode[];
  codes: Map<HashKey, Uint8Array>;
}

/** A finished block and the balances that some of its transactions changed. */
export type Sealing = SealedBlock & { balances: ReturnType<StateLayer["balancesSince"]> };

export type RunResult = { outcome: "included"; gasUsed: bigint } | Refusal;

/** Executes blocks by Ethereum's rules. One operation at a time: callers queue. */
export class Executor {
  readonly #rules: Common;
  readonly #source: StateSource;
  readonly #machine: Machine;
  readonly #beforeTransaction: () => void;

  private constructor(rules: Common, source: StateSource, machine: Machine, beforeTransaction: () => void) {
    this.#rules = rules;
    this.#source = source;
    this.#machine = machine;
    this.#beforeTransaction = beforeTransaction;
  }

  /** `beforeTransaction` runs between any two transactions: a busy thread's chance to look at its messages. */
  static async create(rules: Common, source: StateSource, beforeTransaction = (): void => {}): Promise<Executor> {
    return new Executor(rules, source, await createMachine(rules), beforeTransaction);
  }

  /** Starts a block on a parent state and runs what comes before the first transaction. */
  async open(parentStateRoot: Uint8Array, env: BlockEnvironment): Promise<OpenBlock> {
    const open: OpenBlock = {
      env,
      context: createBlock({ header: environmentFields(env) }, { common: this.#rules }),
      layer: new StateLayer(this.#source, parentStateRoot),
      transactions: [],
      receipts: [],
      marks: [],
      bloom: new Uint8Array(256),
      gasUsed: 0n,
      logCount: 0,
    };
    await this.#systemCall(open, toBytes(BEACON_ROOTS_ADDRESS), new Uint8Array(32));
    await this.#systemCall(open, toBytes(BLOCK_HASHES_ADDRESS), env.parentHash);
    return open;
  }

  /** Runs one transaction at the end of the block; anything but "included" leaves no trace. */
  async run(open: OpenBlock, transaction: DecodedTransaction): Promise<RunResult> {
    this.#beforeTransaction();
    const { tx, sender } = transaction;
    const { layer } = open;
    const account = layer.account(sender.bytes);
    const refusal = refuse(tx, account, () => layer.code((account ?? new Account()).codeHash), {
      baseFeePerGas: open.env.baseFeePerGas,
      gasLimit: open.env.gasLimit,
      gasUsed: open.gasUsed,
    });
    if (refusal !== undefined) return refusal;

    this.#machine.state.use(layer);
    const { depth } = layer;
    layer.checkpoint();
    try {
      const result = await runTx(this.#machine.vm, { tx, block: open.context, blockGasUsed: open.gasUsed });
      if (this.#hasRequests(layer)) {
        layer.revert();
        return {
          outcome: "invalid",
          reason: "queues a beacon chain request (EIP-7002, EIP-7251), which has no taker here",
        };
      }
      open.marks.push({ depth, gasUsed: open.gasUsed, bloom: open.bloom, logCount: open.logCount });
      open.logCount += result.receipt.logs.length;
      open.gasUsed += result.totalGasSpent;
      open.transactions.push(transaction);
      open.receipts.push(encodeReceipt(result.receipt, tx.type));
      open.bloom = open.bloom.map((byte, i) => byte | (result.bloom.bitvector[i] as number));
      return { outcome: "included", gasUsed: result.totalGasSpent };
    } catch (error) {
      // Broken off with an unknown number of calls open.
      layer.revertTo(depth);
      reset(this.#machine);
      if (error instanceof DamagedDatabase) throw error;
      return { outcome: "invalid", reason: shortReason(error) };
    }
  }

  /** Undoes the newest transactions until `count` are left. */
  undo(open: OpenBlock, count: number): void {
    const mark = open.marks[count];
    if (mark === undefined) return;
    open.layer.revertTo(mark.depth);
    open.gasUsed = mark.gasUsed;
    open.bloom = mark.bloom;
    open.logCount = mark.logCount;
    open.transactions.length = open.receipts.length = open.marks.length = count;
  }

  /**
   * Computes the block as it stands, with what comes after its last transaction; `open` can go on afterwards.
   * @param from The first transaction whose changes the balances tell.
   */
  async seal(open: OpenBlock, withdrawals: Withdrawal[], from = open.marks.length): Promise<Sealing> {
    const { layer } = open;
    const { depth } = layer;
    layer.checkpoint();
    try {
      return await this.#seal(open, withdrawals, open.marks[from]?.depth ?? depth);
    } finally {
      layer.revertTo(depth);
    }
  }

  async #seal(open: OpenBlock, withdrawals: Withdrawal[], changedFrom: number): Promise<Sealing> {
    const { layer } = open;
    for (const { address, amountGwei } of withdrawals) credit(layer, toBytes(address), amountGwei * WEI_PER_GWEI);
    for (const queue of REQUEST_QUEUES) {
      // Where all it reads is zero the call writes nothing and answers nothing: with each block, and each candidate.
      const isIdle = QUEUE_SLOTS.every((slot) => layer.storage(queue, slot).length === 0);
      if (!isIdle) await this.#systemCall(open, queue, new Uint8Array(0));
    }
    const nodes: SealedNode[] = [];
    const { root, codes } = layer.seal(collectNodes(nodes));
    const block = assembleBlock(
      this.#rules,
      open.env,
      open.transactions.map(({ raw }) => raw),
      withdrawals,
      { stateRoot: root, receiptTrie: orderedRoot(open.receipts), logsBloom: open.bloom, gasUsed: open.gasUsed },
    );
    return { block, receipts: [...open.receipts], nodes, codes, balances: layer.balancesSince(changedFrom) };
  }

  async #systemCall(open: OpenBlock, to: Uint8Array, data: Uint8Array): Promise<void> {
    const { evm, state } = this.#machine;
    state.use(open.layer);
    const call = {
      block: open.context,
      caller: new Address(toBytes(SYSTEM_ADDRESS)),
      to: new Address(to),
      data,
      gasLimit: SYSTEM_CALL_GAS,
      skipNonceIncrement: true,
    };
    const { execResult } = await evm.runCall(call).catch((error: unknown) => {
      reset(this.#machine); // broken off in its middle by the state below
      throw error;
    });
    if (execResult.exceptionError !== undefined) {
      throw new Error(
        `system contract 0x${Buffer.from(to).toString("hex")} failed: ${execResult.exceptionError.error}`,
      );
    }
    // The call touched the system address, which does not exist: touched empty accounts leave the state (EIP-161).
    await evm.journal.cleanup();
    state.clearCaches();
  }

  #hasRequests(layer: StateLayer): boolean {
    return REQUEST_QUEUES.some((address) => layer.storage(address, REQUEST_COUNT_SLOT).length > 0);
  }
}

/** EIP-4895: unconditional; an account that is still empty afterwards does not come into being (EIP-161). */
function credit(layer: StateLayer, address: Uint8Array, amountWei: bigint): void {
  const account = layer.account(address) ?? new Account();
  account.balance += amountWei;
  if (account.isEmpty()) layer.deleteAccount(address);
  else layer.setAccount(address, account);
}
