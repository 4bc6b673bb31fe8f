import { concat, keccak256 } from "ethers";
import { buildLogHead, type CheckpointLog, hashLog } from "../../../../sdk/build/log.ts";
import type { RollupConfig } from "../../../../sdk/get/config.ts";
import type { SubmittedTip } from "../../../../sdk/get/tips.ts";
import { type Budget, fund, type Pool, setReward, takeInBudgets } from "../../../../sdk/rewards/budget.ts";
import { shareOf } from "../../../../sdk/rewards/rules.ts";
import { type Payout, type RewardLog, type Settlement, settle } from "../../../../sdk/rewards/settle.ts";
import type { Hex } from "../../../../sdk/types/hex.ts";
import type { TestCheckpoint } from "../../support/checkpoints.ts";

/** A checkpoint as a test makes it, and what the contract cannot see of it. */
export interface Candidate {
  checkpoint: TestCheckpoint;
  /** Its signature is the signers'. */
  valid: boolean;
  /** Withdrawals under its outbox root. */
  outboxSize: number;
}

/** A checkpoint on L1. */
export interface Landed extends Candidate {
  number: number;
  slot: number;
  parent: SubmittedTip;
  log: CheckpointLog;
  reward: RewardLog;
  submitter: Hex;
  prover: Hex | undefined;
  /** What it will pay, once nothing can change that any more. */
  payout: Payout | undefined;
}

const GENESIS_TIP: SubmittedTip = { slot: 0, number: 0, inboxCount: 0, digest: `0x${"00".repeat(20)}` };
const NO_HASH: Hex = `0x${"00".repeat(32)}`;
/** Settled and removed checkpoints that actions may still bring up. */
const KEPT = 12;

export const logHashOf = ({ log }: Landed): Hex => hashLog(buildLogHead(log));

/** The chain of checkpoints on L1, and the pool that pays them. */
export class Chain {
  readonly #config: RollupConfig;
  readonly #proven: boolean;
  unsettled: Landed[] = [];
  /** Those that settled last, in order. */
  readonly settled: Landed[] = [];
  readonly removed: Landed[] = [];
  settledTip: SubmittedTip = GENESIS_TIP;
  refillSlot = 0;
  provenNumber = 0;
  pool: Pool;
  budgets: Budget[] = [];
  /** Slot and inbox count of every settled one. */
  readonly #consumption: { slot: number; inboxCount: number }[] = [];
  /** Log hash by position. */
  readonly #ring = new Map<number, Hex>();

  constructor(config: RollupConfig, poolWei: bigint) {
    this.#config = config;
    this.#proven = BigInt(config.verifier) !== 0n;
    this.pool = { availableWei: poolWei, rewardWei: config.rewardWei, nextBudget: 0 };
  }

  get tip(): SubmittedTip {
    const last = this.unsettled.at(-1);
    return last ? tipAfter(last) : this.settledTip;
  }

  get hasVerifier(): boolean {
    return this.#proven;
  }

  epochOf(slot: number): number {
    return Math.floor(slot / this.#config.epochSlots);
  }

  slotAt(timeSec: number): number {
    return Math.floor((timeSec - this.#config.genesisTime) / this.#config.slotSeconds);
  }

  startOf(slot: number): number {
    return this.#config.genesisTime + slot * this.#config.slotSeconds;
  }

  get challengeWindowSeconds(): number {
    const { challengeWindowEpochs, epochSlots, slotSeconds } = this.#config;
    return challengeWindowEpochs * epochSlots * slotSeconds;
  }

  /** The ring's words above the settled tip, as `StateReader` hashes them. */
  get unsettledHash(): Hex {
    return this.unsettled.reduce<Hex>((hash, one) => keccak256(concat([hash, logHashOf(one)])) as Hex, NO_HASH);
  }

  #position(number: number): number {
    return number % this.#config.ringSize;
  }

  /** Whether the ring's word of its number is a checkpoint's. */
  holds(landed: Landed): boolean {
    return this.#ring.get(this.#position(landed.number)) === logHashOf(landed);
  }

  land(landed: Landed): void {
    this.unsettled.push(landed);
    this.#ring.set(this.#position(landed.number), logHashOf(landed));
  }

  /** Takes the tip off. */
  remove(): Landed {
    const gone = this.unsettled.pop();
    if (gone === undefined) throw new Error("there is nothing to remove");
    this.refillSlot = Math.max(this.refillSlot, gone.slot);
    this.provenNumber = Math.min(this.provenNumber, gone.number - 1);
    remember(this.removed, gone);
    return gone;
  }

  /** Takes off all that is not proven. */
  prune(): void {
    while ((this.unsettled.at(-1)?.number ?? 0) > this.provenNumber) this.remove();
  }

  cure(cured: Landed, log: CheckpointLog): void {
    cured.log = log;
    cured.valid = true;
    cured.reward = { ...cured.reward, verified: true };
    this.#ring.set(this.#position(cured.number), logHashOf(cured));
  }

  /** What settling some logs comes to, of which the first is the one after the settled tip. */
  foresee(given: readonly Landed[], nowSec: number): Settlement {
    const state = {
      settledNumber: this.settledTip.number,
      tipNumber: this.tip.number,
      provenNumber: this.#proven ? this.provenNumber : undefined,
      pool: this.pool,
      budgets: this.budgets,
    };
    const logs = given.map(({ reward }) => reward);
    return settle(this.#config, state, logs, nowSec);
  }

  /** @returns those that are settled by it. */
  settle({ payouts, pool }: Settlement): Landed[] {
    this.pool = pool;
    const settled = this.unsettled.splice(0, payouts.length);
    for (const landed of settled) {
      this.settledTip = tipAfter(landed);
      this.#consumption.push(this.settledTip);
      remember(this.settled, landed);
    }
    return settled;
  }

  /** Slot of the checkpoint that has consumed a message; undefined while none has. */
  consumingSlot(index: number): number | undefined {
    const chain = [...this.#consumption, ...this.unsettled.map(tipAfter)];
    return chain.find(({ inboxCount }) => inboxCount > index)?.slot;
  }

  /** The checkpoint on top of one. */
  after({ number }: Landed): Landed | undefined {
    return [...this.settled, ...this.unsettled].find((one) => one.number === number + 1);
  }

  fund(epoch: number, wei: bigint): void {
    this.budgets = fund(this.budgets, epoch, wei, this.#config.rewardWei);
  }

  setReward(epoch: number, rewardWei: bigint): void {
    this.budgets = setReward(this.budgets, epoch, rewardWei);
  }

  /**
   * Payouts that no later event may change, for each unsettled checkpoint as long as it stays; undefined where the
   * confirmation of a late one is still open. What is drawn from the pool never is: it does not depend on it.
   */
  determined(nowSec: number): (Payout | undefined)[] {
    let { pool } = this;
    return this.unsettled.map(({ reward, slot, number }, index) => {
      const child = this.unsettled[index + 1]?.reward;
      const state = {
        settledNumber: number - 1,
        tipNumber: this.tip.number,
        provenNumber: this.#proven ? Math.max(this.provenNumber, number) : undefined,
        pool,
        budgets: this.budgets,
      };
      const own = { ...reward, verified: true };
      const [payout] = settle(this.#config, state, child ? [own, child] : [own], nowSec).payouts;
      const before = takeInBudgets(pool, this.budgets, this.epochOf(slot));
      const drawnWei = before.rewardWei < before.availableWei ? before.rewardWei : before.availableWei;
      pool = { ...before, availableWei: before.availableWei - drawnWei };
      return payout;
    });
  }

  /** What is left of a reward for proposer and submitter. */
  splitWei({ effectiveWei }: Payout): bigint {
    return effectiveWei - (this.#proven ? shareOf(effectiveWei, this.#config.proverBps) : 0n);
  }

  /** Funded, and not taken in yet. */
  get fundedAheadWei(): bigint {
    return this.budgets.slice(this.pool.nextBudget).reduce((sum, { fundedWei }) => sum + fundedWei, 0n);
  }
}

function tipAfter({ checkpoint, number, slot }: Landed): SubmittedTip {
  return { ...checkpoint.tip, number, slot };
}

function remember(list: Landed[], one: Landed): void {
  list.push(one);
  if (list.length > KEPT) list.shift();
}
