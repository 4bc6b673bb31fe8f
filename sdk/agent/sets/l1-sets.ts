import { GetError } from "../../get/error.ts";
import { getMembers, getProposer, getValidatorSet } from "../../get/validators.ts";
import type { RollupRef } from "../../get/view.ts";
import type { Timetable } from "../time/timetable.ts";
import type { ValidatorSet, ValidatorSets } from "./interface.ts";

/** Epochs kept: the current one, those a late checkpoint or a lookahead can name, and some room. */
const MAX_EPOCHS = 8;
/** Proposers kept: the slots of eight epochs of mainnet. */
const MAX_PROPOSERS = 256;

/**
 * Validator sets and proposers as the contract computes them, each asked once: a set is final two epochs ahead, and
 * the contract names a proposer only when its epoch's seed can no longer change. Both by L1's time, never by a clock:
 * an L1 block of the epoch that a clock has left behind may still change them. Only a reorg undoes what is final.
 */
export class L1ValidatorSets implements ValidatorSets {
  readonly #rollup: RollupRef;
  readonly #timetable: Timetable;
  /** Epoch of the newest L1 block read; below 0 before genesis. */
  readonly #currentEpoch: () => number;
  /** Epoch of L1's newest block, which a node that catches up has not read yet. */
  readonly #headEpoch: () => number;
  readonly #sets = new Map<number, Promise<ValidatorSet>>();
  readonly #proposers = new Map<number, number>();
  /** Counts reorgs: an answer that was on its way through one is not kept. */
  #generation = 0;

  constructor(rollup: RollupRef, timetable: Timetable, currentEpoch: () => number, headEpoch: () => number = () => 0) {
    this.#rollup = rollup;
    this.#timetable = timetable;
    this.#currentEpoch = currentEpoch;
    this.#headEpoch = headEpoch;
  }

  async setOf(slot: number): Promise<ValidatorSet | undefined> {
    const epoch = this.#timetable.epochOf(slot);
    // Where L1's newest block is in an epoch, the epoch's own set is final even if an epoch of L1 is reorganized.
    if (epoch < 0 || epoch > Math.max(this.#lastFixedEpoch(), this.#headEpoch())) return undefined;
    const known = this.#sets.get(epoch);
    if (known !== undefined) return known;
    const read = this.#readSet(epoch);
    this.#sets.set(epoch, read);
    read.catch(() => this.#sets.get(epoch) === read && this.#sets.delete(epoch));
    if (this.#sets.size > MAX_EPOCHS) this.#sets.delete(Math.min(...this.#sets.keys()));
    return read;
  }

  async proposerOf(slot: number): Promise<number | undefined> {
    const known = this.#proposers.get(slot);
    if (known !== undefined) return known;
    if (slot < 1 || this.#timetable.epochOf(slot) > this.#lastFixedEpoch()) return undefined;
    const generation = this.#generation;
    const proposer = await this.#readProposer(slot);
    if (proposer === undefined || generation !== this.#generation) return proposer;
    this.#proposers.set(slot, proposer);
    if (this.#proposers.size > MAX_PROPOSERS) this.#proposers.delete(Math.min(...this.#proposers.keys()));
    return proposer;
  }

  forget(): void {
    this.#generation++;
    this.#sets.clear();
    this.#proposers.clear();
  }

  /** The sets of the first two epochs are the deployment's. */
  #lastFixedEpoch(): number {
    return Math.max(0, this.#currentEpoch()) + 1;
  }

  async #readProposer(slot: number): Promise<number | undefined> {
    try {
      return await getProposer(this.#rollup, slot);
    } catch (error) {
      // The seed of an epoch to come is stored by the first landing of the epoch before.
      if (error instanceof GetError && error.code === "reverted") return undefined;
      throw error;
    }
  }

  async #readSet(epoch: number): Promise<ValidatorSet> {
    const [{ members }, validators] = await Promise.all([
      getValidatorSet(this.#rollup, epoch),
      getMembers(this.#rollup, epoch),
    ]);
    return {
      epoch,
      members,
      quorum: Math.floor((2 * validators.length) / 3) + 1,
      publicKeys: new Map(validators.map(({ index, publicKey }) => [index, publicKey])),
    };
  }
}
