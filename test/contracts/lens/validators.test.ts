import { expect } from "chai";
import { publicKeyFromSolidity } from "../../../sdk/bls/solidity.ts";
import { GetError } from "../../../sdk/get/error.ts";
import { getSchedule, getValidators, type ValidatorRecord } from "../../../sdk/lens/validators.ts";
import { ACCOUNTS, fixtureOf, type TestRollup } from "../fixture.ts";
import { range } from "../support/checkpoints.ts";
import { SHORT_EPOCHS } from "../support/config.ts";
import { addressOf } from "../support/l1.ts";
import { deployLens } from "../support/lens.ts";

const VALIDATORS = 6;
const load = fixtureOf({ validators: VALIDATORS, config: SHORT_EPOCHS });

const { deployer, stranger } = ACCOUNTS;

/** What the rollup says of one index; undefined if it is free. */
async function recordOf({ rollup }: TestRollup, index: number): Promise<ValidatorRecord | undefined> {
  const { owner, fromEpoch, untilEpoch, slashed, publicKey } = await rollup.validator(index);
  if (BigInt(owner) === 0n) return undefined;
  return {
    index,
    owner: addressOf({ address: owner }),
    fromEpoch: Number(fromEpoch),
    untilEpoch: Number(untilEpoch),
    slashed,
    publicKey: publicKeyFromSolidity([...publicKey]),
  };
}

describe("lens: validators", () => {
  describe("schedule", () => {
    it("equals the rollup's proposer of every slot, and ends where the next seed is unknown", async () => {
      const test = await load();
      const lens = await deployLens(test);
      const expectSchedule = async (first: number, count: number, known: number): Promise<void> => {
        const schedule = await getSchedule(lens, first, count);
        expect(schedule.map(({ slot }) => slot)).to.deep.equal(range(known).map((i) => first + i));
        for (const { slot, index, owner } of schedule) {
          expect(BigInt(index), `slot ${slot}`).to.equal(await test.rollup.proposerOf(slot));
          expect(owner).to.equal(addressOf(deployer));
        }
      };
      await expectSchedule(0, 5, 5);
      await expectSchedule(0, 20, 8);
      await expectSchedule(8, 4, 0);
      await test.call(stranger, "poke", [], { timeSec: test.time(4) });
      await expectSchedule(6, 20, 6);
      await expectSchedule(6, 3, 3);
      await expectSchedule(6, 0, 0);
    });
  });

  describe("pages", () => {
    it("hold every validator once, whatever their size", async () => {
      const test = await load();
      const lens = await deployLens(test);
      await test.call(deployer, "exit", [2], { timeSec: test.time(1) });
      await test.register(VALIDATORS, stranger);
      const all = (await Promise.all(range(VALIDATORS + 3).map((index) => recordOf(test, index)))).filter(Boolean);
      expect(all).to.have.length(VALIDATORS + 1);
      for (const size of [1, 2, 5, 256, 1_000]) {
        const pages: ValidatorRecord[] = [];
        for (let first = 0; first < 256 && first < 8 * size; first += size) {
          pages.push(...(await getValidators(lens, first, size)));
        }
        expect(pages, `pages of ${size}`).to.deep.equal(all);
      }
    });

    it("leave out an index that is free again", async () => {
      const test = await load();
      const lens = await deployLens(test);
      await test.call(deployer, "exit", [2], { timeSec: test.time(1) });
      const { untilEpoch } = (await recordOf(test, 2))!;
      const { challengeWindowEpochs, evidenceWindowEpochs, proofWindowEpochs, epochSlots } = test.config;
      const epochs = untilEpoch + challengeWindowEpochs + evidenceWindowEpochs + proofWindowEpochs;
      await test.call(stranger, "withdrawStake", [2], { timeSec: test.time(epochs * epochSlots + 1) });
      const indices = (await getValidators(lens, 0, 256)).map(({ index }) => index);
      expect(indices).to.deep.equal([0, 1, 3, 4, 5]);
    });

    it("are empty past the last index", async () => {
      const test = await load();
      const lens = await deployLens(test);
      expect(await getValidators(lens, 255, 10)).to.deep.equal([]);
      expect(await getValidators(lens, 256, 10)).to.deep.equal([]);
      expect(await getValidators(lens, 10_000, 1)).to.deep.equal([]);
    });
  });

  it("are asked of a lens: another address is told apart", async () => {
    const test = await load();
    const { provider } = await deployLens(test);
    const outcome = await getSchedule({ provider, lens: `0x${"11".repeat(20)}` }, 0, 1).catch((error) => error);
    expect(outcome).to.be.instanceOf(GetError).with.property("code", "not-a-lens");
  });
});
