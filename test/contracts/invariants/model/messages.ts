import {
  digestInboxHash,
  EMPTY_INBOX_HASH,
  extendInboxHash,
  extendRefundsHash,
  type InboxMessage,
  NO_REFUNDS_HASH,
} from "../../../../sdk/digest/inbox.ts";
import type { RollupConfig } from "../../../../sdk/get/config.ts";
import { type OutboxOwner, type OutboxWithdrawal, outboxLeaf } from "../../../../sdk/outbox/leaf.ts";
import { OutboxTree } from "../../../../sdk/outbox/tree.ts";
import type { Hex } from "../../../../sdk/types/hex.ts";

/** Messages to L2, and withdrawals from it. */
export class Messages {
  readonly #config: RollupConfig;
  readonly #owner: OutboxOwner;
  readonly sent: InboxMessage[] = [];
  readonly #hashes: Hex[] = [EMPTY_INBOX_HASH];
  readonly forcedIndices: number[] = [];
  /** Deposits asked back, in order, and the first epoch whose checkpoints give nothing for them. */
  readonly requested = new Map<number, number>();
  readonly refunded = new Set<number>();
  readonly outbox = new OutboxTree();
  readonly withdrawals: OutboxWithdrawal[] = [];
  readonly withdrawn = new Set<number>();

  constructor(config: RollupConfig, owner: OutboxOwner) {
    this.#config = config;
    this.#owner = owner;
  }

  send(message: InboxMessage): void {
    this.sent.push(message);
    this.#hashes.push(extendInboxHash(this.#hashes.at(-1) as Hex, [message]));
    if ("transaction" in message) this.forcedIndices.push(message.index);
  }

  /** The oldest of the last `maxForced` forced ones is not consumed. */
  isForcedFull(consumed: number): boolean {
    const oldest = this.forcedIndices.at(-this.#config.maxForced);
    return this.forcedIndices.length >= this.#config.maxForced && oldest !== undefined && oldest >= consumed;
  }

  /** What a checkpoint for a slot must have consumed. */
  countDue(slot: number, parentCount: number): number {
    const { genesisTime, slotSeconds, inboxLagSlots, maxMessages } = this.#config;
    const cutOffSec = genesisTime + (slot - inboxLagSlots) * slotSeconds;
    const before = this.sent.filter(({ timestamp }) => timestamp < cutOffSec).length;
    return Math.min(before, parentCount + maxMessages);
  }

  /** What a digest says of the messages up to a count, in a checkpoint of an epoch. */
  hashFor(count: number, parentCount: number, epoch: number): Hex {
    if (count === parentCount) return EMPTY_INBOX_HASH;
    return digestInboxHash(this.#hashes[count] ?? EMPTY_INBOX_HASH, this.refundsHash(epoch));
  }

  /** Of the refunds in force in an epoch. */
  refundsHash(epoch: number): Hex {
    const inForce = [...this.requested].filter(([, fromEpoch]) => fromEpoch <= epoch);
    return inForce.reduce((hash, [index]) => extendRefundsHash(hash, index), NO_REFUNDS_HASH);
  }

  withdrawOnL2(recipient: Hex, amountWei: bigint): void {
    const withdrawal = { index: this.withdrawals.length, recipient, amountWei };
    this.withdrawals.push(withdrawal);
    this.outbox.append(outboxLeaf(this.#owner, withdrawal));
  }
}
