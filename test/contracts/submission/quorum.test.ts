import { expect } from "chai";
import fc from "fast-check";
import { ACCOUNTS, fixtureOf } from "../fixture.ts";
import { bitmap, claiming, range } from "../support/checkpoints.ts";
import { reverts } from "../support/reverts.ts";

const ofOne = fixtureOf({ validators: 1 });
const ofThree = fixtureOf({ validators: 3 });
const ofFour = fixtureOf({ validators: 4 });
const ofSix = fixtureOf({ validators: 6 });
const ofSeven = fixtureOf({ validators: 7 });

const { bonded, unbonded } = ACCOUNTS;
const SLOT = 5;

describe("submit: quorum", () => {
  for (const [name, size, load] of [
    ["one", 1, ofOne],
    ["three", 3, ofThree],
    ["four", 4, ofFour],
    ["six", 6, ofSix],
    ["seven", 7, ofSeven],
  ] as const) {
    describe(`given a set of ${name}`, () => {
      const needed = Math.floor((2 * size) / 3) + 1;

      it(`takes ${needed} signers`, async () => {
        const test = await load();
        await test.land(unbonded, [test.checkpoint({ slot: SLOT, signers: range(needed) })]);
        expect((await test.rollup.tips()).number).to.equal(1n);
      });

      it(`refuses ${needed - 1}, bond or no bond`, async () => {
        const test = await load();
        const short = test.checkpoint({ slot: SLOT, signers: range(needed - 1) });
        for (const from of [bonded, unbonded]) {
          await reverts(
            test.tryLand(from, [short], { timeSec: test.time(SLOT, from === bonded ? 0 : 1) }),
            "Rollup__QuorumNotReached",
            {
              signed: BigInt(needed - 1),
              setSize: BigInt(size),
            },
          );
        }
      });

      for (const bit of [size, 128, 255]) {
        it(`refuses a quorum with bit ${bit} besides, which is nobody's`, async () => {
          const test = await load();
          const good = test.checkpoint({ slot: SLOT });
          const signers = good.submission.signers | (1n << BigInt(bit));
          await reverts(test.tryLand(bonded, [claiming(good, { signers })]), "Rollup__SignersOutsideSet", {
            signers,
            members: bitmap(range(size)),
          });
        });
      }

      it("does not count bits outside the set towards the quorum", async () => {
        const test = await load();
        const good = test.checkpoint({ slot: SLOT });
        const signers = bitmap(range(size).map((index) => 255 - index));
        await reverts(test.tryLand(bonded, [claiming(good, { signers })]), "Rollup__SignersOutsideSet", {
          signers,
          members: bitmap(range(size)),
        });
      });
    });
  }

  it("is any subset of more than two thirds, verified on L1, and no other", async function () {
    this.timeout(60_000);
    const test = await ofSeven();
    const snapshot = await test.connection.networkHelpers.takeSnapshot();
    const subsets = fc.uniqueArray(fc.integer({ min: 0, max: 6 }), { maxLength: 7 });
    await fc.assert(
      fc.asyncProperty(subsets, async (signers) => {
        await snapshot.restore();
        const mined = await test.tryLand(unbonded, [test.checkpoint({ slot: SLOT, signers })]);
        expect(mined.succeeded).to.equal(3 * signers.length > 2 * 7);
      }),
      { numRuns: 20 },
    );
  });
});
