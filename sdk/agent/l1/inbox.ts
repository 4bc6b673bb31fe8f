import { keccak256 } from "ethers";
import { digestInboxHash, type ForcedMessage, type InboxMessage, NO_REFUNDS_HASH } from "../../digest/inbox.ts";
import type { Hex } from "../../types/hex.ts";
import type { Withdrawal } from "../../types/payload.ts";
import type { Timetable } from "../time/timetable.ts";
import type { InboxDue, InboxView } from "./interface.ts";

/** One message as L1 logged it. */
export interface InboxEntry {
  message: InboxMessage;
  /** Rolling hash after it. */
  hash: Hex;
  l1BlockNumber: number;
}

/** A deposit that was asked back on L1, so that it is void on L2 from some epoch on. */
export interface RefundEntry {
  /** Of the deposit. */
  index: number;
  /** First epoch it is void in: the second after that in which it was asked for. */
  fromEpoch: number;
  /** Hash over all refunds that were asked for, this one the last. */
  refundsHash: Hex;
  l1BlockNumber: number;
}

const ZERO_HASH: Hex = `0x${"00".repeat(32)}`;
const WEI_PER_GWEI = 1_000_000_000n;

/** The rollup's inbox as far as L1 was read: 200 bytes a message and a forced transaction's own, since the deployment. */
export class Inbox implements InboxView {
  readonly #timetable: Timetable;
  readonly #entries: InboxEntry[] = [];
  /** In the order of L1, by the index of the deposit. */
  readonly #refunds = new Map<number, RefundEntry>();
  #readUntilSec = 0;

  constructor(timetable: Timetable) {
    this.#timetable = timetable;
  }

  get count(): number {
    return this.#entries.length;
  }

  /** Adds a message; one that is known already changes nothing. @throws RangeError when one is skipped. */
  append(entry: InboxEntry): void {
    const { index } = entry.message;
    if (index < this.#entries.length) return;
    if (index > this.#entries.length) {
      throw new RangeError(`inbox message ${this.#entries.length} is missing: got ${index}`);
    }
    this.#entries.push(entry);
  }

  /** Adds a refund; one that is known already changes nothing. */
  refund(entry: RefundEntry): void {
    if (!this.#refunds.has(entry.index)) this.#refunds.set(entry.index, entry);
  }

  /** L1 was read up to a block with this timestamp. */
  advance(l1TimestampSec: number): void {
    this.#readUntilSec = l1TimestampSec;
  }

  /** Forgets what stands above an L1 block that a reorg went back to. */
  rewind(l1BlockNumber: number, l1TimestampSec: number): void {
    while ((this.#entries.at(-1)?.l1BlockNumber ?? 0) > l1BlockNumber) this.#entries.pop();
    for (const refund of [...this.#refunds.values()]) {
      if (refund.l1BlockNumber > l1BlockNumber) this.#refunds.delete(refund.index);
    }
    this.#readUntilSec = Math.min(this.#readUntilSec, l1TimestampSec);
  }

  due(slot: number, parentCount: number): InboxDue | undefined {
    const { inboxLagSlots, maxMessages, maxForced, epochSlots } = this.#timetable.parameters;
    const cutOffSec = this.#timetable.startMs(slot - inboxLagSlots) / 1000;
    const epoch = this.#timetable.epochOf(slot);
    // Refunds that were asked for before the epoch before this one are in force.
    const refundsUntilSec = this.#timetable.startMs((epoch - 1) * epochSlots) / 1000;
    if (this.#readUntilSec < Math.max(cutOffSec, refundsUntilSec)) return undefined;
    let count = parentCount;
    const limit = Math.min(this.#entries.length, parentCount + maxMessages);
    while (count < limit && (this.#entries[count] as InboxEntry).message.timestamp < cutOffSec) count++;
    const consumed = this.#entries.slice(parentCount, count);
    const refunds = [...this.#refunds.values()].filter(({ fromEpoch }) => fromEpoch <= epoch);
    const refunded = new Set(refunds.map(({ index }) => index));
    const lastHash = consumed.at(-1)?.hash;
    return {
      count,
      withdrawals: consumed.map(({ message }) => withdrawalOf(message, refunded.has(message.index))),
      // L1 lets no more of them wait at a time; but after a rollback those that were consumed before wait as well.
      forced: consumed.flatMap(({ message }) => (isForced(message) ? [message.transaction] : [])).slice(0, maxForced),
      hash: lastHash ? digestInboxHash(lastHash, refunds.at(-1)?.refundsHash ?? NO_REFUNDS_HASH) : ZERO_HASH,
    };
  }
}

const isForced = (message: InboxMessage): message is ForcedMessage => "transaction" in message;

/**
 * Each message is one withdrawal, so that a block says which it consumed. What gives nobody anything is one of zero:
 * a refunded deposit, and a forced transaction, which names itself by the last 20 bytes of its hash.
 */
function withdrawalOf(message: InboxMessage, isRefunded: boolean): Withdrawal {
  const { index } = message;
  if (isForced(message)) {
    return { index, validatorIndex: 0, address: `0x${keccak256(message.transaction).slice(-40)}`, amountGwei: 0n };
  }
  const amountGwei = isRefunded ? 0n : message.amountWei / WEI_PER_GWEI;
  return { index, validatorIndex: 0, address: message.l2Recipient, amountGwei };
}
