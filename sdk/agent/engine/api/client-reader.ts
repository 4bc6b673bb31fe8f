import { z } from "zod";
import type { Hex } from "../../../types/hex.ts";
import type { ExecutionPayload } from "../../../types/payload.ts";
import type { AccessListResult, AccountProof, Authorization, CallOverrides } from "../../types/calls.ts";
import { revertReason } from "../execution/revert-reason.ts";
import { isHex } from "../hex.ts";
import {
  type BlockRef,
  type CallOutcome,
  type CallRequest,
  type ChainReader,
  EngineError,
  type GasEstimate,
  type LocatedTransaction,
  type SimulatedBlock,
  type TransactionReceipt,
} from "../interface.ts";
import type { ClientBlocks } from "./client-blocks.ts";
import { ClientRefusal, type ClientRpc } from "./client-rpc.ts";
import { bytes, count, quantity, read, toQuantity } from "./wire.ts";

const log = z.object({ address: bytes(20), topics: z.array(bytes(32)), data: bytes(), logIndex: count });

const receipt = z
  .object({
    transactionHash: bytes(32),
    transactionIndex: count,
    blockHash: bytes(32),
    blockNumber: count,
    from: bytes(20),
    to: bytes(20).nullable(),
    contractAddress: bytes(20).nullable(),
    type: count,
    status: count,
    gasUsed: quantity,
    cumulativeGasUsed: quantity,
    effectiveGasPrice: quantity,
    logsBloom: bytes(256),
    logs: z.array(log),
  })
  .transform(
    ({ from, to, contractAddress, status, ...rest }): TransactionReceipt => ({
      ...rest,
      from: lower(from),
      to: to && lower(to),
      contractAddress: contractAddress && lower(contractAddress),
      status: status === 1 ? 1 : 0,
    }),
  );

const accessListResult = z.object({
  accessList: z.array(z.object({ address: bytes(20).transform(lower), storageKeys: z.array(bytes(32)) })),
  gasUsed: quantity,
  error: z.string().optional(),
});

const accountProof = z.object({
  balance: quantity,
  nonce: count,
  codeHash: bytes(32),
  storageHash: bytes(32),
  accountProof: z.array(bytes()),
  storageProof: z.array(z.object({ value: quantity, proof: z.array(bytes()) })),
});

const location = z.object({ blockHash: bytes(32).nullable(), transactionIndex: count.nullable() });

/** JSON-RPC's "execution reverted", with what it reverted with as `data`. */
const REVERTED = 3;

/** Reads of an execution client by its `eth_` methods. State and receipts are there for canonical blocks only. */
export class ClientReader implements ChainReader {
  readonly #rpc: ClientRpc;
  readonly #blocks: ClientBlocks;

  constructor(rpc: ClientRpc, blocks: ClientBlocks) {
    this.#rpc = rpc;
    this.#blocks = blocks;
  }

  getBlock(ref: BlockRef): Promise<ExecutionPayload | undefined> {
    return this.#blocks.payload(ref);
  }

  async getAccount(address: Hex, ref: BlockRef): Promise<{ nonce: number; balance: bigint }> {
    expectHex("address", address, 20);
    const at = await this.#blocks.canonicalNumber(ref);
    const [nonce, balance] = await Promise.all([
      this.#read("eth_getTransactionCount", [address, at], count),
      this.#read("eth_getBalance", [address, at], quantity),
    ]);
    return { nonce, balance };
  }

  async getCode(address: Hex, ref: BlockRef): Promise<Hex> {
    expectHex("address", address, 20);
    return this.#read("eth_getCode", [address, await this.#blocks.canonicalNumber(ref)], bytes());
  }

  async getStorageAt(address: Hex, slot: Hex, ref: BlockRef): Promise<Hex> {
    expectHex("address", address, 20);
    expectHex("slot", slot, 32);
    const word = await this.#read(
      "eth_getStorageAt",
      [address, slot, await this.#blocks.canonicalNumber(ref)],
      quantity,
    );
    return `0x${word.toString(16).padStart(64, "0")}`;
  }

  async call(request: CallRequest, ref: BlockRef, overrides?: CallOverrides): Promise<CallOutcome> {
    const params = [toCall(request), await this.#blocks.canonicalNumber(ref), ...toOverrides(overrides)];
    return this.#orFailure(async () => ({ ok: true, data: await this.#read("eth_call", params, bytes()) }));
  }

  async estimateGas(request: CallRequest, ref: BlockRef, overrides?: CallOverrides): Promise<GasEstimate> {
    const params = [toCall(request), await this.#blocks.canonicalNumber(ref), ...toOverrides(overrides)];
    return this.#orFailure(async () => ({ ok: true, gasUsed: await this.#read("eth_estimateGas", params, quantity) }));
  }

  async createAccessList(request: CallRequest, ref: BlockRef, overrides?: CallOverrides): Promise<AccessListResult> {
    const params = [toCall(request), await this.#blocks.canonicalNumber(ref), ...toOverrides(overrides).slice(0, 1)];
    const { error, ...found } = await this.#read("eth_createAccessList", params, accessListResult);
    return { ...found, ...(error !== undefined && { error }) };
  }

  /** Not handed on: an answer would have to be told from what the client makes of it. */
  async simulate(): Promise<SimulatedBlock[]> {
    throw new EngineError("unsupported", "simulating blocks is not to be had from an execution client here");
  }

  async getProof(address: Hex, slots: readonly Hex[], ref: BlockRef): Promise<AccountProof> {
    expectHex("address", address, 20);
    for (const slot of slots) expectHex("slot", slot, 32);
    const found = await this.#read(
      "eth_getProof",
      [address, slots, await this.#blocks.canonicalNumber(ref)],
      accountProof,
    );
    // Of an account that does not exist some clients list no slots.
    const storageProof = slots.map((slot, i) => ({
      key: lower(slot),
      ...(found.storageProof[i] ?? { value: 0n, proof: [] }),
    }));
    return { address: lower(address), ...found, storageProof };
  }

  async getReceipt(transactionHash: Hex): Promise<TransactionReceipt | undefined> {
    expectHex("transaction hash", transactionHash, 32);
    return (await this.#read("eth_getTransactionReceipt", [transactionHash], receipt.nullable())) ?? undefined;
  }

  async getReceipts(ref: BlockRef): Promise<TransactionReceipt[]> {
    return this.#read("eth_getBlockReceipts", [await this.#blocks.canonicalNumber(ref)], z.array(receipt));
  }

  async getTransaction(transactionHash: Hex): Promise<LocatedTransaction | undefined> {
    expectHex("transaction hash", transactionHash, 32);
    const found = await this.#read("eth_getTransactionByHash", [transactionHash], location.nullable());
    if (found === null || found.blockHash === null || found.transactionIndex === null) return undefined;
    const block = await this.#blocks.payload(found.blockHash);
    const raw = block?.transactions[found.transactionIndex];
    if (block === undefined || raw === undefined) return undefined;
    return { raw, blockHash: block.blockHash, blockNumber: block.blockNumber, index: found.transactionIndex };
  }

  async getNextBaseFee(ref: BlockRef): Promise<bigint> {
    return this.#blocks.parentOf(await this.#blocks.require(ref)).calcNextBaseFee();
  }

  async #read<T extends z.ZodType>(method: string, params: unknown[], schema: T): Promise<z.output<T>> {
    return read(schema, await this.#rpc.call(method, params), method);
  }

  /** What the client refuses to run, or ran without success, is the answer to the call. */
  async #orFailure<T>(run: () => Promise<T>): Promise<T | Extract<CallOutcome, { ok: false }>> {
    try {
      return await run();
    } catch (error) {
      if (!(error instanceof ClientRefusal)) throw error;
      const data = isHex(error.data) ? error.data : "0x";
      return { ok: false, data, reason: error.rpcCode === REVERTED ? revertReason("revert", data) : error.message };
    }
  }
}

/** The third and fourth parameters of `eth_call`, as far as there are any. */
function toOverrides(overrides: CallOverrides = {}): unknown[] {
  const written = (fields: object): object =>
    Object.fromEntries(
      Object.entries(fields).map(([name, value]) => [name, typeof value === "bigint" ? toQuantity(value) : value]),
    );
  const { state, block } = overrides;
  if (state === undefined && block === undefined) return [];
  const accounts = Object.entries(state ?? {}).map(([address, account]) => [address, written(account)]);
  return [Object.fromEntries(accounts), ...(block === undefined ? [] : [written(block)])];
}

function lower(address: Hex): Hex {
  return address.toLowerCase() as Hex;
}

/** The request as JSON-RPC has it. Throws EngineError "bad-request". */
function toCall({ from, to, data, accessList, authorizations, ...quantities }: CallRequest) {
  if (from !== undefined) expectHex("from", from, 20);
  if (to !== undefined) expectHex("to", to, 20);
  if (data !== undefined && !isHex(data)) throw new EngineError("bad-request", "call: data is not hexadecimal");
  const numbers = Object.entries(quantities).map(([name, value]) => {
    if (typeof value === "bigint" && value >= 0n && value < 2n ** 256n) return [name, toQuantity(value)];
    throw new EngineError("bad-request", `call: ${name} is not a number of at most 256 bits: ${value}`);
  });
  return {
    ...(from && { from }),
    ...(to && { to }),
    ...(data && { data }),
    ...(accessList && { accessList }),
    ...(authorizations && { authorizationList: authorizations.map(toAuthorization) }),
    ...Object.fromEntries(numbers),
  };
}

const toAuthorization = ({ address, ...numbers }: Authorization) => ({
  address,
  ...Object.fromEntries(Object.entries(numbers).map(([name, value]) => [name, toQuantity(value)])),
});

function expectHex(what: string, value: Hex, length: number): void {
  if (!isHex(value, length))
    throw new EngineError("bad-request", `${what} must be ${length} bytes of hexadecimal, got ${value}`);
}
