import { RLP } from "@ethereumjs/rlp";
import { Account, KECCAK256_RLP } from "@ethereumjs/util";
import { keccak } from "../crypto/keccak.ts";
import type { NodeSink } from "../trie/encode.ts";
import { fromKey, type HashKey, toKey } from "../trie/node.ts";
import { TrieBatch } from "../trie/trie.ts";
import { readAccount, readStorage, type StateSource } from "./state-reader.ts";

/** A 20-byte address or 32-byte slot as a latin1 string, for map keys. */
type Key = string;

/** Words of one contract as read or written here; `cleared`: what lies below no longer counts. */
interface StorageLayer {
  readonly words: Map<Key, Uint8Array>;
  readonly written: Set<Key>;
  readonly cleared: boolean;
}

/** How one change is undone, and the account it was made to. */
interface Undo {
  readonly key: Key;
  readonly back: () => void;
}

/** What sealing a layer produced, for the database. */
export interface SealedState {
  root: Uint8Array;
  /** Code first stored by this layer, by its hash. */
  codes: Map<HashKey, Uint8Array>;
}

const NO_STORAGE: Uint8Array = new Uint8Array(0);

/**
 * A state in the making: the changes on top of one root, with an undo log. Reading and writing never touch the database
 * below except to read; sealing computes the new root from the written set and leaves the layer as it is. So dropping a
 * layer drops everything a candidate ever did.
 */
export class StateLayer {
  readonly #source: StateSource;
  readonly #root: HashKey;
  readonly #accounts = new Map<Key, Account | undefined>();
  readonly #writtenAccounts = new Set<Key>();
  readonly #storage = new Map<Key, StorageLayer>();
  readonly #codes = new Map<HashKey, Uint8Array>();
  readonly #undo: Undo[] = [];
  readonly #checkpoints: number[] = [];

  constructor(source: StateSource, root: Uint8Array) {
    this.#source = source;
    this.#root = toKey(root);
  }

  /** A copy for the caller to change; undefined if the account does not exist. */
  account(address: Uint8Array): Account | undefined {
    const account = this.#account(toKey(address), address);
    return account === undefined ? undefined : clone(account);
  }

  setAccount(address: Uint8Array, account: Account | undefined): void {
    const key = toKey(address);
    const previous = this.#account(key, address);
    this.#undo.push({ key, back: () => this.#accounts.set(key, previous) });
    this.#accounts.set(key, account === undefined ? undefined : clone(account));
    this.#writtenAccounts.add(key);
  }

  /** Removes the account and all it stored. */
  deleteAccount(address: Uint8Array): void {
    this.clearStorage(address);
    this.setAccount(address, undefined);
  }

  storage(address: Uint8Array, slot: Uint8Array): Uint8Array {
    const layer = this.#storageOf(toKey(address));
    const slotKey = toKey(slot);
    const known = layer.words.get(slotKey);
    if (known !== undefined) return known;
    const account = layer.cleared ? undefined : this.#account(toKey(address), address);
    const value = account === undefined ? NO_STORAGE : readStorage(this.#source, address, account, slot);
    layer.words.set(slotKey, value);
    return value;
  }

  /** `value` is big endian without leading zeros; empty removes the word. */
  setStorage(address: Uint8Array, slot: Uint8Array, value: Uint8Array): void {
    const previous = this.storage(address, slot);
    const { words, written } = this.#storageOf(toKey(address));
    const slotKey = toKey(slot);
    const key = toKey(address);
    this.#undo.push({ key, back: () => words.set(slotKey, previous) });
    words.set(slotKey, value);
    written.add(slotKey);
    // The account's new storage root is computed at the seal, which visits written accounts.
    this.#writtenAccounts.add(key);
  }

  clearStorage(address: Uint8Array): void {
    const key = toKey(address);
    const previous = this.#storageOf(key);
    this.#undo.push({ key, back: () => this.#storage.set(key, previous) });
    this.#storage.set(key, { words: new Map(), written: new Set(), cleared: true });
    this.#writtenAccounts.add(key);
  }

  code(hash: Uint8Array): Uint8Array {
    const key = toKey(hash);
    return this.#codes.get(key) ?? this.#source.code(key);
  }

  /** Keeps code by its hash, which is answered. Not undone: an unreferenced code is simply not sealed. */
  addCode(code: Uint8Array): Uint8Array {
    const hash = keccak(code);
    this.#codes.set(toKey(hash), code);
    return hash;
  }

  checkpoint(): void {
    this.#checkpoints.push(this.#undo.length);
  }

  /** Keeps what was done since the last checkpoint. */
  commit(): void {
    this.#checkpoints.pop();
    if (this.#checkpoints.length === 0) this.#undo.length = 0;
  }

  /** Undoes everything done since the last checkpoint. */
  revert(): void {
    const mark = this.#checkpoints.pop() ?? 0;
    while (this.#undo.length > mark) this.#undo.pop()?.back();
  }

  /** How many checkpoints are open. */
  get depth(): number {
    return this.#checkpoints.length;
  }

  /** Reverts until only `depth` checkpoints are open: the way back out of an execution that broke off. */
  revertTo(depth: number): void {
    while (this.#checkpoints.length > depth) this.revert();
  }

  /** The balances of the accounts that were changed since checkpoint `depth` was opened; zero for those that are gone. */
  balancesSince(depth: number): { address: Uint8Array; balanceWei: bigint }[] {
    const from = this.#checkpoints[depth] ?? this.#undo.length;
    const keys = new Set(this.#undo.slice(from).map(({ key }) => key));
    return [...keys].map((key) => {
      const address = fromKey(key);
      return { address, balanceWei: this.#account(key, address)?.balance ?? 0n };
    });
  }

  /** Computes the state root; `sink` gets the new trie nodes. The layer can still be read and written afterwards. */
  seal(sink: NodeSink): SealedState {
    const accounts = new TrieBatch(this.#source, this.#root);
    const codes = new Map<HashKey, Uint8Array>();
    for (const key of this.#writtenAccounts) {
      const address = fromKey(key);
      const account = this.#account(key, address);
      if (account === undefined) {
        accounts.delete(keccak(address));
        continue;
      }
      const code = this.#codes.get(toKey(account.codeHash));
      if (code !== undefined) codes.set(toKey(account.codeHash), code);
      const storageRoot = this.#sealStorage(key, account, sink);
      accounts.put(keccak(address), encodeAccount(account, storageRoot));
    }
    return { root: fromKey(accounts.seal(sink)), codes };
  }

  #sealStorage(key: Key, account: Account, sink: NodeSink): Uint8Array {
    const layer = this.#storage.get(key);
    if (layer === undefined || (layer.written.size === 0 && !layer.cleared)) return account.storageRoot;
    const batch = new TrieBatch(this.#source, toKey(layer.cleared ? KECCAK256_RLP : account.storageRoot));
    for (const slotKey of layer.written) {
      const value = layer.words.get(slotKey) ?? NO_STORAGE;
      const hashedSlot = keccak(fromKey(slotKey));
      if (value.length === 0) batch.delete(hashedSlot);
      else batch.put(hashedSlot, RLP.encode(value));
    }
    return fromKey(batch.seal(sink));
  }

  #account(key: Key, address: Uint8Array): Account | undefined {
    if (this.#accounts.has(key)) return this.#accounts.get(key);
    const account = readAccount(this.#source, this.#root, address);
    this.#accounts.set(key, account);
    return account;
  }

  #storageOf(key: Key): StorageLayer {
    let layer = this.#storage.get(key);
    if (layer === undefined) {
      layer = { words: new Map(), written: new Set(), cleared: false };
      this.#storage.set(key, layer);
    }
    return layer;
  }
}

const clone = ({ nonce, balance, storageRoot, codeHash }: Account): Account =>
  new Account(nonce, balance, storageRoot, codeHash);

const encodeAccount = (account: Account, storageRoot: Uint8Array): Uint8Array =>
  RLP.encode([account.nonce, account.balance, storageRoot, account.codeHash]);
