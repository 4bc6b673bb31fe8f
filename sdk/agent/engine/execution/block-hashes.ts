import type { EVMMockBlockchainInterface } from "@ethereumjs/evm";
import { setLengthLeft } from "@ethereumjs/util";
import { toBytes } from "../hex.ts";
import type { VmState } from "../state/vm-state.ts";
import { BLOCK_HASHES_ADDRESS, BLOCK_HASHES_WINDOW } from "../system-contracts.ts";

const HISTORY = toBytes(BLOCK_HASHES_ADDRESS);

/**
 * Answers BLOCKHASH from the EIP-2935 ring buffer in the executed state. That buffer holds every ancestor the opcode can
 * ask for, belongs to the branch being executed, and costs one read where walking headers would cost up to 256.
 */
export class HistoryBlockHashes implements EVMMockBlockchainInterface {
  readonly #state: VmState;

  constructor(state: VmState) {
    this.#state = state;
  }

  async getBlock(blockNumber: number): Promise<{ hash(): Uint8Array }> {
    const slot = toBytes(`0x${(BigInt(blockNumber) % BLOCK_HASHES_WINDOW).toString(16).padStart(64, "0")}`);
    const hash = setLengthLeft(this.#state.layer.storage(HISTORY, slot), 32);
    return { hash: () => hash };
  }

  async putBlock(): Promise<void> {
    throw new Error("blocks enter the chain through the engine, not through the EVM");
  }

  shallowCopy(): EVMMockBlockchainInterface {
    return this;
  }
}
