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

/** Contract code by its hash. */
export interface CodeSource {
  /** Throws if the code is not known. */
  code(hash: HashKey): Uint8Array;
}

export type StateSource = NodeSource & CodeSource;

/** Reads one account under a state root; a fresh object each time, for the caller to change. */
export function readAccount(source: NodeSource, root: HashKey, address: Uint8Array): Account | undefined {
  const value = readTrie(source, root, keccak(address));
  return value === undefined ? undefined : decodeAccount(value);
}

/** Reads one storage word under a storage root: big endian without leading zeros, empty for zero. */
export function readStorage(source: NodeSource, storageRoot: Uint8Array, slot: Uint8Array): Uint8Array {
  const value = readTrie(source, toKey(storageRoot), keccak(slot));
  return value === undefined ? new Uint8Array(0) : (RLP.decode(value) as Uint8Array);
}

function decodeAccount(rlp: Uint8Array): Account {
  const [nonce, balance, storageRoot, codeHash] = RLP.decode(rlp) as [Uint8Array, Uint8Array, Uint8Array, Uint8Array];
  return new Account(toBigInt(nonce), toBigInt(balance), storageRoot, codeHash);
}

const toBigInt = (bytes: Uint8Array): bigint =>
  bytes.length === 0 ? 0n : BigInt(`0x${Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString("hex")}`);
