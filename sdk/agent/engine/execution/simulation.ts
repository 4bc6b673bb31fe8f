import type { Common } from "@ethereumjs/common";
import { createFeeMarket1559Tx } from "@ethereumjs/tx";
import { Account, unpadBytes } from "@ethereumjs/util";
import { Bloom, encodeReceipt } from "@ethereumjs/vm";
import type { Hex } from "../../../types/hex.ts";
import type { BlockOverrides } from "../../types/calls.ts";
import { assembleBlock, type BlockEnvironment, environmentFields, type KnownBlock, toPayload } from "../chain/block.ts";
import { toBytes, toHex } from "../hex.ts";
import {
  type CallRequest,
  EngineError,
  type SimulatedBlock,
  type SimulatedCall,
  type SimulationStep,
} from "../interface.ts";
import { StateLayer } from "../state/state-layer.ts";
import type { StateSource } from "../state/state-reader.ts";
import { BEACON_ROOTS_ADDRESS, BLOCK_HASHES_ADDRESS, BLOCK_HASHES_WINDOW } from "../system-contracts.ts";
import { orderedRoot } from "../trie/ordered-root.ts";
import type { CallMachine, EvmLog } from "./call-machine.ts";
import { gasPrice } from "./call-request.ts";
import { overrideState } from "./overrides.ts";

/** Blocks of one simulation, those that fill gaps between numbers included. */
export const MAX_SIMULATED_BLOCKS = 256;
const NOBODY: Hex = `0x${"0".repeat(40)}`;
const FEE_MARKET_TYPE = 2;

/** What a block under simulation has so far. */
interface OpenSimulation {
  env: BlockEnvironment;
  layer: StateLayer;
  transactions: Uint8Array[];
  receipts: Uint8Array[];
  calls: SimulatedCall[];
  bloom: Bloom;
  gasUsed: bigint;
  logCount: number;
}

/** Runs blocks of calls one upon the other, none of which is kept: calls need no signature, and pay only what they offer. */
export class Simulation {
  readonly #rules: Common;
  readonly #machine: CallMachine;
  readonly #layer: StateLayer;
  #parent: KnownBlock;
  /** Gas that all of it may still use: as much as one block. */
  #budget: bigint;

  constructor(rules: Common, machine: CallMachine, source: StateSource, base: KnownBlock) {
    this.#rules = rules;
    this.#machine = machine;
    this.#layer = new StateLayer(source, base.header.stateRoot);
    this.#parent = base;
    this.#budget = base.header.gasLimit;
  }

  /** Rejects with EngineError "bad-request" if a block or a call cannot come where it stands. */
  async run(steps: readonly SimulationStep[]): Promise<SimulatedBlock[]> {
    const blocks: SimulatedBlock[] = [];
    for (const step of steps) {
      const next = this.#parent.header.number + 1n;
      const number = step.block?.number ?? next;
      if (number < next) throw refusal(`block numbers must ascend: expected at least ${next}, got ${number}`);
      if (blocks.length + Number(number - next) >= MAX_SIMULATED_BLOCKS) {
        throw refusal(`expected at most ${MAX_SIMULATED_BLOCKS} blocks, those between the numbered ones included`);
      }
      for (let gap = next; gap < number; gap++) blocks.push(await this.#runBlock({ calls: [] }, blocks.length));
      blocks.push(await this.#runBlock(step, blocks.length));
    }
    return blocks;
  }

  async #runBlock({ block = {}, state = {}, calls }: SimulationStep, position: number): Promise<SimulatedBlock> {
    const layer = this.#layer;
    const env = this.#environment(block);
    // What the system contracts note at the start of a block: its parent's hash, and its time beside no beacon root.
    layer.setStorage(toBytes(BLOCK_HASHES_ADDRESS), ringSlot(env.number - 1n), unpadBytes(env.parentHash));
    layer.setStorage(toBytes(BEACON_ROOTS_ADDRESS), ringSlot(env.timestamp), unpadBytes(word(env.timestamp)));
    overrideState(layer, state);
    const lists = { transactions: [], receipts: [], calls: [] };
    const open: OpenSimulation = { env, layer, ...lists, bloom: new Bloom(), gasUsed: 0n, logCount: 0 };
    for (const [index, call] of calls.entries()) await this.#runCall(open, call, `call ${index} of block ${position}`);
    const { root } = layer.seal(() => undefined);
    const assembled = assembleBlock(this.#rules, env, open.transactions, [], {
      stateRoot: root,
      receiptTrie: orderedRoot(open.receipts),
      logsBloom: open.bloom.bitvector,
      gasUsed: open.gasUsed,
    });
    this.#parent = assembled;
    return { payload: toPayload(assembled), calls: open.calls };
  }

  async #runCall(open: OpenSimulation, call: CallRequest, where: string): Promise<void> {
    const { env, layer } = open;
    const left = env.gasLimit - open.gasUsed;
    if ((call.gas ?? 0n) > left) throw refusal(`${where}: asks for ${call.gas} gas, the block has ${left} left`);
    const offered = call.gas ?? left;
    const gasLimit = offered < this.#budget ? offered : this.#budget;
    const sender = toBytes(call.from ?? NOBODY);
    const nonce = layer.account(sender)?.nonce ?? 0n;
    const execution = await this.#machine.run(call, layer, environmentFields(env), gasLimit);
    if (execution.gasUsed === 0n && !execution.ok) throw refusal(`${where}: ${execution.reason}`);
    this.#pay(open, call, gasLimit, execution.gasUsed);
    open.gasUsed += execution.gasUsed;
    this.#budget -= execution.gasUsed;
    const bloom = new Bloom();
    for (const [address, topics] of execution.logs) for (const part of [address, ...topics]) bloom.add(part);
    open.bloom.or(bloom);
    const status = execution.ok ? 1 : 0;
    const { bitvector } = bloom;
    const receipt = { status, cumulativeBlockGasUsed: open.gasUsed, bitvector, logs: execution.logs } as const;
    open.receipts.push(encodeReceipt(receipt, FEE_MARKET_TYPE));
    open.transactions.push(this.#unsigned(call, nonce, gasLimit));
    open.calls.push({
      ok: execution.ok,
      data: execution.data,
      gasUsed: execution.gasUsed,
      logs: execution.logs.map((log) => describe(log, open.logCount++)),
      ...(execution.ok ? {} : { reason: execution.reason }),
    });
  }

  /** What was bought and not used goes back, and the tip to the block's recipient. */
  #pay({ env, layer }: OpenSimulation, call: CallRequest, gasLimit: bigint, gasUsed: bigint): void {
    const price = gasPrice(call, env.baseFeePerGas);
    if (price === 0n) return;
    credit(layer, toBytes(call.from ?? NOBODY), (gasLimit - gasUsed) * price);
    if (price > env.baseFeePerGas) credit(layer, env.feeRecipient, gasUsed * (price - env.baseFeePerGas));
  }

  /** The call as the transaction that nobody signed: what stands in the block for it. */
  #unsigned(call: CallRequest, nonce: bigint, gasLimit: bigint): Uint8Array {
    return createFeeMarket1559Tx(
      {
        nonce,
        gasLimit,
        maxFeePerGas: call.maxFeePerGas ?? call.gasPrice ?? 0n,
        maxPriorityFeePerGas: call.maxPriorityFeePerGas ?? call.gasPrice ?? 0n,
        value: call.value ?? 0n,
        ...(call.to && { to: call.to }),
        ...(call.data && { data: call.data }),
        ...(call.accessList && { accessList: call.accessList }),
      },
      { common: this.#rules },
    ).serialize();
  }

  #environment(overrides: BlockOverrides): BlockEnvironment {
    const { header, hash } = this.#parent;
    const timestamp = overrides.time ?? header.timestamp + 1n;
    if (timestamp <= header.timestamp) {
      throw refusal(`block times must ascend: expected more than ${header.timestamp}, got ${timestamp}`);
    }
    return {
      parentHash: toBytes(hash),
      number: header.number + 1n,
      timestamp,
      prevRandao: overrides.prevRandao === undefined ? new Uint8Array(32) : toBytes(overrides.prevRandao),
      feeRecipient: overrides.feeRecipient === undefined ? header.coinbase.bytes : toBytes(overrides.feeRecipient),
      gasLimit: overrides.gasLimit ?? header.gasLimit,
      baseFeePerGas: overrides.baseFeePerGas ?? 0n,
      extraData: new Uint8Array(0),
    };
  }
}

const word = (value: bigint): Uint8Array => toBytes(`0x${value.toString(16).padStart(64, "0")}`);
/** EIP-2935 and EIP-4788 keep the latest of their kind in rings of one size. */
const ringSlot = (index: bigint): Uint8Array => word(index % BLOCK_HASHES_WINDOW);

const refusal = (message: string): EngineError => new EngineError("bad-request", `simulation: ${message}`);

function credit(layer: StateLayer, address: Uint8Array, amountWei: bigint): void {
  const account = layer.account(address) ?? new Account();
  account.balance += amountWei;
  layer.setAccount(address, account);
}

const describe = ([address, topics, data]: EvmLog, logIndex: number): SimulatedCall["logs"][number] => ({
  address: toHex(address),
  topics: topics.map(toHex),
  data: toHex(data),
  logIndex,
});
