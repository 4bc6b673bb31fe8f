import { expect } from "chai";
import fc from "fast-check";
import { MAX_QUOTE_WEI, premiumBps, quote } from "../../../sdk/rewards/quote.ts";
import { anyFees, anyRules, GWEI, RULES } from "./rules.ts";

describe("quote", () => {
  it("is gas at base fee and tip, and the blobs, with the premium on top", () => {
    const fees = { baseFeeWei: 10n * GWEI, blobBaseFeeWei: 2n * GWEI };
    const cost = 48_000n * 11n * GWEI + 3n * 131_072n * 2n * GWEI;
    expect(quote(RULES, 48_000, fees, 3, 0)).to.equal(cost);
    expect(quote(RULES, 48_000, fees, 3, 1000)).to.equal((cost * 11n) / 10n);
  });

  it("rounds down to the wei", () => {
    const rules = { ...RULES, tipWei: 0n };
    expect(quote(rules, 3, { baseFeeWei: 3n, blobBaseFeeWei: 0n }, 1, 1000)).to.equal(9n);
  });

  it("E12 saturates where a fee leaves what any reward could pay, and not below", () => {
    const highest = 2n ** 56n;
    const fees = (baseFeeWei: bigint, blobBaseFeeWei: bigint) => ({ baseFeeWei, blobBaseFeeWei });
    expect(quote(RULES, 48_000, fees(highest, 0n), 1, 0)).to.equal(MAX_QUOTE_WEI);
    expect(quote(RULES, 48_000, fees(0n, highest), 1, 0)).to.equal(MAX_QUOTE_WEI);
    expect(quote(RULES, 48_000, fees(highest - 1n, 0n), 0, 0)).to.equal(48_000n * (highest - 1n + GWEI));
  });

  it("E12 no fee takes it out of 0 to 2^96 - 1", () => {
    fc.assert(
      fc.property(anyRules, anyFees, fc.nat({ max: 255 }), fc.nat({ max: 10_000 }), (rules, fees, blobs, premium) => {
        const wei = quote(rules, rules.gasQuota, fees, blobs, premium);
        expect(wei >= 0n && wei <= MAX_QUOTE_WEI).to.equal(true);
      }),
    );
  });

  it("has a premium that steps once an L1 slot after the successor's window, up to its bound", () => {
    const rules = { ...RULES, premiumStepBps: 1500 };
    const premiums = [0, 12, 23, 24, 35, 36, 47, 48].map((seconds) => premiumBps(rules, seconds));
    expect(premiums).to.deep.equal([1000, 1000, 1000, 2500, 2500, 4000, 4000, 5000]);
    expect(premiumBps({ ...RULES, successorWindowSeconds: 0 }, 0)).to.equal(1000);
  });
});
