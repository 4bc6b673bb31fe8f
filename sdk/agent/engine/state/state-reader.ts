import { RLP } from "@ethereumjs/rlp";
import { Account } from "@ethereumjs/util";
import { keccak } from "../crypto/keccak.ts";
import { type HashKey, toKey } from "../trie/node.ts";
import { type NodeSource, readTrie } from "../trie/trie.ts";

/** The database lacks what it must hold. No transaction's and no peer's fault: the engine needs a new database. */
export class DamagedDatabase extends Error {
  override readonly name = "DamagedDatabase";

  constructor(lack: string) {
    super(`${lack}: the engine's database is damaged, remove it and synchronise again`);
  }
}

/** Where a read was going. */
export interface StatePlace {
  address?: Uint8Array;
  slot?: Uint8Array;
}

/** A source that holds a part of the state only was asked for more: what is at `place`, or the code of a hash. */
export class MissingState extends DamagedDatabase {
  readonly hash: HashKey;
  readonly place: StatePlace = {};

  constructor(hash: HashKey) {
    super(`0x${Buffer.from(hash, "latin1").toString("hex")} is missing`);
    this.hash = hash;
  }
}

/** Contract code by its hash. */
export interface CodeSource {
  /** Throws if the code is not known. */
  code(hash: HashKey): Uint8Array;
}

export type StateSource = NodeSource & CodeSource;

/** Reads one account under a state root; a fresh object each time, for the caller to change. */
export function readAccount(source: NodeSource, root: HashKey, address: Uint8Array): Account | undefined {
  const value = readAt(source, root, address, { address });
  return value === undefined ? undefined : decodeAccount(value);
}

/** Reads one storage word of the account at `address`: big endian without leading zeros, empty for zero. */
export function readStorage(
  source: NodeSource,
  address: Uint8Array,
  { storageRoot }: Pick<Account, "storageRoot">,
  slot: Uint8Array,
): Uint8Array {
  const value = readAt(source, toKey(storageRoot), slot, { address, slot });
  return value === undefined ? new Uint8Array(0) : (RLP.decode(value) as Uint8Array);
}

function readAt(source: NodeSource, root: HashKey, name: Uint8Array, place: StatePlace): Uint8Array | undefined {
  try {
    return readTrie(source, root, keccak(name));
  } catch (error) {
    if (error instanceof MissingState) Object.assign(error.place, place);
    throw error;
  }
}

function decodeAccount(rlp: Uint8Array): Account {
  const [nonce, balance, storageRoot, codeHash] = RLP.decode(rlp) as [Uint8Array, Uint8Array, Uint8Array, Uint8Array];
  return new Account(toBigInt(nonce), toBigInt(balance), storageRoot, codeHash);
}

/** The storage root in a leaf's value, if it is an account's: a storage word is one string, an account four in a list. */
export function storageRootOf(value: Uint8Array): Uint8Array | undefined {
  const decoded = RLP.decode(value);
  return Array.isArray(decoded) ? (decoded[2] as Uint8Array) : undefined;
}

const toBigInt = (bytes: Uint8Array): bigint =>
  bytes.length === 0 ? 0n : BigInt(`0x${Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString("hex")}`);
