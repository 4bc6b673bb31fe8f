import type { AccountFields, StateManagerInterface } from "@ethereumjs/common";
import { OriginalStorageCache } from "@ethereumjs/statemanager";
import { Account, type Address, unpadBytes } from "@ethereumjs/util";
import type { StateLayer } from "./state-layer.ts";

const EMPTY = new Uint8Array(0);

/**
 * The state as the EVM sees it: whichever layer is being executed on. One EVM serves all open payloads, because it is
 * expensive to set up and one operation runs at a time.
 */
export class VmState implements StateManagerInterface {
  readonly originalStorageCache = new OriginalStorageCache((address, slot) => this.getStorage(address, slot));
  #layer: StateLayer | undefined;

  /** Directs everything that follows to `layer`. */
  use(layer: StateLayer): void {
    this.#layer = layer;
    this.originalStorageCache.clear();
  }

  get layer(): StateLayer {
    if (this.#layer === undefined) throw new Error("no state layer is set: call use() before executing");
    return this.#layer;
  }

  async getAccount(address: Address): Promise<Account | undefined> {
    return this.layer.account(address.bytes);
  }

  async putAccount(address: Address, account?: Account): Promise<void> {
    this.layer.setAccount(address.bytes, account);
  }

  async deleteAccount(address: Address): Promise<void> {
    this.layer.deleteAccount(address.bytes);
  }

  async modifyAccountFields(address: Address, fields: AccountFields): Promise<void> {
    const account = this.layer.account(address.bytes) ?? new Account();
    if (fields.nonce !== undefined) account.nonce = fields.nonce;
    if (fields.balance !== undefined) account.balance = fields.balance;
    if (fields.storageRoot !== undefined) account.storageRoot = fields.storageRoot;
    if (fields.codeHash !== undefined) account.codeHash = fields.codeHash;
    this.layer.setAccount(address.bytes, account);
  }

  async putCode(address: Address, code: Uint8Array): Promise<void> {
    await this.modifyAccountFields(address, { codeHash: this.layer.addCode(code) });
  }

  async getCode(address: Address): Promise<Uint8Array> {
    const account = this.layer.account(address.bytes);
    return account?.isContract() ? this.layer.code(account.codeHash) : EMPTY;
  }

  async getCodeSize(address: Address): Promise<number> {
    return (await this.getCode(address)).length;
  }

  async getStorage(address: Address, slot: Uint8Array): Promise<Uint8Array> {
    return this.layer.storage(address.bytes, slot);
  }

  async putStorage(address: Address, slot: Uint8Array, value: Uint8Array): Promise<void> {
    this.layer.setStorage(address.bytes, slot, unpadBytes(value));
  }

  async clearStorage(address: Address): Promise<void> {
    this.layer.clearStorage(address.bytes);
  }

  async checkpoint(): Promise<void> {
    this.layer.checkpoint();
  }

  async commit(): Promise<void> {
    this.layer.commit();
  }

  async revert(): Promise<void> {
    this.layer.revert();
  }

  // The EVM never asks for roots; the engine seals the layer itself. Inside a checkpoint a root would be meaningless.
  async getStateRoot(): Promise<Uint8Array> {
    throw new Error("state roots are computed by sealing the layer");
  }

  async setStateRoot(): Promise<void> {
    throw new Error("a state root is opened by setting a layer");
  }

  async hasStateRoot(): Promise<boolean> {
    throw new Error("known roots are the block store's business");
  }

  clearCaches(): void {
    this.originalStorageCache.clear();
  }

  shallowCopy(): StateManagerInterface {
    throw new Error("the EVM's state is switched between layers, never copied");
  }
}
