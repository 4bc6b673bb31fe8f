import { type BlockHeader, createBlockHeader } from "@ethereumjs/block";
import type { Common } from "@ethereumjs/common";
import { z } from "zod";
import type { Hex } from "../../../types/hex.ts";
import type { ExecutionPayload } from "../../../types/payload.ts";
import { isHex } from "../hex.ts";
import { type BlockRef, EngineError, type ForkchoiceState } from "../interface.ts";
import type { ClientRpc } from "./client-rpc.ts";
import type { EngineMethods } from "./engine-methods.ts";
import { bytes, count, quantity, read, toQuantity } from "./wire.ts";

/** A block's header as `eth_getBlockBy…` gives it, as far as it is needed. */
const header = z.object({
  hash: bytes(32),
  parentHash: bytes(32),
  miner: bytes(20),
  stateRoot: bytes(32),
  receiptsRoot: bytes(32),
  logsBloom: bytes(256),
  mixHash: bytes(32),
  number: count,
  gasLimit: quantity,
  gasUsed: quantity,
  timestamp: count,
  extraData: bytes(),
  baseFeePerGas: quantity,
});

export type ClientHeader = z.output<typeof header>;

/** Blocks of an execution client, by hash, number or name. The names are this agent's own: its last forkchoice. */
export class ClientBlocks {
  readonly #rules: Common;
  readonly #rpc: ClientRpc;
  readonly #methods: EngineMethods;
  /** Zero hashes are resolved already. */
  tips: ForkchoiceState;

  constructor(rules: Common, rpc: ClientRpc, methods: EngineMethods, genesisHash: Hex) {
    this.#rules = rules;
    this.#rpc = rpc;
    this.#methods = methods;
    this.tips = { headBlockHash: genesisHash, safeBlockHash: genesisHash, finalizedBlockHash: genesisHash };
  }

  /** Rejects with EngineError "bad-request" if `ref` is no reference to a block. */
  async header(ref: BlockRef): Promise<ClientHeader | undefined> {
    const [method, key] = this.#locate(ref);
    const answer = await this.#rpc.call(method, [key, false]);
    return answer === null ? undefined : read(header, answer, method);
  }

  /** Rejects with EngineError "unknown-block" if the client does not have it. */
  async require(ref: BlockRef): Promise<ClientHeader> {
    const found = await this.header(ref);
    if (found === undefined) throw new EngineError("unknown-block", `block ${ref} is not known`);
    return found;
  }

  /**
   * The block's number, by which state and receipts are read: not every client takes hashes there.
   * Rejects with EngineError "unknown-block" if the block is not on the client's canonical chain.
   */
  async canonicalNumber(ref: BlockRef): Promise<Hex> {
    const block = await this.require(ref);
    const canonical = typeof ref === "number" ? block : await this.header(block.number);
    if (canonical?.hash === block.hash) return toQuantity(block.number);
    throw new EngineError(
      "unknown-block",
      `block ${block.hash} is not on the canonical chain: only there can the client be asked`,
    );
  }

  /** The whole block: the header of one method, the raw transactions of another. */
  async payload(ref: BlockRef): Promise<ExecutionPayload | undefined> {
    const found = await this.header(ref);
    const body = found && (await this.#methods.body(found.hash));
    if (found === undefined || body === undefined) return undefined;
    const { hash, miner, mixHash, number, ...rest } = found;
    return { ...rest, ...body, blockHash: hash, feeRecipient: miner, prevRandao: mixHash, blockNumber: number };
  }

  /** What of a header its child depends on. */
  parentOf({ number, timestamp, gasLimit, gasUsed, baseFeePerGas }: ClientHeader): BlockHeader {
    return createBlockHeader({ number, timestamp, gasLimit, gasUsed, baseFeePerGas }, { common: this.#rules });
  }

  #locate(ref: BlockRef): [method: string, key: Hex] {
    if (typeof ref === "number") {
      if (!Number.isSafeInteger(ref) || ref < 0) throw new EngineError("bad-request", `${ref} is no block number`);
      return ["eth_getBlockByNumber", toQuantity(ref)];
    }
    return ref === "earliest" ? ["eth_getBlockByNumber", "0x0"] : ["eth_getBlockByHash", this.#hashOf(ref)];
  }

  #hashOf(ref: Exclude<BlockRef, number | "earliest">): Hex {
    if (ref === "latest") return this.tips.headBlockHash;
    if (ref === "safe") return this.tips.safeBlockHash;
    if (ref === "finalized") return this.tips.finalizedBlockHash;
    if (isHex(ref, 32)) return ref.toLowerCase() as Hex;
    throw new EngineError("bad-request", `block hash must be 32 bytes of hexadecimal, got ${ref}`);
  }
}
