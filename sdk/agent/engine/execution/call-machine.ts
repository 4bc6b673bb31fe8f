import { createBlock, type HeaderData } from "@ethereumjs/block";
import type { Common } from "@ethereumjs/common";
import type { ExecResult } from "@ethereumjs/evm";
import { Account, Address } from "@ethereumjs/util";
import type { Hex } from "../../../types/hex.ts";
import type { AccessListEntry } from "../../types/calls.ts";
import { toBytes, toHex } from "../hex.ts";
import type { CallRequest, CallResult } from "../interface.ts";
import type { StateLayer } from "../state/state-layer.ts";
import { DamagedDatabase } from "../state/state-reader.ts";
import { delegate, delegationOf } from "./authorizations.ts";
import { gasPrice, intrinsicGas } from "./call-request.ts";
import { createMachine, type Machine, reset } from "./machine.ts";
import { revertReason } from "./revert-reason.ts";
import { shortReason } from "./transactions.ts";

/** At most a fifth of the gas used is refunded (EIP-3529). */
const MAX_REFUND_QUOTIENT = 5n;
const NO_BYTES = new Uint8Array(0);
const NOBODY: Hex = `0x${"0".repeat(40)}`;

/** What a call did, and which slots it touched that were not declared. */
export type Execution = CallResult & { touched: AccessListEntry[]; logs: EvmLog[] };

/** Address, topics and data. */
export type EvmLog = [address: Uint8Array, topics: Uint8Array[], data: Uint8Array];

/** An EVM that runs calls: like transactions, but by anybody and at any price, without signature and nonce. */
export class CallMachine {
  readonly #rules: Common;
  readonly #machine: Machine;

  private constructor(rules: Common, machine: Machine) {
    this.#rules = rules;
    this.#machine = machine;
  }

  static async create(rules: Common): Promise<CallMachine> {
    return new CallMachine(rules, await createMachine(rules));
  }

  /** Executes on `layer`, which it changes, in the context of a block. Contracts may be senders too. */
  async run(
    request: CallRequest,
    layer: StateLayer,
    header: HeaderData & { baseFeePerGas?: bigint },
    gasLimit: bigint,
  ): Promise<Execution> {
    const { evm, state } = this.#machine;
    const data = request.data === undefined ? NO_BYTES : toBytes(request.data);
    const { base, floor } = intrinsicGas(request, data);
    if (gasLimit < base || gasLimit < floor) return failure(`gas limit ${gasLimit} is below the intrinsic gas ${base}`);
    const caller = new Address(toBytes(request.from ?? NOBODY));
    const price = gasPrice(request, header.baseFeePerGas ?? 0n);
    const lack = pay(layer, caller.bytes, request, gasLimit * price);
    if (lack !== undefined) return failure(lack);

    state.use(layer);
    // Free calls see a zero base fee, as the price they pay could not be below it.
    const context = createBlock(
      { header: price === 0n ? { ...header, baseFeePerGas: 0n } : header },
      { common: this.#rules },
    );
    const to = request.to === undefined ? undefined : new Address(toBytes(request.to));
    const authorities = delegate(layer, request.authorizations ?? [], {
      chainId: this.#rules.chainId(),
      sender: toHex(caller.bytes),
    });
    this.#warm([caller, context.header.coinbase, ...(to === undefined ? [] : [to, ...target(layer, to)])]);
    this.#warm(authorities.map((address) => new Address(toBytes(address))));
    this.#declare(request.accessList ?? []);
    evm.journal.startReportingAccessList();
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
      const found = { touched: this.#touched(), logs: execResult.logs ?? [] };
      await this.#leave(execResult);
      if (execResult.exceptionError === undefined) return { ok: true, data: output, gasUsed, ...found };
      return {
        ok: false,
        data: output,
        gasUsed,
        reason: revertReason(execResult.exceptionError.error, output),
        ...found,
      };
    } catch (error) {
      if (error instanceof DamagedDatabase) throw error;
      return failure(shortReason(error));
    } finally {
      reset(this.#machine);
    }
  }

  #warm(addresses: readonly Address[]): void {
    const { evm } = this.#machine;
    for (const address of addresses) evm.journal.addAlwaysWarmAddress(address.toString());
    for (const address of evm.precompiles.keys()) evm.journal.addAlwaysWarmAddress(address);
  }

  #declare(accessList: readonly AccessListEntry[]): void {
    const { journal } = this.#machine.evm;
    for (const { address, storageKeys } of accessList) {
      journal.addAlwaysWarmAddress(address);
      for (const key of storageKeys) journal.addAlwaysWarmSlot(address, key);
    }
  }

  /** What ended itself in the transaction that made it goes (EIP-6780), and so do touched accounts that are empty. */
  async #leave({ selfdestruct, createdAddresses }: ExecResult): Promise<void> {
    const { journal } = this.#machine.evm;
    for (const address of selfdestruct?.keys() ?? []) {
      if (createdAddresses?.has(address as Hex)) await journal.deleteAccount(new Address(toBytes(address as Hex)));
    }
    await journal.cleanup();
  }

  #touched(): AccessListEntry[] {
    const touched = this.#machine.evm.journal.accessList ?? new Map<string, Set<string>>();
    return [...touched].map(([address, slots]) => ({
      address: `0x${address}`,
      storageKeys: [...slots].map((slot): Hex => `0x${slot}`),
    }));
  }
}

/** Whose code runs when a delegated account is called: warm like the account itself. */
function target(layer: StateLayer, to: Address): Address[] {
  const account = layer.account(to.bytes);
  const code = account?.isContract() ? delegationOf(layer.code(account.codeHash)) : undefined;
  return code === undefined ? [] : [new Address(code)];
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

export const failure = (reason: string): Execution => ({
  ok: false,
  data: "0x",
  gasUsed: 0n,
  reason,
  touched: [],
  logs: [],
});
const min = (a: bigint, b: bigint): bigint => (a < b ? a : b);
const max = (a: bigint, b: bigint): bigint => (a > b ? a : b);
