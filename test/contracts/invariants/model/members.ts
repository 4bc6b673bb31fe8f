import type { RollupConfig } from "../../../../sdk/get/config.ts";
import type { Hex } from "../../../../sdk/types/hex.ts";

export interface Member {
  /** Of its key. */
  seed: number;
  owner: Hex;
  /** First epoch it is no member in; 0 while it stays. */
  untilEpoch: number;
  slashed: boolean;
}

const CHANGE_DELAY_EPOCHS = 2;

/** Validators by index, and the sets they make. */
export class Members {
  readonly #config: RollupConfig;
  readonly byIndex = new Map<number, Member>();
  /** How many indices were ever in use. */
  indexCount: number;
  readonly #versions: { fromEpoch: number; indices: readonly number[] }[] = [];
  nextSeed: number;

  constructor(config: RollupConfig, count: number, owner: Hex) {
    this.#config = config;
    const indices = Array.from({ length: count }, (_, index) => index);
    for (const seed of indices) this.byIndex.set(seed, { seed, owner, untilEpoch: 0, slashed: false });
    this.#versions.push({ fromEpoch: 0, indices });
    this.nextSeed = count;
    this.indexCount = count;
  }

  /** Indices of the set of an epoch, ascending. */
  of(epoch: number): readonly number[] {
    return this.#versions.findLast(({ fromEpoch }) => fromEpoch <= epoch)?.indices ?? [];
  }

  get latest(): readonly number[] {
    return this.#versions.at(-1)?.indices ?? [];
  }

  /** Those whose stakes are in the rollup: one bit each. */
  get staked(): bigint {
    return [...this.byIndex].reduce(
      (bits, [index, { slashed }]) => (slashed ? bits : bits | (1n << BigInt(index))),
      0n,
    );
  }

  /** The lowest free one. */
  get freeIndex(): number {
    for (let index = 0; ; index++) if (!this.byIndex.has(index)) return index;
  }

  seedsOf(indices: readonly number[]): number[] {
    return indices.map((index) => {
      const member = this.byIndex.get(index);
      if (member === undefined) throw new Error(`no validator ${index}`);
      return member.seed;
    });
  }

  join(owner: Hex, epoch: number): void {
    const index = this.freeIndex;
    this.byIndex.set(index, { seed: this.nextSeed++, owner, untilEpoch: 0, slashed: false });
    this.indexCount = Math.max(this.indexCount, index + 1);
    this.#change(
      epoch,
      [...this.latest, index].sort((a, b) => a - b),
    );
  }

  dismiss(leavers: readonly number[], epoch: number): void {
    for (const index of leavers) this.#at(index).untilEpoch = epoch + CHANGE_DELAY_EPOCHS;
    this.#change(
      epoch,
      this.latest.filter((index) => !leavers.includes(index)),
    );
  }

  /** Takes the stakes of some, and ejects as many as the minimum allows. */
  slash(offenders: readonly number[], epoch: number): void {
    let size = this.latest.length;
    const leavers: number[] = [];
    for (const index of offenders) {
      const offender = this.#at(index);
      offender.slashed = true;
      if (offender.untilEpoch !== 0 || size <= this.#config.minValidators) continue;
      leavers.push(index);
      size--;
    }
    if (leavers.length > 0) this.dismiss(leavers, epoch);
  }

  /** From this second on no evidence of an epoch is taken, and the stakes of those whose last it was are free. */
  evidenceUntil(epoch: number): number {
    const c = this.#config;
    const windows = c.challengeWindowEpochs + c.proofWindowEpochs + c.evidenceWindowEpochs;
    return c.genesisTime + (epoch + 1 + windows) * c.epochSlots * c.slotSeconds + c.handoffWindowSeconds;
  }

  #change(epoch: number, indices: readonly number[]): void {
    const fromEpoch = epoch + CHANGE_DELAY_EPOCHS;
    if (this.#versions.at(-1)?.fromEpoch === fromEpoch) this.#versions.pop();
    this.#versions.push({ fromEpoch, indices });
  }

  #at(index: number): Member {
    const member = this.byIndex.get(index);
    if (member === undefined) throw new Error(`no validator ${index}`);
    return member;
  }
}
