import { createBlock } from "@ethereumjs/block";
import type { Common } from "@ethereumjs/common";
import { Account, Address } from "@ethereumjs/util";
import type { Hex } from "../../../types/hex.ts";
import type { KnownBlock } from "../chain/block.ts";
import { isHex, toBytes, toHex } from "../hex.ts";
import { type CallRequest, type CallResult, EngineError } from "../interface.ts";
import { Serial } from "../serial.ts";
import { StateLayer } from "../state/state-layer.ts";
import { DamagedDatabase, type StateSource } from "../state/state-reader.ts";
import { createMachine, type Machine, reset } from "./machine.ts";
import { revertReason } from "./revert-reason.ts";
import { shortReason } from "./transactions.ts";

/** Calls waiting or running at once; more are refused, because each may take as long as a block. */
export const MAX_WAITING_CALLS = 64;
/** An estimate is at most this much, in parts of 10,000, above what the transaction needs. */
const ESTIMATE_TOLERANCE = 150n;
const TRANSFER_GAS = 21_000n;
/** At most a fifth of the gas used is refunded (EIP-3529). */
const MAX_REFUND_QUOTIENT = 5n;
const NO_BYTES = new Uint8Array(0);
const NOBODY: Hex = `0x${"0".repeat(40)}`;

/** Runs transactions that are never kept, each on a state of its own. Has its own EVM, so blocks do not wait for it. */
export class CallRunner {
  readonly #rules: Common;
  readonly #source: StateSource;
  readonly #machine: Machine;
  readonly #serial = new Serial();
  #waiting = 0;

  private constructor(rules: Common, source: StateSource, machine: Machine) {
    this.#rules = rules;
    this.#source = source;
    this.#machine = machine;
  }

  static async create(rules: Common, source: StateSource): Promise<CallRunner> {
    return new CallRunner(rules, source, await createMachine(rules));
  }

  /** Executes on top of `block`, in its context, with at most its gas limit. */
  call(request: CallRequest, block: KnownBlock): Promise<CallResult> {
    check(request);
    return this.#queue(() => this.#execute(request, block, gasCap(request, block)));
  }

  /** The smallest gas limit (within 1.5 %) at which the transaction succeeds; the failure itself if it never does. */
  estimateGas(request: CallRequest, block: KnownBlock): Promise<CallResult> {
    check(request);
    return this.#queue(() => this.#estimate(request, block));
  }

  /** Resolves when no call is running. */
  idle(): Promise<void> {
    return this.#serial.idle();
  }

  async #estimate(request: CallRequest, block: KnownBlock): Promise<CallResult> {
    const cap = gasCap(request, block);
    if ((request.data ?? "0x") === "0x" && request.to !== undefined) {
      const transfer = await this.#execute(request, block, TRANSFER_GAS);
      if (transfer.ok) return { ...transfer, gasUsed: TRANSFER_GAS };
    }
    const generous = await this.#execute(request, block, cap);
    if (!generous.ok) return generous;
    // What was used is a lower bound; one part in 64 stays behind at each call, so a little more nearly always suffices.
    let low = generous.gasUsed - 1n;
    let high = cap;
    let probe = (generous.gasUsed * 65n) / 64n + 2_300n;
    while (high - low > (high * ESTIMATE_TOLERANCE) / 10_000n) {
      if (probe <= low || probe >= high) probe = (low + high) / 2n;
      if ((await this.#execute(request, block, probe)).ok) high = probe;
      else low = probe;
      probe = (low + high) / 2n;
    }
    return { ...generous, gasUsed: high };
  }

  /** Like a transaction, but by anybody and at any price: no signature, no nonce, and contracts may be senders too. */
  async #execute(request: CallRequest, block: KnownBlock, gasLimit: bigint): Promise<CallResult> {
    const { evm, state } = this.#machine;
    const data = request.data === undefined ? NO_BYTES : toBytes(request.data);
    const { base, floor } = intrinsicGas(data, request.to === undefined);
    if (gasLimit < base || gasLimit < floor) return failure(`gas limit ${gasLimit} is below the intrinsic gas ${base}`);
    const layer = new StateLayer(this.#source, block.header.stateRoot);
    const caller = new Address(toBytes(request.from ?? NOBODY));
    const price = gasPrice(request, block);
    const lack = pay(layer, caller.bytes, request, gasLimit * price);
    if (lack !== undefined) return failure(lack);

    state.use(layer);
    // Free calls see a zero base fee, as the price they pay could not be below it.
    const header = price === 0n ? { ...block.header, baseFeePerGas: 0n } : block.header;
    const context = createBlock({ header }, { common: this.#rules });
    const to = request.to === undefined ? undefined : new Address(toBytes(request.to));
    for (const warm of [caller, context.header.coinbase, ...(to === undefined ? [] : [to])]) {
      evm.journal.addAlwaysWarmAddress(warm.toString());
    }
    for (const address of evm.precompiles.keys()) evm.journal.addAlwaysWarmAddress(address);
    try {
      const { execResult } = await evm.runCall({
        block: context,
        caller,
        to,
        data,
        value: request.value ?? 0n,
        gasPrice: price,
        gasLimit: gasLimit - base,
      });
      const spent = base + execResult.executionGasUsed;
      const refund = min(execResult.gasRefund ?? 0n, spent / MAX_REFUND_QUOTIENT);
      const gasUsed = max(spent - refund, floor);
      const output = toHex(execResult.returnValue);
      if (execResult.exceptionError === undefined) return { ok: true, data: output, gasUsed };
      return { ok: false, data: output, gasUsed, reason: revertReason(execResult.exceptionError.error, output) };
    } catch (error) {
      if (error instanceof DamagedDatabase) throw error;
      return failure(shortReason(error));
    } finally {
      reset(this.#machine);
    }
  }

  async #queue(task: () => Promise<CallResult>): Promise<CallResult> {
    if (this.#waiting >= MAX_WAITING_CALLS) {
      throw new EngineError("overloaded", `${MAX_WAITING_CALLS} calls are waiting already, try again later`);
    }
    this.#waiting++;
    try {
      return await this.#serial.run(task);
    } finally {
      this.#waiting--;
    }
  }
}

/** Takes the fee from the sender, or says what is lacking. A call from nobody brings its own value. */
function pay(layer: StateLayer, address: Uint8Array, request: CallRequest, fee: bigint): string | undefined {
  const account = layer.account(address) ?? new Account();
  const value = request.value ?? 0n;
  if (request.from === undefined) account.balance += value + fee;
  if (account.balance < value + fee) {
    return `insufficient funds: needs ${value + fee} wei, ${request.from} holds ${account.balance}`;
  }
  account.balance -= fee;
  layer.setAccount(address, account);
  return undefined;
}

/** What the sender pays per gas: nothing unless it names a price; never more than base fee plus tip. */
function gasPrice(request: CallRequest, { header }: KnownBlock): bigint {
  if (request.gasPrice !== undefined) return request.gasPrice;
  if (request.maxFeePerGas === undefined) return 0n;
  return min(request.maxFeePerGas, (header.baseFeePerGas ?? 0n) + (request.maxPriorityFeePerGas ?? 0n));
}

/** Gas before execution, and the least a transaction with this data pays (EIP-7623). */
function intrinsicGas(data: Uint8Array, creates: boolean): { base: bigint; floor: bigint } {
  let tokens = 0n;
  for (const byte of data) tokens += byte === 0 ? 1n : 4n;
  const creation = creates ? 32_000n + 2n * BigInt(Math.ceil(data.length / 32)) : 0n;
  return { base: TRANSFER_GAS + 4n * tokens + creation, floor: TRANSFER_GAS + 10n * tokens };
}

const failure = (reason: string): CallResult => ({ ok: false, data: "0x", gasUsed: 0n, reason });
const min = (a: bigint, b: bigint): bigint => (a < b ? a : b);
const max = (a: bigint, b: bigint): bigint => (a > b ? a : b);

function gasCap(request: CallRequest, block: KnownBlock): bigint {
  const limit = block.header.gasLimit;
  return request.gas === undefined || request.gas > limit ? limit : request.gas;
}

function check(request: CallRequest): void {
  const fail = (message: string): never => {
    throw new EngineError("bad-request", `call: ${message}`);
  };
  if (request.from !== undefined && !isHex(request.from, 20)) fail(`from is not a 20-byte address: ${request.from}`);
  if (request.to !== undefined && !isHex(request.to, 20)) fail(`to is not a 20-byte address: ${request.to}`);
  if (request.data !== undefined && !isHex(request.data)) fail("data is not whole bytes of hexadecimal");
  for (const name of ["value", "gas", "gasPrice", "maxFeePerGas", "maxPriorityFeePerGas"] as const) {
    const value = request[name];
    if (value !== undefined && (typeof value !== "bigint" || value < 0n || value >= 2n ** 256n)) {
      fail(`${name} is not a number of at most 256 bits: ${value}`);
    }
  }
}
