import { Account } from "@ethereumjs/util";
import type { Hex } from "../../types/hex.ts";
import type { ExecutionPayload } from "../../types/payload.ts";
import type { AccessListResult, AccountProof, CallOverrides } from "../types/calls.ts";
import { type KnownBlock, toPayload } from "./chain/block.ts";
import type { ChainStore } from "./chain/chain-store.ts";
import { describeReceipts } from "./chain/receipts.ts";
import { keccak } from "./crypto/keccak.ts";
import type { CallRunner } from "./execution/calls.ts";
import type { TransactionDecoder } from "./execution/transactions.ts";
import { isHex, toBytes, toHex, toQuantity } from "./hex.ts";
import {
  type BlockRef,
  type CallRequest,
  type CallResult,
  type ChainReader,
  EngineError,
  type LocatedTransaction,
  type SimulatedBlock,
  type SimulationStep,
  type TransactionReceipt,
} from "./interface.ts";
import { readAccount, readStorage } from "./state/state-reader.ts";
import { toKey } from "./trie/node.ts";
import { proveTrie } from "./trie/proof.ts";

const NAMES = ["earliest", "latest", "safe", "finalized"];

/** Reads from the database of an engine; never waits for blocks being executed, except calls among themselves. */
export class EmbeddedReader implements ChainReader {
  readonly #store: ChainStore;
  readonly #decoder: TransactionDecoder;
  readonly #calls: CallRunner;

  constructor(store: ChainStore, decoder: TransactionDecoder, calls: CallRunner) {
    this.#store = store;
    this.#decoder = decoder;
    this.#calls = calls;
  }

  async getBlock(ref: BlockRef): Promise<ExecutionPayload | undefined> {
    const block = this.#find(ref);
    if (block === undefined) this.#requireKept(ref);
    return block === undefined ? undefined : toPayload(block);
  }

  async getAccount(address: Hex, ref: BlockRef): Promise<{ nonce: number; balance: bigint }> {
    const account = this.#account(address, this.#require(ref));
    return { nonce: Number(account?.nonce ?? 0n), balance: account?.balance ?? 0n };
  }

  async getCode(address: Hex, ref: BlockRef): Promise<Hex> {
    const account = this.#account(address, this.#require(ref));
    return account?.isContract() ? toHex(this.#store.states.code(toKey(account.codeHash))) : "0x";
  }

  async getStorageAt(address: Hex, slot: Hex, ref: BlockRef): Promise<Hex> {
    const block = this.#require(ref);
    expectHex("slot", slot, 32);
    const account = this.#account(address, block);
    if (account === undefined) return `0x${"0".repeat(64)}`;
    const word = readStorage(this.#store.states, toBytes(address), account, toBytes(slot));
    return `0x${toHex(word).slice(2).padStart(64, "0")}`;
  }

  async call(request: CallRequest, ref: BlockRef, overrides?: CallOverrides): Promise<CallResult> {
    return this.#calls.call(request, this.#require(ref), overrides);
  }

  async estimateGas(request: CallRequest, ref: BlockRef, overrides?: CallOverrides): Promise<CallResult> {
    return this.#calls.estimateGas(request, this.#require(ref), overrides);
  }

  async createAccessList(request: CallRequest, ref: BlockRef, overrides?: CallOverrides): Promise<AccessListResult> {
    return this.#calls.createAccessList(request, this.#require(ref), overrides);
  }

  async simulate(steps: readonly SimulationStep[], ref: BlockRef): Promise<SimulatedBlock[]> {
    return this.#calls.simulate(steps, this.#require(ref));
  }

  async getProof(address: Hex, slots: readonly Hex[], ref: BlockRef): Promise<AccountProof> {
    const block = this.#require(ref);
    for (const slot of slots) expectHex("slot", slot, 32);
    const { states } = this.#store;
    const account = this.#account(address, block) ?? new Account();
    const root = toKey(account.storageRoot);
    return {
      address: address.toLowerCase() as Hex,
      balance: account.balance,
      nonce: Number(account.nonce),
      codeHash: toHex(account.codeHash),
      storageHash: toHex(account.storageRoot),
      accountProof: proveTrie(states, toKey(block.header.stateRoot), keccak(toBytes(address))).map(toHex),
      storageProof: slots.map((slot) => ({
        key: slot.toLowerCase() as Hex,
        value: toQuantity(readStorage(states, toBytes(address), account, toBytes(slot))),
        proof: proveTrie(states, root, keccak(toBytes(slot))).map(toHex),
      })),
    };
  }

  async getReceipt(transactionHash: Hex): Promise<TransactionReceipt | undefined> {
    expectHex("transaction hash", transactionHash, 32);
    const location = this.#store.transaction(transactionHash);
    if (location === undefined) return undefined;
    return this.#receipts(this.#require(location.blockHash))[location.index];
  }

  async getReceipts(ref: BlockRef): Promise<TransactionReceipt[]> {
    return this.#receipts(this.#require(ref));
  }

  async getTransaction(transactionHash: Hex): Promise<LocatedTransaction | undefined> {
    expectHex("transaction hash", transactionHash, 32);
    const location = this.#store.transaction(transactionHash);
    if (location === undefined) return undefined;
    const block = this.#require(location.blockHash);
    const raw = toHex(block.transactions[location.index] as Uint8Array);
    return { ...location, raw, blockNumber: Number(block.header.number) };
  }

  async getNextBaseFee(ref: BlockRef): Promise<bigint> {
    return this.#require(ref).header.calcNextBaseFee();
  }

  #receipts(block: KnownBlock): TransactionReceipt[] {
    return describeReceipts(block, this.#decoder.decodeAll(block.transactions), this.#store.receipts(block.hash));
  }

  #account(address: Hex, block: KnownBlock) {
    expectHex("address", address, 20);
    return readAccount(this.#store.states, toKey(block.header.stateRoot), toBytes(address));
  }

  #find(ref: BlockRef): KnownBlock | undefined {
    if (typeof ref === "number") {
      if (!Number.isSafeInteger(ref) || ref < 0) throw new EngineError("bad-request", `${ref} is no block number`);
    } else if (!NAMES.includes(ref)) expectHex("block hash", ref as Hex, 32);
    return this.#store.resolve(typeof ref === "string" ? (ref.toLowerCase() as BlockRef) : ref);
  }

  #requireKept(ref: BlockRef): void {
    const { floor } = this.#store;
    if (typeof ref !== "number" || ref >= floor) return;
    throw new EngineError("pruned", `block ${ref} and its state are pruned: the oldest kept here is ${floor}`);
  }

  #require(ref: BlockRef): KnownBlock {
    const block = this.#find(ref);
    this.#requireKept(block === undefined ? ref : Number(block.header.number));
    if (block === undefined) throw new EngineError("unknown-block", `block ${ref} is not known`);
    return block;
  }
}

function expectHex(what: string, value: Hex, length: number): void {
  if (!isHex(value, length))
    throw new EngineError("bad-request", `${what} must be ${length} bytes of hexadecimal, got ${value}`);
}
