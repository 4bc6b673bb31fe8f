import { expect } from "chai";
import fc from "fast-check";
import {
  bid,
  bump,
  covers,
  GAS_PER_BLOB,
  marketCost,
  min,
  nextBaseFee,
  replacementFees,
} from "../../../sdk/submit/fees.ts";
import { capsAsFees, type SubmitPolicy } from "../../../sdk/submit/policy.ts";
import type { Fees, Market } from "../../../sdk/submit/types.ts";
import { BLOB_FEES, GWEI, POLICY } from "./fixtures.ts";

const wei = fc.bigInt({ min: 0n, max: 2_000n * GWEI });
const market: fc.Arbitrary<Market> = fc.record({ nextBaseFeeWei: wei, priorityFeeWei: wei, blobBaseFeeWei: wei });
const caps = fc.record({ maxFeePerGasWei: wei, maxPriorityFeePerGasWei: wei, maxFeePerBlobGasWei: wei });
const policy: fc.Arbitrary<SubmitPolicy> = caps.map((c) => ({ ...POLICY, caps: c }));
const offer: fc.Arbitrary<Fees> = fc
  .record({ max: wei, tip: wei, blob: fc.option(wei, { nil: undefined }) })
  .map(({ max, tip, blob }) => ({
    maxFeePerGasWei: max,
    maxPriorityFeePerGasWei: min(tip, max),
    maxFeePerBlobGasWei: blob,
  }));
const wanted = fc.record({
  gasEstimate: fc.bigInt({ min: 0n, max: 30_000_000n }),
  blobCount: fc.integer({ min: 0, max: 6 }),
  valueAtStakeWei: fc.option(fc.bigInt({ min: 0n, max: 10n ** 20n }), { nil: undefined }),
});
const blocks = fc.integer({ min: 0, max: 20 });

describe("fees", () => {
  it("the next base fee is EIP-1559's, to the wei", () => {
    expect(nextBaseFee(1_000_000_000n, 30_000_000n, 30_000_000n)).to.equal(1_125_000_000n);
    expect(nextBaseFee(1_000_000_000n, 0n, 30_000_000n)).to.equal(875_000_000n);
    expect(nextBaseFee(1_000_000_000n, 15_000_000n, 30_000_000n)).to.equal(1_000_000_000n);
    expect(nextBaseFee(7n, 15_000_001n, 30_000_000n), "rises by 1 wei at least").to.equal(8n);
  });

  it("no bid is over a cap, and no tip over its whole, whatever the market", () => {
    fc.assert(
      fc.property(market, wanted, blocks, policy, (m, t, left, p) => {
        const fees = bid(m, t, left, p);
        expect(covers(capsAsFees(p, t.blobCount > 0), fees)).to.equal(true);
        expect(fees.maxPriorityFeePerGasWei <= fees.maxFeePerGasWei).to.equal(true);
        expect(fees.maxFeePerBlobGasWei === undefined).to.equal(t.blobCount === 0);
      }),
    );
  });

  it("a bid under its caps is payable in the next block, and after as many full blocks as it has headroom for", () => {
    const quiet: Market = { nextBaseFeeWei: 10n * GWEI, priorityFeeWei: GWEI, blobBaseFeeWei: 3n * GWEI };
    const fees = bid(quiet, { gasEstimate: 50_000n, blobCount: 1, valueAtStakeWei: undefined }, 6, POLICY);
    let baseFee = quiet.nextBaseFeeWei;
    for (let i = 0; i < 6; i++) baseFee = nextBaseFee(baseFee, 30_000_000n, 30_000_000n);
    expect(fees.maxFeePerGasWei - fees.maxPriorityFeePerGasWei >= baseFee).to.equal(true);
  });

  it("the tip doubles its share of what is at stake with every block gone, up to half", () => {
    const quiet: Market = { nextBaseFeeWei: 10n * GWEI, priorityFeeWei: 2n * GWEI, blobBaseFeeWei: 1n };
    const t = { gasEstimate: 50_000n, blobCount: 0, valueAtStakeWei: 0n };
    const surplus = 50_000n * 64n * GWEI;
    t.valueAtStakeWei = marketCost(quiet, t) + surplus;
    const tips = [6, 5, 2, 1].map((left) => bid(quiet, t, left, POLICY).maxPriorityFeePerGasWei / GWEI);
    expect(tips).to.deep.equal([3n, 4n, 18n, 34n]);
  });

  it("a blob bid leaves room under the caps for one replacement while the market allows it", () => {
    const tight: SubmitPolicy = {
      ...POLICY,
      caps: { maxFeePerGasWei: 30n * GWEI, maxPriorityFeePerGasWei: 10n * GWEI, maxFeePerBlobGasWei: 10n * GWEI },
    };
    const quiet: Market = { nextBaseFeeWei: 10n * GWEI, priorityFeeWei: GWEI, blobBaseFeeWei: 3n * GWEI };
    const fees = bid(quiet, { gasEstimate: 50_000n, blobCount: 1, valueAtStakeWei: undefined }, 6, tight);
    expect(fees.maxFeePerGasWei).to.equal(15n * GWEI);
    expect(fees.maxFeePerBlobGasWei).to.equal(5n * GWEI);
    expect(replacementFees(fees, fees, tight)).to.not.equal(undefined);
  });

  it("a bump is a tenth for a plain transaction, all three fees doubled for a blob, and never nothing", () => {
    expect(bump(BLOB_FEES)).to.deep.equal({
      maxFeePerGasWei: 40n * GWEI,
      maxPriorityFeePerGasWei: 2n * GWEI,
      maxFeePerBlobGasWei: 12n * GWEI,
    });
    const tiny: Fees = { maxFeePerGasWei: 1n, maxPriorityFeePerGasWei: 0n, maxFeePerBlobGasWei: undefined };
    expect(bump(tiny)).to.deep.equal({
      maxFeePerGasWei: 2n,
      maxPriorityFeePerGasWei: 1n,
      maxFeePerBlobGasWei: undefined,
    });
    const nine: Fees = { maxFeePerGasWei: 19n, maxPriorityFeePerGasWei: 11n, maxFeePerBlobGasWei: undefined };
    expect(bump(nine), "rounded up, as nodes compare without rounding").to.deep.equal({
      maxFeePerGasWei: 21n,
      maxPriorityFeePerGasWei: 13n,
      maxFeePerBlobGasWei: undefined,
    });
  });

  it("a replacement is acceptable to the node, under the caps, and no dearer than the bump or today's bid", () => {
    const seen = { made: 0, refused: 0 };
    fc.assert(
      fc.property(offer, market, blocks, policy, (accepted, m, left, p) => {
        const blob = accepted.maxFeePerBlobGasWei !== undefined;
        const today = bid(m, { gasEstimate: 50_000n, blobCount: blob ? 1 : 0, valueAtStakeWei: undefined }, left, p);
        const required = bump(accepted);
        const limit = capsAsFees(p, blob);
        const fees = replacementFees(accepted, today, p);
        if (fees === undefined) {
          seen.refused++;
          expect(covers(limit, required)).to.equal(false);
          return;
        }
        seen.made++;
        expect(covers(fees, required)).to.equal(true);
        expect(covers(limit, fees)).to.equal(true);
        for (const part of ["maxFeePerGasWei", "maxPriorityFeePerGasWei", "maxFeePerBlobGasWei"] as const) {
          const [price, least, market] = [fees[part] ?? 0n, required[part] ?? 0n, today[part] ?? 0n];
          expect(price <= (least > market ? least : market)).to.equal(true);
        }
      }),
    );
    expect(seen.made).to.be.greaterThan(0);
    expect(seen.refused).to.be.greaterThan(0);
  });

  it("the cost of landing counts gas, tip and every blob", () => {
    const m: Market = { nextBaseFeeWei: 10n, priorityFeeWei: 1n, blobBaseFeeWei: 3n };
    expect(marketCost(m, { gasEstimate: 100n, blobCount: 2 })).to.equal(1_100n + 2n * GAS_PER_BLOB * 3n);
  });
});
