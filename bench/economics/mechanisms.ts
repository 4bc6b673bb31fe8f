import mainnet from "../../deploy/parameters/mainnet.json" with { type: "json" };
import { lesser, type RewardRules, shareOf } from "../../sdk/rewards/rules.ts";
import { splitReward } from "../../sdk/rewards/split.ts";
import { termsOfLanding } from "../../sdk/rewards/terms.ts";
import type { Costs } from "./costs.ts";
import type { BlockFees } from "./fees.ts";

/** A late landing, as a mechanism sees it. */
export interface LateLanding {
  fees: BlockFees;
  costs: Costs;
  /** Into the slot after the checkpoint's. */
  secondsIntoSlot: number;
  batched: boolean;
  /** The next checkpoint lands too. */
  confirmed: boolean;
}

/** Who gets what of one reward, in rewards. */
export interface LateSplit {
  proposer: number;
  share: number;
  /** The share is the successor's, whoever sent the transaction. */
  toSuccessor: boolean;
  /** Paid on top of the reward, by the protocol. */
  outside: number;
}

/** A rule for landing in the slot after one's own. */
export interface Mechanism {
  name: string;
  acceptsLate: boolean;
  late(landing: LateLanding): LateSplit;
  /** What a proposer that names an on-time submitter gives it; undefined where it cannot name one. */
  onTimeShare(fees: BlockFees): number | undefined;
}

const { Rollup: parameters } = mainnet;

const none = (): undefined => undefined;

/** A mechanism that gives the sender a part of the reward, whatever landing costs. */
function constantShare(name: string, shareAt: (secondsIntoSlot: number) => number): Mechanism {
  return {
    name,
    acceptsLate: true,
    late: ({ secondsIntoSlot }) => {
      const share = shareAt(secondsIntoSlot);
      return { proposer: 1 - share, share, toSuccessor: false, outside: 0 };
    },
    onTimeShare: none,
  };
}

const NEVER: Mechanism = { ...constantShare("never accepted", () => 0), acceptsLate: false };

const LAST_BLOCK_SECONDS = parameters.handoffWindowSeconds - parameters.l1SlotSeconds;
const DUTCH = constantShare("linear Dutch 0->90 %", (seconds) => (0.9 * seconds) / LAST_BLOCK_SECONDS);

/** The proposer keeps its reward, and a pool that is not its own pays cost and a tenth. */
const FROM_POOL: Mechanism = {
  name: "cost+10 % from a pool",
  acceptsLate: true,
  late: ({ costs }) => ({ proposer: 1, share: 1.1 * costs.alone, toSuccessor: false, outside: 1.1 * costs.alone }),
  onTimeShare: none,
};

/** The rules that the simulation is about: the parameters of mainnet, with genesis at 0. */
export const RULES: RewardRules = { ...parameters, genesisTime: 0, tipWei: BigInt(parameters.tipWei.slice(0, -1)) };

const WEI_PER_GWEI = 1e9;
const toWei = (gwei: number): bigint => BigInt(Math.round(gwei * WEI_PER_GWEI));

/** Ours, computed by the model of the rewards. @param rescueBondBps What the proposer adds to the cap, in rewards. */
export function ours(name: string, rules: RewardRules, rewardGwei: number, options: OursOptions): Mechanism {
  const rewardWei = toWei(rewardGwei);
  const bondWei = shareOf(rewardWei, options.rescueBondBps);
  const inRewards = (wei: bigint): number => Number(wei) / Number(rewardWei);
  const input = { rewardWei, availableWei: rewardWei, onTimeCapBps: 10_000, proven: false };
  const termsAt = (fees: BlockFees, timeSec: number, followed: boolean, namesRecipient: boolean) => {
    const l1Fees = { baseFeeWei: toWei(fees.baseFeeGwei), blobBaseFeeWei: toWei(fees.blobFeeGwei) };
    const landing = { slot: 0, timeSec, fees: l1Fees, blobCount: 1, followed, refilled: false, namesRecipient };
    const terms = termsOfLanding(rules, landing);
    if (terms === undefined) throw new RangeError(`expected a time inside the windows of slot 0, got ${timeSec}`);
    return terms;
  };
  return {
    name,
    acceptsLate: true,
    late: ({ fees, secondsIntoSlot, batched, confirmed }) => {
      const terms = termsAt(fees, rules.slotSeconds + secondsIntoSlot, batched, false);
      const { proposerWei, sharedWei } = splitReward(rules, terms, { ...input, confirmed });
      // What a charge is above the cap, the bond pays; it is charged whole and passed on as far as it is owed.
      const capWei = shareOf(rewardWei, rules.capBps);
      const overCharge = lesser(terms.chargedWei - lesser(terms.chargedWei, capWei), bondWei);
      const overPaid = lesser(terms.paidWei - lesser(terms.paidWei, capWei), bondWei);
      return {
        proposer: inRewards(proposerWei - overCharge),
        share: inRewards(sharedWei + overPaid),
        toSuccessor: terms.successor && confirmed,
        outside: 0,
      };
    },
    onTimeShare: (fees) => {
      if (!options.onTimeShare) return undefined;
      const terms = termsAt(fees, 0, false, true);
      return inRewards(splitReward(rules, terms, { ...input, confirmed: false }).sharedWei);
    },
  };
}

export interface OursOptions {
  /** What the proposer of each checkpoint adds to the cap, in basis points of the reward. */
  rescueBondBps: number;
  /** Proposers may name a submitter for landing on time. */
  onTimeShare: boolean;
}

/** The name of the mechanism that the claims are about. */
export const OURS = "ours";

/** Every mechanism of the table. */
export function mechanismsOf(rewardGwei: number, rules: RewardRules = RULES): Mechanism[] {
  return [
    NEVER,
    constantShare("unpaid", () => 0),
    constantShare("fixed 50 %", () => 0.5),
    constantShare("fixed 90 %", () => 0.9),
    DUTCH,
    FROM_POOL,
    ours("ours, no on-time share", rules, rewardGwei, { rescueBondBps: 0, onTimeShare: false }),
    ours(OURS, rules, rewardGwei, { rescueBondBps: 0, onTimeShare: true }),
    ours("ours + 1 T rescue bond", rules, rewardGwei, { rescueBondBps: 10_000, onTimeShare: true }),
  ];
}
