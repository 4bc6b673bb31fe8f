import { z } from "zod";
import type { Hex } from "../../../types/hex.ts";
import { keccak } from "../crypto/keccak.ts";
import { toBytes, toHex } from "../hex.ts";
import { EngineError } from "../interface.ts";
import { MissingState, type StateSource } from "../state/state-reader.ts";
import { decodeNode, type HashKey, type TrieNode, toKey } from "../trie/node.ts";
import type { ClientRpc } from "./client-rpc.ts";
import { bytes, read } from "./wire.ts";

const proof = z.object({
  accountProof: z.array(bytes()),
  codeHash: bytes(32),
  storageProof: z.array(z.object({ proof: z.array(bytes()) })),
});

/**
 * The state of one block of an execution client, fetched by proofs as it is asked for. Everything is kept by its hash,
 * so what is read under a state root is what stands there, whatever the client says.
 */
export class RemoteState implements StateSource {
  readonly #rpc: ClientRpc;
  readonly #at: Hex;
  readonly #nodes = new Map<HashKey, TrieNode>();
  readonly #codes = new Map<HashKey, Uint8Array>();
  /** Whose code has this hash. */
  readonly #holders = new Map<HashKey, Hex>();

  /** @param at Number of a canonical block of the client. */
  constructor(rpc: ClientRpc, at: Hex) {
    this.#rpc = rpc;
    this.#at = at;
  }

  node(hash: HashKey): TrieNode {
    const node = this.#nodes.get(hash);
    if (node === undefined) throw new MissingState(hash);
    return node;
  }

  code(hash: HashKey): Uint8Array {
    const code = this.#codes.get(hash);
    if (code === undefined) throw new MissingState(hash);
    return code;
  }

  /**
   * Runs `task` until it finds all it reads, fetching what it lacks in between: what was done when it broke off must be
   * without a trace. Rejects with EngineError "unavailable" if the client cannot prove what is at a place.
   */
  async complete<T>(task: () => Promise<T>): Promise<T> {
    for (;;) {
      try {
        return await task();
      } catch (error) {
        if (!(error instanceof MissingState)) throw error;
        await this.#fetch(error);
      }
    }
  }

  async #fetch({ hash, place: { address, slot } }: MissingState): Promise<void> {
    if (address === undefined) await this.#fetchCode(hash);
    else await this.#fetchProof(toHex(address), slot && toHex(slot));
    if (this.#nodes.has(hash) || this.#codes.has(hash)) return;
    const where = address && `${toHex(address)}${slot === undefined ? "" : ` slot ${toHex(slot)}`}`;
    throw new EngineError(
      "unavailable",
      `the client's proof of ${where ?? "a code"} lacks ${toHex(Buffer.from(hash, "latin1"))}`,
    );
  }

  async #fetchProof(address: Hex, slot: Hex | undefined): Promise<void> {
    const params = [address, slot === undefined ? [] : [slot], this.#at];
    const { accountProof, codeHash, storageProof } = read(proof, await this.#rpc.call("eth_getProof", params), "proof");
    this.#holders.set(toKey(toBytes(codeHash)), address);
    for (const node of [...accountProof, ...storageProof.flatMap((one) => one.proof)].map(toBytes)) {
      this.#nodes.set(toKey(keccak(node)), decodeNode(node));
    }
  }

  async #fetchCode(hash: HashKey): Promise<void> {
    const holder = this.#holders.get(hash);
    if (holder === undefined) return;
    const code = toBytes(read(bytes(), await this.#rpc.call("eth_getCode", [holder, this.#at]), "eth_getCode"));
    this.#codes.set(toKey(keccak(code)), code);
  }
}
