import type { RollupConfig } from "../../../../sdk/get/config.ts";
import type { OutboxOwner } from "../../../../sdk/outbox/leaf.ts";
import type { Hex } from "../../../../sdk/types/hex.ts";
import { Chain, type Landed } from "./chain.ts";
import { Members } from "./members.ts";
import { Messages } from "./messages.ts";
import { Money } from "./money.ts";

/** What a model begins with. */
export interface Beginning {
  config: RollupConfig;
  owner: OutboxOwner;
  poolWei: bigint;
  validators: number;
  validatorOwner: Hex;
  bonded: readonly Hex[];
  /** What every account has that takes part, wei. */
  outside: ReadonlyMap<Hex, bigint>;
  /** Time of the last block. */
  nowSec: number;
}

/** The protocol beside the contract: all of its state that anything depends on, kept by the rules and not by asking. */
export class Model {
  readonly config: RollupConfig;
  readonly chain: Chain;
  readonly money: Money;
  readonly members: Members;
  readonly messages: Messages;
  nowSec: number;
  /** Whether the contract among the parties refuses ether. */
  refuses = true;

  constructor({ config, owner, poolWei, validators, validatorOwner, bonded, outside, nowSec }: Beginning) {
    this.config = config;
    this.chain = new Chain(config, poolWei);
    this.money = new Money(outside);
    this.members = new Members(config, validators, validatorOwner);
    this.messages = new Messages(config, owner);
    this.nowSec = nowSec;
    for (const account of bonded) this.money.bonds.set(account, { amountWei: config.bondWei, releaseAt: 0 });
  }

  get slot(): number {
    return this.chain.slotAt(this.nowSec);
  }

  get epoch(): number {
    return this.chain.epochOf(this.slot);
  }

  /** Seconds into the current slot. */
  get second(): number {
    return this.nowSec - this.chain.startOf(this.slot);
  }

  /** First second at which a landing cannot be challenged any more. */
  finalAt({ reward }: Landed): number {
    return reward.timeSec + this.chain.challengeWindowSeconds;
  }

  /** Times at which something changes without a call, ascending; a slot's own edges left out. */
  deadlines(): number[] {
    const { slotSeconds, epochSlots, handoffWindowSeconds, refundWindowEpochs, proofWindowEpochs } = this.config;
    const { chain, money, members, messages } = this;
    const edges: number[] = [];
    for (const landed of chain.unsettled) {
      edges.push(this.finalAt(landed));
      if (landed.reward.late) edges.push(chain.startOf(landed.slot + 2) + handoffWindowSeconds);
      edges.push(chain.startOf((chain.epochOf(landed.slot) + 1 + proofWindowEpochs) * epochSlots));
    }
    for (const { releaseAt } of money.bonds.values()) edges.push(releaseAt);
    for (const { untilEpoch } of members.byIndex.values()) {
      if (untilEpoch !== 0) edges.push(members.evidenceUntil(untilEpoch - 1));
    }
    for (const { timestamp } of messages.sent.slice(chain.tip.inboxCount)) {
      edges.push(timestamp + refundWindowEpochs * epochSlots * slotSeconds);
    }
    for (const fromEpoch of messages.requested.values()) {
      edges.push(chain.startOf(fromEpoch * epochSlots) + handoffWindowSeconds);
    }
    return edges.filter((edge) => edge > this.nowSec).sort((a, b) => a - b);
  }
}
