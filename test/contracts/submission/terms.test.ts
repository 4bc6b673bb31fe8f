import { expect } from "chai";
import fc from "fast-check";
import { ACCOUNTS, fixtureOf, type LandOptions, landedIn, type TestRollup } from "../fixture.ts";
import { addressOf } from "../support/l1.ts";

const load = fixtureOf();

const { bonded, otherBonded, recipient, stranger } = ACCOUNTS;
const SLOT = 5;
const GAS_PER_BLOB = 131_072n;
const BASIS = 10_000n;
/** The network's blob base fee while hardly any blob is sent. */
const BLOB_BASE_FEE_WEI = 1n;

/** What a landing is quoted at: its cost at the block's fees, and the premium on it. */
function quote(test: TestRollup, gas: number, blobs: number, baseFeeWei: bigint, premiumBps: number): bigint {
  const cost = BigInt(gas) * (baseFeeWei + test.config.tipWei) + BigInt(blobs) * GAS_PER_BLOB * BLOB_BASE_FEE_WEI;
  return (cost * (BASIS + BigInt(premiumBps))) / BASIS;
}

async function landOne(test: TestRollup, options: LandOptions, blobs = 1, onTimeRecipient?: `0x${string}`) {
  const header = onTimeRecipient ? { onTimeRecipient, onTimeCapBps: 500 } : {};
  const checkpoint = test.checkpoint({ slot: SLOT, blobs: test.blobs.slice(0, blobs), header });
  const [landed] = landedIn(await test.land(bonded, [checkpoint], options));
  return landed!;
}

describe("submit: terms of a landing", () => {
  it("owe nothing on time when the proposer named nobody", async () => {
    const test = await load();
    const landed = await landOne(test, {});
    expect(landed).to.include({ chargedWei: 0n, paidWei: 0n, shared: false });
    expect(landed).to.include({ submitter: addressOf(bonded), recipient: addressOf(recipient) });
  });

  it("quote an on-time landing when the proposer named somebody", async () => {
    const test = await load();
    const baseFeeWei = 25_000_000_000n;
    const landed = await landOne(test, { baseFeeWei }, 2, addressOf(stranger));
    const expected = quote(test, test.config.gasQuota, 2, baseFeeWei, test.config.premiumBps);
    expect(landed).to.include({ chargedWei: expected, paidWei: expected, late: false });
  });

  it("pay the recipient given, not the sender", async () => {
    const test = await load();
    const landed = await landOne(test, { recipient: addressOf(stranger), timeSec: test.time(SLOT + 1) });
    expect(landed).to.include({ submitter: addressOf(bonded), recipient: addressOf(stranger) });
  });

  // The window of the successor is 24 s; from there one step more per L1 slot, up to the maximum.
  for (const [second, premiumBps] of [
    [0, 1_000],
    [23, 1_000],
    [24, 1_500],
    [35, 1_500],
    [36, 1_800],
    [47, 1_800],
  ] as const) {
    it(`raise the premium with the time: ${premiumBps} basis points ${second} s into the next slot`, async () => {
      const test = await load();
      const baseFeeWei = 7_000_000_000n;
      const landed = await landOne(test, { baseFeeWei, timeSec: test.time(SLOT + 1, second) }, 3);
      const expected = quote(test, test.config.gasQuota, 3, baseFeeWei, premiumBps);
      expect(landed).to.include({ late: true, chargedWei: expected, paidWei: expected });
    });
  }

  it("charge a batched landing as if alone, and pay it by the quota of a batch, at cost", async () => {
    const test = await load();
    const baseFeeWei = 3_000_000_000n;
    const late = test.checkpoint({ slot: SLOT });
    const own = test.checkpoint({ slot: SLOT + 1, parent: late.tip });
    const [landed] = landedIn(await test.land(otherBonded, [late, own], { baseFeeWei }));
    expect(landed).to.include({
      batched: true,
      chargedWei: quote(test, test.config.gasQuota, 1, baseFeeWei, 1_000),
      paidWei: quote(test, test.config.gasQuotaBatch, 1, baseFeeWei, 0),
    });
  });

  it("follow the formula for any base fee, blob count and second", async function () {
    this.timeout(60_000);
    const test = await load();
    const snapshot = await test.connection.networkHelpers.takeSnapshot();
    const cases = fc.record({
      baseFeeWei: fc.bigInt({ min: 1n, max: 9n * 10n ** 12n }),
      blobs: fc.integer({ min: 1, max: 3 }),
      second: fc.integer({ min: 0, max: 47 }),
    });
    await fc.assert(
      fc.asyncProperty(cases, async ({ baseFeeWei, blobs, second }) => {
        await snapshot.restore();
        const landed = await landOne(test, { baseFeeWei, timeSec: test.time(SLOT + 1, second) }, blobs);
        const steps = second < 24 ? 0 : Math.floor((second - 24) / 12) + 1;
        const premiumBps = Math.min(1_000 + steps * 500, 1_800);
        expect(landed.chargedWei).to.equal(quote(test, test.config.gasQuota, blobs, baseFeeWei, premiumBps));
      }),
      { numRuns: 15 },
    );
  });
});
