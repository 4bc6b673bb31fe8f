import { Contract, type Provider, isError } from "ethers";
import { ROLLUP_ABI } from "../../abi/generated/rollup.ts";
import { publicKeyFromSolidity } from "../../bls/solidity.ts";
import type { Hex } from "../../types/hex.ts";
import type { Timetable } from "../time/timetable.ts";
import type { ValidatorSet, ValidatorSets } from "./interface.ts";

/** Epochs kept: the current one, those a late checkpoint or a lookahead can name, and some room. */
const MAX_EPOCHS = 8;
/** Proposers kept: the slots of `MAX_EPOCHS` epochs of mainnet. */
const MAX_PROPOSERS = 256;

/**
 * Validator sets and proposers as the contract computes them, each asked once: a set is final two epochs ahead, and
 * the contract names a proposer only when its epoch's seed can no longer change.
 */
export class L1ValidatorSets implements ValidatorSets {
  readonly #rollup: Contract;
  readonly #timetable: Timetable;
  /** Epoch of the newest L1 block read. */
  readonly #currentEpoch: () => number;
  readonly #sets = new Map<number, Promise<ValidatorSet>>();
  readonly #proposers = new Map<number, number>();

  constructor(rollup: Hex, provider: Provider, timetable: Timetable, currentEpoch: () => number) {
    this.#rollup = new Contract(rollup, ROLLUP_ABI, provider);
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
    const epoch = this.#timetable.epochOf(slot);
    if (slot < 1 || epoch > this.#currentEpoch() + 1) return undefined;
    const proposer = await this.#readProposer(slot);
    if (proposer === undefined) return undefined;
    this.#proposers.set(slot, proposer);
    if (this.#proposers.size > MAX_PROPOSERS) this.#proposers.delete(Math.min(...this.#proposers.keys()));
    return proposer;
  }

  async #readProposer(slot: number): Promise<number | undefined> {
    try {
      return Number(await this.#rollup.getFunction("proposerOf").staticCall(slot));
    } catch (error) {
      // The seed of an epoch to come is stored by the first landing of the epoch before.
      if (isError(error, "CALL_EXCEPTION")) return undefined;
      throw error;
    }
  }

  async #readSet(epoch: number): Promise<ValidatorSet> {
    const [members] = (await this.#rollup.getFunction("validatorSet").staticCall(epoch)) as [bigint];
    const indices = indicesOf(members);
    const keys = await Promise.all(indices.map((index) => this.#readKey(index)));
    return {
      epoch,
      members,
      quorum: Math.floor((2 * indices.length) / 3) + 1,
      publicKeys: new Map(indices.map((index, i) => [index, keys[i] as Hex])),
    };
  }

  async #readKey(index: number): Promise<Hex> {
    const { publicKey } = await this.#rollup.getFunction("validator").staticCall(index);
    return publicKeyFromSolidity([...publicKey]);
  }
}

/** Positions of the set bits, ascending. */
function indicesOf(members: bigint): number[] {
  const indices: number[] = [];
  for (let index = 0; members >> BigInt(index) > 0n; index++) if ((members >> BigInt(index)) & 1n) indices.push(index);
  return indices;
}
