import type { Hex } from "../../types/hex.ts";
import type { Codec } from "../messages/codec.ts";
import type { BlockProposal, CheckpointData } from "../types/messages.ts";
import type { Environment } from "./environment.ts";
import { MAX_DISCARDED_SLOTS, MIN_DISCARDED_SLOTS } from "./interface.ts";
import { blockRow, checkpointRow } from "./rows.ts";

const BLOCKS = "discarded";
const CHECKPOINTS = "discarded-checkpoint";

/** Reads a row of the environment. */
type Decode = <T>(key: unknown[], row: Codec<T>, value: Uint8Array) => T;

/** Rows of slots that left the chain: what users were shown in them, and what L1 may hold of them after all. */
export class DiscardedRows {
  readonly #environment: Environment;
  readonly #decode: Decode;

  constructor(environment: Environment, decode: Decode) {
    this.#environment = environment;
    this.#decode = decode;
  }

  /** Moves a slot's rows here. Only within a write. */
  moveSlot(slot: number): void {
    const environment = this.#environment;
    const record = environment.get(["checkpoint", slot]);
    if (record !== undefined) {
      const { digest } = this.#decode(["checkpoint", slot], checkpointRow, record);
      environment.put([CHECKPOINTS, slot, digest], record);
      environment.remove(["checkpoint", slot]);
    }
    for (const { key, value } of [...environment.entries(["block", slot])]) {
      const { blockHash } = this.#decode(key, blockRow, value);
      environment.put([BLOCKS, slot, blockHash], value);
      environment.remove(key);
    }
  }

  /** Forgets all but what the bounds keep. Only within a write. @param finalizedSlot Nothing up to it changes any more. */
  forget(finalizedSlot: number): void {
    const keys = [BLOCKS, CHECKPOINTS].flatMap((kind) => [...this.#environment.keys([kind])]);
    const slots = [...new Set(keys.map(([, slot]) => slot as number))].sort((a, b) => b - a);
    const isKept = (slot: number): boolean => {
      const newer = slots.indexOf(slot);
      return newer < (slot > finalizedSlot ? MAX_DISCARDED_SLOTS : MIN_DISCARDED_SLOTS);
    };
    const kept = new Set(slots.filter(isKept));
    for (const key of keys) if (!kept.has(key[1] as number)) this.#environment.remove(key);
  }

  /** All blocks, in the order of the chain they were on. */
  blocks(): BlockProposal[] {
    return [...this.#environment.entries([BLOCKS])]
      .map(({ key, value }) => this.#decode(key, blockRow, value))
      .sort((a, b) => a.slot - b.slot || a.attempt - b.attempt || a.index - b.index);
  }

  /** A whole checkpoint; undefined unless all of it is here. */
  checkpoint(slot: number, digest: Hex): CheckpointData | undefined {
    const key = [CHECKPOINTS, slot, digest];
    const value = this.#environment.get(key);
    if (value === undefined) return undefined;
    const { proposal, certificate } = this.#decode(key, checkpointRow, value);
    const blocks: BlockProposal[] = [];
    let next = this.#block(slot, proposal.header.lastBlockHash);
    for (; next !== undefined; next = this.#block(slot, next.parentHash)) blocks.unshift(next);
    return blocks[0]?.index === 0 && blocks.at(-1)?.last ? { blocks, proposal, certificate } : undefined;
  }

  #block(slot: number, blockHash: Hex): BlockProposal | undefined {
    const key = [BLOCKS, slot, blockHash];
    const value = this.#environment.get(key);
    return value === undefined ? undefined : this.#decode(key, blockRow, value);
  }
}
