import fc from "fast-check";
import type { L1Fees } from "../../../sdk/rewards/quote.ts";
import type { RewardRules } from "../../../sdk/rewards/rules.ts";
import type { SplitInput } from "../../../sdk/rewards/split.ts";
import type { LandingInput } from "../../../sdk/rewards/terms.ts";

export const GWEI = 10n ** 9n;

/** The defaults of mainnet. */
export const RULES: RewardRules = {
  genesisTime: 1_700_000_000,
  l1SlotSeconds: 12,
  slotSeconds: 72,
  epochSlots: 32,
  handoffWindowSeconds: 48,
  successorWindowSeconds: 24,
  challengeWindowEpochs: 1,
  gasQuota: 48_000,
  gasQuotaBatch: 17_000,
  tipWei: GWEI,
  premiumBps: 1000,
  premiumStepBps: 0,
  premiumMaxBps: 5000,
  burnBps: 1000,
  capBps: 9000,
  proverBps: 0,
};

export const startOf = (slot: number): number => RULES.genesisTime + slot * RULES.slotSeconds;

/** A checkpoint of slot 100, landing so many seconds after its own slot. */
export function landing(secondsIntoNext: number, overrides: Partial<LandingInput> = {}): LandingInput {
  return {
    slot: 100,
    timeSec: startOf(101) + secondsIntoNext,
    fees: { baseFeeWei: 10n * GWEI, blobBaseFeeWei: GWEI },
    blobCount: 1,
    followed: false,
    refilled: false,
    namesRecipient: false,
    ...overrides,
  };
}

const bps = fc.integer({ min: 0, max: 10_000 });

/** Any rules a deployment may have. */
export const anyRules: fc.Arbitrary<RewardRules> = fc
  .record({
    windows: fc.tuple(fc.integer({ min: 1, max: 5 }), fc.nat({ max: 5 })),
    gas: fc.tuple(fc.nat({ max: 200_000 }), fc.nat({ max: 200_000 })),
    tipWei: fc.bigInt({ min: 0n, max: 3n * GWEI }),
    premiums: fc.tuple(bps, fc.nat({ max: 2000 }), bps),
    shares: fc.tuple(bps, bps),
    proverBps: bps,
  })
  .map(({ windows: [w, k], gas, tipWei, premiums, shares, proverBps }) => ({
    ...RULES,
    handoffWindowSeconds: 12 * w,
    successorWindowSeconds: 12 * Math.min(w, k),
    gasQuota: Math.max(...gas),
    gasQuotaBatch: Math.min(...gas),
    tipWei,
    premiumBps: Math.min(premiums[0], premiums[2]),
    premiumStepBps: premiums[1],
    premiumMaxBps: Math.max(premiums[0], premiums[2]),
    burnBps: shares[0],
    capBps: Math.min(shares[1], 10_000 - shares[0]),
    proverBps,
  }));

/** Everything from a free block to one nobody could pay for. */
const anyFee = fc.oneof(
  fc.bigInt({ min: 0n, max: 500n * GWEI }),
  fc.bigInt({ min: 0n, max: 2n ** 57n }),
  fc.bigInt({ min: 0n, max: 2n ** 256n - 1n }),
);
export const anyFees: fc.Arbitrary<L1Fees> = fc.record({ baseFeeWei: anyFee, blobBaseFeeWei: anyFee });

/** A landing somewhere in its slot or its handoff window, for rules with any window. */
export const anyLanding: fc.Arbitrary<LandingInput> = fc
  .record({
    secondsIntoNext: fc.integer({ min: -72, max: 60 }),
    fees: anyFees,
    blobCount: fc.integer({ min: 1, max: 6 }),
    followed: fc.boolean(),
    refilled: fc.boolean(),
    namesRecipient: fc.boolean(),
  })
  .map(({ secondsIntoNext, ...rest }) => landing(secondsIntoNext, rest));

const anyWei = fc.bigInt({ min: 0n, max: 2n ** 96n - 1n });
export const anySplitInput: fc.Arbitrary<SplitInput> = fc.record({
  rewardWei: anyWei,
  availableWei: fc.oneof(anyWei, fc.constant(2n ** 96n - 1n)),
  onTimeCapBps: bps,
  confirmed: fc.boolean(),
  proven: fc.boolean(),
});
