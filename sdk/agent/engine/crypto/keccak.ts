import { createKeccak } from "hash-wasm";

// One WebAssembly instance for the whole thread: hashing is synchronous, so no two uses can overlap.
const hasher = await createKeccak(256);

/** Keccak-256, 4 to 8 times faster than pure JavaScript; every trie node and address of the chain passes through it. */
export function keccak(data: Uint8Array): Uint8Array {
  hasher.init();
  hasher.update(data);
  return hasher.digest("binary");
}
