import type { Hex } from "../../../../sdk/types/hex.ts";

export interface HeldBond {
  amountWei: bigint;
  /** Zero while it works. */
  releaseAt: number;
}

/** What belongs to whom, besides the pool's. */
export class Money {
  readonly credits = new Map<Hex, bigint>();
  readonly bonds = new Map<Hex, HeldBond>();
  burnedWei = 0n;
  bridgedWei = 0n;
  /** Came to the rollup without a call. */
  forcedWei = 0n;
  /** Spent on transactions. */
  feesWei = 0n;
  /** What parties have outside. */
  readonly outside: Map<Hex, bigint>;

  constructor(outside: ReadonlyMap<Hex, bigint>) {
    this.outside = new Map(outside);
  }

  /** Ether comes to an account outside, or goes, if it is less than nothing. */
  pay(account: Hex, wei: bigint): void {
    this.outside.set(account, (this.outside.get(account) ?? 0n) + wei);
  }

  creditOf(account: Hex): bigint {
    return this.credits.get(account) ?? 0n;
  }

  credit(account: Hex | undefined, wei: bigint): void {
    if (account !== undefined && wei !== 0n) this.credits.set(account, this.creditOf(account) + wei);
  }

  bondOf(account: Hex): HeldBond {
    return this.bonds.get(account) ?? { amountWei: 0n, releaseAt: 0 };
  }

  isBonded(account: Hex, minimumWei: bigint): boolean {
    const { amountWei, releaseAt } = this.bondOf(account);
    return releaseAt === 0 && amountWei >= minimumWei;
  }

  /** Half of the whole bond burns. */
  slashBond(submitter: Hex, informer: Hex): void {
    const { amountWei } = this.bondOf(submitter);
    this.bonds.delete(submitter);
    this.credit(informer, amountWei / 2n);
    this.burnedWei += amountWei - amountWei / 2n;
  }
}
