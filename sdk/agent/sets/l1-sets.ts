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
 * the contract names a proposer only when its epoch's seed can no longer change.
 */
export class L1ValidatorSets implements ValidatorSets {
  readonly #rollup: RollupRef;
  readonly #timetable: Timetable;
  /** Epoch of the newest L1 block read. */
  readonly #currentEpoch: () => number;
  readonly #sets = new Map<number, Promise<ValidatorSet>>();
  readonly #proposers = new Map<number, number>();

  constructor(rollup: RollupRef, timetable: Timetable, currentEpoch: () => number) {
    this.#rollup = rollup;
    this.#timetable = timetable;
    this.#currentEpoch = currentEpoch;
  }

  async setOf(slot: number): Promise<ValidatorSet | undefined> {
    const epoch = this.#timetable.epochOf(slot);
    if (epoch < 0 || epoch > this.#currentEpoch() + 1) return undefined;
    const known = this.#sets.get(epoch);
    if (known !== undefined) return known;
    const read = this.#readSet(epoch);
    this.#sets.set(epoch, read);
    read.catch(() => this.#sets.delete(epoch));
    if (this.#sets.size > MAX_EPOCHS) this.#sets.delete(Math.min(...this.#sets.keys()));
    return read;
  }

  async proposerOf(slot: number): Promise<number | undefined> {
    const known = this.#proposers.get(slot);
    if (known !== undefined) return known;
    if (slot < 1 || this.#timetable.epochOf(slot) > this.#currentEpoch() + 1) return undefined;
    const proposer = await this.#readProposer(slot);
    if (proposer === undefined) return undefined;
    this.#proposers.set(slot, proposer);
    if (this.#proposers.size > MAX_PROPOSERS) this.#proposers.delete(Math.min(...this.#proposers.keys()));
    return proposer;
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
