import { keccak256 } from "ethers";
import { encodeBlockData } from "../../blob/blockData.ts";
import type { Hex } from "../../types/hex.ts";
import type { ExecutionPayload, PayloadAttributes } from "../../types/payload.ts";
import type { ChainReader, ExecutionEngine } from "../engine/interface.ts";
import type { Mempool } from "../mempool/interface.ts";
import type { Clock } from "../time/interface.ts";

/** Transactions offered to the engine at once: small enough that a deadline is never overrun by more than a few. */
const BATCH = 32;
/** How often an unchanged pool is looked at again. */
const POLL_MS = 25;
/** Sealing is expected to take this long until it was measured. */
const FIRST_SEAL_MS = 100;
/** Weight of the newest measurement of the seal. */
const SEAL_WEIGHT = 0.3;

export interface BlockBuilderParts {
  engine: ExecutionEngine & ChainReader;
  mempool: Mempool;
  clock: Clock;
  /** Hash of the block that the pool's transactions are to follow. */
  head: () => Hex;
}

/** How far a block is to be filled. */
interface Filling {
  parentHash: Hex;
  baseFee: bigint;
  untilMs: number;
  dataBudget: number;
}

/** A sealed block and its form for gossip and blob. */
export interface BuiltBlock {
  payload: ExecutionPayload;
  data: Uint8Array;
}

/** Fills and seals one block at a time, leaving as much room before the deadline as sealing was measured to take. */
export class BlockBuilder {
  readonly #parts: BlockBuilderParts;
  #sealMs = FIRST_SEAL_MS;

  constructor(parts: BlockBuilderParts) {
    this.#parts = parts;
  }

  /** Room kept before a deadline for sealing, milliseconds. */
  get sealRoomMs(): number {
    return Math.ceil(this.#sealMs * 1.5);
  }

  /**
   * Builds a block on `parentHash`, after what is forced into it out of the pool, until shortly before `deadlineMs`; with an empty pool, an empty one.
   * @param dataBudget Upper bound of the bytes of the pool's raw transactions, so that the checkpoint fits its blobs.
   * @throws the signal's reason if aborted; an error if an engine that fills blocks from a pool of its own put more
   * into it than the budget.
   */
  async build(
    parentHash: Hex,
    attributes: PayloadAttributes,
    deadlineMs: number,
    dataBudget: number,
    signal: AbortSignal,
  ): Promise<BuiltBlock> {
    const { engine, clock } = this.#parts;
    const payloadId = await engine.startPayload(parentHash, attributes);
    const fillUntilMs = deadlineMs - this.sealRoomMs;
    const baseFee = await engine.getNextBaseFee(parentHash);
    // What was forced may wait in the pool too: offered again it would look spent, and be thrown out as invalid.
    const offered = new Set(attributes.forced?.map((raw) => keccak256(raw) as Hex));
    await this.#fill(payloadId, { parentHash, baseFee, untilMs: fillUntilMs, dataBudget }, offered, signal);
    const startedMs = clock.nowMs();
    const payload = await engine.getPayload(payloadId);
    const bytes = bytesOf(payload.transactions) - bytesOf(attributes.forced ?? []);
    if (bytes > dataBudget)
      throw new Error(`the engine's block has ${bytes} bytes of transactions, room is for ${dataBudget}`);
    const data = encodeBlockData(payload);
    this.#sealMs += SEAL_WEIGHT * (clock.nowMs() - startedMs - this.#sealMs);
    return { payload, data };
  }

  async #fill(
    payloadId: string,
    { parentHash, baseFee, untilMs, dataBudget }: Filling,
    offered: Set<Hex>,
    signal: AbortSignal,
  ): Promise<void> {
    const { engine, mempool, clock, head } = this.#parts;
    let bytesLeft = dataBudget;
    let seenEpoch = -1;
    while (clock.nowMs() < untilMs) {
      signal.throwIfAborted();
      if (mempool.epoch === seenEpoch) {
        await clock.sleepUntil(Math.min(clock.nowMs() + POLL_MS, untilMs), signal);
        continue;
      }
      const epoch = mempool.epoch;
      const fresh = mempool.pick(baseFee, offered.size + BATCH).filter((candidate) => !offered.has(candidate.hash));
      const batch: Hex[] = [];
      for (const candidate of fresh) {
        const bytes = bytesOf([candidate.raw]);
        if (bytes > bytesLeft) break;
        bytesLeft -= bytes;
        offered.add(candidate.hash);
        batch.push(candidate.raw);
      }
      if (batch.length === 0) {
        seenEpoch = epoch;
        continue;
      }
      const results = await engine.appendTransactions(payloadId, batch, untilMs);
      // After a discard the pool holds again what this block's chain has executed: that is not to be thrown out.
      if (head() !== parentHash) continue;
      for (const result of results) if (result.outcome === "invalid") mempool.drop(result.hash, result.reason);
    }
  }
}

/** Of forced bytes that were void none is in the block, which makes the difference smaller, never larger. */
const bytesOf = (raws: readonly Hex[]): number => raws.reduce((sum, raw) => sum + (raw.length - 2) / 2, 0);
