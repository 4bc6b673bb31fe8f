import { readSnapshot } from "../gas/cases.ts";
import type { BlockFees } from "./fees.ts";

const measured = readSnapshot();

/** Gas of transactions, as the gas benchmark measured it. */
export const GAS = {
  /** A late landing by a bonded submitter, alone and on top of the next checkpoint's in one call. */
  alone: measured["submit.late.bonded"].gas,
  batch: measured["submit.batch2.bonded"].gas - measured["submit.onTime.bonded"].gas,
  /** A transaction that came second reverts in the first read, and still pays for its calldata (EIP-7623). */
  reverted: measured.duplicate.gas,
  /** What a batch costs more than the landing it still does when its first checkpoint had landed already. */
  skipped: measured["submit.batch2.skip"].gas - measured["submit.onTime.bonded"].gas,
};
const GAS_PER_BLOB = 131_072;

/** What transactions cost in one L1 block, in rewards. */
export interface Costs {
  /** One checkpoint, c. */
  alone: number;
  /** The late one, in one call with the next. */
  batch: number;
  /** A transaction that came second; its blob is paid for all the same. */
  reverted: number;
  /** The late one, found landed by a batch that lands the next. */
  skipped: number;
  /** Outbidding a transaction in sight. */
  outbid: number;
  /** What a builder saves who pays the priority fee to itself. */
  tip: number;
}

/** A replacement has to offer a tenth more. */
const OUTBID = 0.1;

export function costsOf({ baseFeeGwei, blobFeeGwei, tipGwei }: BlockFees, rewardGwei: number): Costs {
  const gasPrice = (baseFeeGwei + tipGwei) / rewardGwei;
  const blob = (GAS_PER_BLOB * blobFeeGwei) / rewardGwei;
  return {
    alone: GAS.alone * gasPrice + blob,
    batch: GAS.batch * gasPrice + blob,
    reverted: GAS.reverted * gasPrice + blob,
    skipped: GAS.skipped * gasPrice + blob,
    outbid: (OUTBID * GAS.alone * (baseFeeGwei + tipGwei)) / rewardGwei,
    tip: (GAS.alone * tipGwei) / rewardGwei,
  };
}
