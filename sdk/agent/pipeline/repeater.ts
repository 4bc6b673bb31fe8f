import { keccak256, toUtf8Bytes } from "ethers";
import type { Hex } from "../../types/hex.ts";
import type { ChainReader } from "../engine/interface.ts";
import type { Mempool } from "../mempool/interface.ts";
import { chooseRepeats, type RepeatBounds } from "../mempool/repeats.ts";
import type { Moment, Timetable } from "../time/timetable.ts";
import type { Logger } from "../types/logger.ts";

export interface RepeaterParts {
  mempool: Pick<Mempool, "get" | "pick" | "size">;
  chain: Pick<ChainReader, "getNextBaseFee">;
  timetable: Timetable;
  /** Gives each agent a moment of its own within a slot, so that the others hear the first and need not send too. */
  peerId: string;
  publish: (raw: Hex) => Promise<void>;
  log: Logger;
}

/** Sent again in one slot, at most: a few of the largest transactions, or many small ones. */
const BOUNDS: RepeatBounds = { count: 256, bytes: 512 * 1024 };

/**
 * Sends transactions again that wait in the pool: after a partition, or after their block was discarded, the others may
 * not have them. Once a slot; those that a block could take now, and that no one sent for a slot.
 */
export class Repeater {
  readonly #parts: RepeaterParts;
  /** Where in a slot this agent sends, 0 to 1. */
  readonly #share: number;
  /** When those were last sent that were sent more than once; no more than there are in the pool. */
  #sentMs = new Map<Hex, number>();
  #lastMs = 0;

  constructor(parts: RepeaterParts) {
    this.#parts = parts;
    this.#share = Number.parseInt(keccak256(toUtf8Bytes(parts.peerId)).slice(2, 6), 16) / 0x10000;
  }

  /** A peer sent what is in the pool already. */
  noteHeard(hash: Hex, nowMs: number): void {
    if (this.#parts.mempool.get(hash) !== undefined) this.#sentMs.set(hash, nowMs);
  }

  /** Sends if that is due. Never blocks the caller. */
  tick({ nowMs, submissionSlot }: Moment): void {
    const { timetable, log } = this.#parts;
    const dueMs = Math.floor(timetable.startMs(submissionSlot) + this.#share * this.#slotMs);
    if (nowMs < dueMs || dueMs <= this.#lastMs) return;
    this.#lastMs = dueMs;
    this.#repeat(dueMs).catch((error: unknown) =>
      log.warn({ error: String(error) }, "sending transactions again failed"),
    );
  }

  get #slotMs(): number {
    return this.#parts.timetable.parameters.slotSeconds * 1000;
  }

  async #repeat(dueMs: number): Promise<void> {
    const { mempool, chain, publish } = this.#parts;
    const baseFeePerGas = await chain.getNextBaseFee("latest");
    const waiting = mempool
      .pick(baseFeePerGas, mempool.size)
      .map(({ hash, raw, addedMs }) => ({ hash, raw, sentMs: this.#sentMs.get(hash) ?? addedMs }));
    const inPool = [...this.#sentMs].filter(([hash]) => mempool.get(hash) !== undefined);
    this.#sentMs = new Map(inPool);
    for (const { hash, raw } of chooseRepeats(waiting, dueMs - this.#slotMs, BOUNDS)) {
      this.#sentMs.set(hash, dueMs);
      await publish(raw);
    }
  }
}
