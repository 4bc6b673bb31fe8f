import type { Hex } from "../../types/hex.ts";
import type { Withdrawal } from "../../types/payload.ts";
import type { Timetable } from "../time/timetable.ts";
import type { InboxView } from "./interface.ts";

/** One deposit as L1 logged it. */
export interface DepositEntry {
  index: number;
  l2Recipient: Hex;
  amountWei: bigint;
  /** Time of its L1 block, Unix seconds. */
  timeSec: number;
  /** Rolling hash after it. */
  hash: Hex;
  l1BlockNumber: number;
}

const ZERO_HASH: Hex = `0x${"00".repeat(32)}`;
const WEI_PER_GWEI = 1_000_000_000n;

/** The rollup's inbox as far as L1 was read; one entry a deposit, 200 bytes each, since the deployment. */
export class Inbox implements InboxView {
  readonly #timetable: Timetable;
  readonly #entries: DepositEntry[] = [];
  #readUntilSec = 0;

  constructor(timetable: Timetable) {
    this.#timetable = timetable;
  }

  get count(): number {
    return this.#entries.length;
  }

  /** Adds a deposit; one that is known already changes nothing. @throws RangeError when one is skipped. */
  append(entry: DepositEntry): void {
    if (entry.index < this.#entries.length) return;
    if (entry.index > this.#entries.length) {
      throw new RangeError(`inbox message ${this.#entries.length} is missing: got ${entry.index}`);
    }
    this.#entries.push(entry);
  }

  /** L1 was read up to a block with this timestamp. */
  advance(l1TimestampSec: number): void {
    this.#readUntilSec = l1TimestampSec;
  }

  /** Forgets deposits above an L1 block that a reorg went back to. */
  rewind(l1BlockNumber: number, l1TimestampSec: number): void {
    while ((this.#entries.at(-1)?.l1BlockNumber ?? 0) > l1BlockNumber) this.#entries.pop();
    this.#readUntilSec = Math.min(this.#readUntilSec, l1TimestampSec);
  }

  due(slot: number, parentCount: number): { withdrawals: Withdrawal[]; count: number; hash: Hex } | undefined {
    const { inboxLagSlots, maxMessages } = this.#timetable.parameters;
    const cutOffSec = this.#timetable.startMs(slot - inboxLagSlots) / 1000;
    if (this.#readUntilSec < cutOffSec) return undefined;
    let count = parentCount;
    const limit = Math.min(this.#entries.length, parentCount + maxMessages);
    while (count < limit && (this.#entries[count] as DepositEntry).timeSec < cutOffSec) count++;
    const consumed = this.#entries.slice(parentCount, count);
    return { withdrawals: consumed.map(withdrawalOf), count, hash: consumed.at(-1)?.hash ?? ZERO_HASH };
  }
}

const withdrawalOf = (entry: DepositEntry): Withdrawal => ({
  index: entry.index,
  validatorIndex: 0,
  address: entry.l2Recipient,
  amountGwei: entry.amountWei / WEI_PER_GWEI,
});
