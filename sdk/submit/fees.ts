import type { SubmitPolicy } from "./policy.ts";
import { capsAsFees } from "./policy.ts";
import type { Fees, Market, RequestTerms } from "./types.ts";

export const GAS_PER_BLOB = 131_072n;

export const min = (a: bigint, b: bigint): bigint => (a < b ? a : b);
export const max = (a: bigint, b: bigint): bigint => (a > b ? a : b);

/** Base fee of the block after one with these values: EIP-1559, to the wei. */
export function nextBaseFee(baseFeeWei: bigint, gasUsed: bigint, gasLimit: bigint): bigint {
  const target = gasLimit / 2n;
  if (target === 0n || gasUsed === target) return baseFeeWei;
  const change = (baseFeeWei * (gasUsed > target ? gasUsed - target : target - gasUsed)) / target / 8n;
  return gasUsed > target ? baseFeeWei + max(change, 1n) : baseFeeWei - change;
}

/** The highest either base fee can be after `blocks` full blocks: an eighth more each, rounded up. */
function afterFullBlocks(feeWei: bigint, blocks: number): bigint {
  let fee = feeWei;
  for (let i = 0; i < blocks; i++) fee += (fee + 7n) / 8n;
  return fee;
}

/** What landing in the next block costs at the market's price, in wei. */
export function marketCost(market: Market, terms: Pick<RequestTerms, "gasEstimate" | "blobCount">): bigint {
  const gas = terms.gasEstimate * (market.nextBaseFeeWei + market.priorityFeeWei);
  return gas + BigInt(terms.blobCount) * GAS_PER_BLOB * market.blobBaseFeeWei;
}

/** Applies the caps, and keeps the tip below the whole. */
export function capped(fees: Fees, caps: Fees): Fees {
  const maxFeePerGasWei = min(fees.maxFeePerGasWei, caps.maxFeePerGasWei);
  return {
    maxFeePerGasWei,
    maxPriorityFeePerGasWei: min(min(fees.maxPriorityFeePerGasWei, caps.maxPriorityFeePerGasWei), maxFeePerGasWei),
    maxFeePerBlobGasWei:
      fees.maxFeePerBlobGasWei === undefined || caps.maxFeePerBlobGasWei === undefined
        ? undefined
        : min(fees.maxFeePerBlobGasWei, caps.maxFeePerBlobGasWei),
  };
}

/**
 * What to offer now, whatever was offered before.
 *
 * The tip takes a share of the surplus that doubles with every L1 block gone: half of it in the last one. The two fee
 * maxima leave room for `headroomBlocks` full blocks, but no more than half a cap, because a blob transaction can be
 * replaced only at twice its price, and the replacement by a batch must stay possible.
 */
export function bid(
  market: Market,
  terms: Pick<RequestTerms, "gasEstimate" | "blobCount" | "valueAtStakeWei">,
  blocksLeft: number,
  policy: SubmitPolicy,
): Fees {
  const blob = terms.blobCount > 0;
  const caps = capsAsFees(policy, blob);
  const floorTip = max(market.priorityFeeWei, policy.minPriorityFeeWei);
  const surplus = terms.valueAtStakeWei === undefined ? 0n : terms.valueAtStakeWei - marketCost(market, terms);
  const share = surplus > 0n && terms.gasEstimate > 0n ? surplus / terms.gasEstimate : 0n;
  const tip = min(floorTip + (share >> BigInt(Math.max(1, blocksLeft))), caps.maxPriorityFeePerGasWei);
  const headroom = Math.min(Math.max(0, blocksLeft), policy.headroomBlocks);
  const withReserve = (wanted: bigint, needed: bigint, cap: bigint): bigint =>
    blob ? min(wanted, max(needed, cap / 2n)) : wanted;
  const wanted: Fees = {
    maxFeePerGasWei: withReserve(
      afterFullBlocks(market.nextBaseFeeWei, headroom) + tip,
      market.nextBaseFeeWei + tip,
      caps.maxFeePerGasWei,
    ),
    maxPriorityFeePerGasWei: tip,
    maxFeePerBlobGasWei:
      caps.maxFeePerBlobGasWei === undefined
        ? undefined
        : max(
            1n,
            withReserve(
              afterFullBlocks(market.blobBaseFeeWei, headroom),
              market.blobBaseFeeWei,
              caps.maxFeePerBlobGasWei,
            ),
          ),
  };
  return capped(wanted, caps);
}

/** The least a node asks of a replacement: twice every fee for a blob transaction, else a tenth more, never nothing more. */
export function bump(fees: Fees): Fees {
  const blob = fees.maxFeePerBlobGasWei !== undefined;
  const raise = (fee: bigint): bigint => max(fee + 1n, blob ? fee * 2n : (fee * 11n + 9n) / 10n);
  return {
    maxFeePerGasWei: raise(fees.maxFeePerGasWei),
    maxPriorityFeePerGasWei: raise(fees.maxPriorityFeePerGasWei),
    maxFeePerBlobGasWei: fees.maxFeePerBlobGasWei === undefined ? undefined : raise(fees.maxFeePerBlobGasWei),
  };
}

/** True if `fees` is at least `other` in every part. */
export function covers(fees: Fees, other: Fees): boolean {
  return (
    fees.maxFeePerGasWei >= other.maxFeePerGasWei &&
    fees.maxPriorityFeePerGasWei >= other.maxPriorityFeePerGasWei &&
    (fees.maxFeePerBlobGasWei ?? 0n) >= (other.maxFeePerBlobGasWei ?? 0n)
  );
}

/**
 * The price that replaces `accepted`: its bump or today's bid, whichever is higher, under the caps.
 * Undefined when a cap is below the bump: the node would refuse it, for ever.
 */
export function replacementFees(accepted: Fees, wanted: Fees, policy: SubmitPolicy): Fees | undefined {
  const required = bump(accepted);
  const caps = capsAsFees(policy, accepted.maxFeePerBlobGasWei !== undefined);
  if (!covers(caps, required)) return undefined;
  return capped(
    {
      maxFeePerGasWei: max(required.maxFeePerGasWei, wanted.maxFeePerGasWei),
      maxPriorityFeePerGasWei: max(required.maxPriorityFeePerGasWei, wanted.maxPriorityFeePerGasWei),
      maxFeePerBlobGasWei:
        required.maxFeePerBlobGasWei === undefined
          ? undefined
          : max(required.maxFeePerBlobGasWei, wanted.maxFeePerBlobGasWei ?? 0n),
    },
    caps,
  );
}

/** True if the next block can hold a transaction with these fees. */
export function payable(fees: Fees, market: Market): boolean {
  return (
    fees.maxFeePerGasWei >= market.nextBaseFeeWei &&
    (fees.maxFeePerBlobGasWei === undefined || fees.maxFeePerBlobGasWei >= market.blobBaseFeeWei)
  );
}
