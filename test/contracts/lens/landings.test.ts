import { expect } from "chai";
import fc from "fast-check";
import { getQuote, getWindow, type QuoteRequest } from "../../../sdk/lens/landings.ts";
import { type LandingInput, termsOfLanding } from "../../../sdk/rewards/terms.ts";
import { ACCOUNTS, fixtureOf, landedIn, logsIn, type TestRollup } from "../fixture.ts";
import { addressOf } from "../support/l1.ts";
import { deployLens } from "../support/lens.ts";

const load = fixtureOf();

const { bonded, otherBonded, challenger, stranger } = ACCOUNTS;
const SLOT = 9;
/** The network's blob base fee while hardly any blob is sent. */
const BLOB_BASE_FEE_WEI = 1n;

/** What happened to the slot before it is asked about. */
type Before = "nothing" | "landed" | "passed" | "emptied";
const BEFORE: readonly Before[] = ["nothing", "landed", "passed", "emptied"];

async function bringAbout(test: TestRollup, before: Before): Promise<void> {
  if (before === "landed") await test.land(otherBonded, [test.checkpoint({ slot: SLOT, salt: "first" })]);
  if (before === "passed") await test.land(otherBonded, [test.checkpoint({ slot: SLOT + 1 })]);
  if (before !== "emptied") return;
  const forged = await test.land(otherBonded, [test.forged({ slot: SLOT })]);
  await test.call(challenger, "challenge", [logsIn(forged)]);
}

describe("lens: landings", () => {
  describe("window", () => {
    it("names the seconds of on time, the successor and anyone", async () => {
      const test = await load();
      const { onTimeFrom, onTimeUntil, successorUntil, lateUntil } = await getWindow(await deployLens(test), SLOT, 0);
      const starts = [onTimeFrom, onTimeUntil, successorUntil, lateUntil].map((time) => time - test.time(SLOT));
      expect(starts).to.deep.equal([0, 72, 96, 120]);
    });

    it("says in which phase a time is, on both sides of every boundary", async () => {
      const test = await load();
      const lens = await deployLens(test);
      const phases = [-1, 0, 71, 72, 95, 96, 119, 120].map((second) => getWindow(lens, SLOT, test.time(SLOT, second)));
      expect((await Promise.all(phases)).map(({ phase }) => phase)).to.deep.equal([
        "ahead",
        "on-time",
        "on-time",
        "successor",
        "successor",
        "anyone",
        "anyone",
        "over",
      ]);
    });

    for (const before of BEFORE) {
      it(`is open exactly when a landing succeeds, given ${before}`, async function () {
        this.timeout(60_000);
        const test = await load();
        const lens = await deployLens(test);
        await bringAbout(test, before);
        const snapshot = await test.connection.networkHelpers.takeSnapshot();
        const earliest = before === "nothing" ? -1 : before === "passed" ? 72 : 2;
        const seconds = [-1, 2, 71, 72, 95, 96, 119, 120].filter((second) => second >= earliest);
        for (const second of seconds) {
          const timeSec = test.time(SLOT, second);
          const window = await getWindow(lens, SLOT, timeSec);
          const mined = await test.tryLand(bonded, [test.checkpoint({ slot: SLOT })], { timeSec });
          expect(window.open, `open ${second} s after the slot's start`).to.equal(mined.succeeded);
          expect(window.landed).to.equal(before === "landed" || before === "passed");
          expect(window.refill).to.equal(before === "emptied");
          await snapshot.restore();
        }
      });
    }

    it("is never open for slot 0, which genesis stands for", async () => {
      const test = await load();
      expect(await getWindow(await deployLens(test), 0, test.time(0, 5))).to.include({ landed: true, open: false });
    });
  });

  describe("quote", () => {
    const anyRequest = fc.record({
      second: fc.integer({ min: 2, max: 119 }),
      baseFeeWei: fc.bigInt({ min: 1n, max: 9n * 10n ** 12n }),
      blobCount: fc.integer({ min: 1, max: 2 }),
      followed: fc.boolean(),
      named: fc.boolean(),
      emptied: fc.boolean(),
    });

    it("equals what the landing's log says", async function () {
      this.timeout(120_000);
      const test = await load();
      const lens = await deployLens(test);
      const fresh = await test.connection.networkHelpers.takeSnapshot();
      await fc.assert(
        fc.asyncProperty(anyRequest, async ({ second, baseFeeWei, blobCount, followed, named, emptied }) => {
          await fresh.restore();
          if (emptied) await bringAbout(test, "emptied");
          const timeSec = test.time(SLOT, second);
          const pair = followed && second >= 72;
          const asked = { slot: SLOT, timeSec, baseFeeWei, blobBaseFeeWei: BLOB_BASE_FEE_WEI, blobCount };
          const { late, successor, chargedWei, paidWei } = await getQuote(lens, { ...asked, followed: pair, named });

          const header = named ? { onTimeRecipient: addressOf(stranger), onTimeCapBps: 500 } : {};
          const first = test.checkpoint({ slot: SLOT, blobs: test.blobs.slice(0, blobCount), header });
          const next = test.checkpoint({ slot: SLOT + 1, parent: first.tip, blobs: test.blobs.slice(2, 3) });
          const mined = await test.land(bonded, pair ? [first, next] : [first], { timeSec, baseFeeWei });
          expect(landedIn(mined)[0]).to.include({ late, successor, chargedWei, paidWei });
        }),
        { numRuns: 25 },
      );
    });

    it("equals the model's at any fee, blob base fee and second, whether or not anything may land", async function () {
      this.timeout(60_000);
      const test = await load();
      const lens = await deployLens(test);
      const anyFee = fc.bigInt({ min: 0n, max: 2n ** 58n });
      const cases = fc.record({
        second: fc.integer({ min: -80, max: 200 }),
        fees: fc.record({ baseFeeWei: anyFee, blobBaseFeeWei: anyFee }),
        blobCount: fc.integer({ min: 0, max: 255 }),
        followed: fc.boolean(),
        namesRecipient: fc.boolean(),
      });
      await fc.assert(
        fc.asyncProperty(cases, async ({ second, ...landing }) => {
          const timeSec = test.time(SLOT, second);
          const input: LandingInput = { slot: SLOT, timeSec, refilled: false, ...landing };
          const { fees, blobCount, followed, namesRecipient: named } = landing;
          const request: QuoteRequest = { slot: SLOT, timeSec, ...fees, blobCount, followed, named };
          const { late, successor, chargedWei, paidWei } = await getQuote(lens, request);
          const nothing = { late: false, successor: false, chargedWei: 0n, paidWei: 0n };
          expect(termsOfLanding(test.config, input) ?? nothing).to.include({ late, successor, chargedWei, paidWei });
        }),
        { numRuns: 150 },
      );
    });

    it("says which premium is in it", async () => {
      const test = await load();
      const lens = await deployLens(test);
      const premiums = [71, 72, 95, 96, 108, 119, 120].map(async (second) => {
        const fees = { baseFeeWei: 1n, blobBaseFeeWei: 1n, blobCount: 1 };
        return (await getQuote(lens, { slot: SLOT, timeSec: test.time(SLOT, second), ...fees })).premiumBps;
      });
      expect(await Promise.all(premiums)).to.deep.equal([0, 1_000, 1_000, 1_500, 1_800, 1_800, 0]);
    });
  });
});
